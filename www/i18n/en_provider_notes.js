/** English: what was understood of a set-up, and of the files of an AEM set-up. */
export const providerNotes = {
    provider_note_labels_in_english: "Google’s labels come in English only.",
    provider_note_key_removed_from_address: "The address had a key in it. It was taken out: enter it as the key.",
    provider_note_key_in_address: "The key goes into the address, where logs can keep it.",
    provider_note_endpoint_converted: "{from} is no longer answered. This page asks {to} instead.",
    provider_note_version_from_endpoint: "The address is one of version {version}, so that version is used.",
    provider_note_old_version_kept:
        "Version {version} ended at Microsoft on 13 September 2026. It’s kept as typed, for a gateway or container of your own.",
    provider_note_ends_2028: "Microsoft ends version {version} on 25 September 2028.",
    provider_note_adobe_engine_missing:
        "The engine ID is missing. Without it nothing can be sent, not even for a check.",
    provider_note_adobe_names_missing: "Where the tags are in the answer isn’t set. Pictures can’t be sent without it.",
    provider_note_adobe_scopes_without_spaces: "Spaces in the scope were taken out: {scopes}",
    provider_note_adobe_is_jwt:
        "This comes from a certificate (JWT) set-up, which Adobe has ended. Make an OAuth Server-to-Server credential instead.",
    provider_note_adobe_old_service_url: "An address for services set up before 1 September 2022.",
    provider_note_adobe_404_is_normal: "Opened in a browser, {address} shows 404. That’s normal.",
    provider_note_adobe_secret_belongs_on_a_server:
        "A client secret belongs on a server, not in a page. A relay or a pasted token is safer.",
    provider_note_http_no_confidence: "This service gives no confidence, so every tag counts as sure.",
    provider_note_http_looks_like_own_machine:
        "{host} is on your own computer or network. If nobody bills for it, turn on “On my own computer or network”.",
    provider_note_osgi_file_unknown: "{file} isn’t one of the two files, so it was left out.",
    provider_note_osgi_file_missing: "{file} is missing. The fields it has are still empty.",
    provider_note_osgi_name_has_dot: "{file} has a dot before its number. AEM reads it only with a hyphen: {wanted}",
    provider_note_osgi_scope_has_spaces:
        "The scope in {file} has spaces, which AEM sends along. It should be: {wanted}",
    provider_note_osgi_is_jwt:
        "{file} is of a certificate (JWT) set-up, which Adobe has ended. Move to OAuth Server-to-Server.",
    provider_note_osgi_grants_other: "{file} asks for the grant “{found}”. It should be “client_credentials”.",
    provider_note_osgi_validator_other: "{file} has the validator “{found}”. It should be “{wanted}”.",
    provider_note_osgi_claims_other: "The claims name {found}, the organization is {wanted}.",
    provider_note_osgi_key_plural: "{file} says “{found}”. AEM reads it only as “{wanted}”.",
    provider_note_osgi_secret_encrypted: "The client secret in {file} is encrypted by AEM and can’t be used elsewhere.",
    provider_note_osgi_secret_missing: "{file} has no client secret.",
    provider_note_osgi_secret_found:
        "The files have the client secret in them. It wasn’t taken over: give it to the relay, not to a page.",
    provider_note_osgi_placeholder_left: "{key} in {file} still has its placeholder.",
    provider_note_osgi_token_address_other:
        "{file} signs in at {found}, which isn’t where Adobe’s OAuth credentials sign in.",
    provider_note_osgi_read: { one: "{n} file was read.", other: "{n} files were read." },
};
