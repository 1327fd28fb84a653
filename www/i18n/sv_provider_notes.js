/** Svenska: vad som förstods av en inställning, och av filerna från en AEM-installation. */
export const providerNotes = {
    provider_note_labels_in_english: "Googles etiketter finns bara på engelska.",
    provider_note_key_removed_from_address: "Adressen innehöll en nyckel. Den togs bort: ange den som nyckel.",
    provider_note_key_in_address: "Nyckeln skickas i adressen, där loggar kan spara den.",
    provider_note_endpoint_converted: "{from} besvaras inte längre. Sidan frågar {to} i stället.",
    provider_note_version_from_endpoint: "Adressen hör till version {version}, så den används.",
    provider_note_old_version_kept:
        "Version {version} lades ned hos Microsoft den 13 september 2026. Den behålls som den står, för en egen gateway eller container.",
    provider_note_ends_2028: "Microsoft lägger ned version {version} den 25 september 2028.",
    provider_note_adobe_engine_missing: "Engine ID saknas. Utan det kan inget skickas, inte ens för en kontroll.",
    provider_note_adobe_names_missing: "Var taggarna finns i svaret är inte angivet. Utan det kan bilder inte skickas.",
    provider_note_adobe_scopes_without_spaces: "Blanksteg togs bort ur scope: {scopes}",
    provider_note_adobe_is_jwt:
        "Det här kommer från en certifikatinställning (JWT), som Adobe har lagt ned. Skapa en OAuth Server-to-Server-autentisering i stället.",
    provider_note_adobe_old_service_url: "En adress för tjänster som skapades före den 1 september 2022.",
    provider_note_adobe_404_is_normal: "I en webbläsare visar {address} 404. Det är normalt.",
    provider_note_adobe_secret_belongs_on_a_server:
        "En klienthemlighet hör hemma på en server, inte på en sida. Ett relä eller en inklistrad token är säkrare.",
    provider_note_http_no_confidence: "Tjänsten anger ingen säkerhet, så varje tagg räknas som säker.",
    provider_note_http_looks_like_own_machine:
        "{host} finns på din egen dator eller ditt nätverk. Om ingen debiterar för det, slå på ”På min egen dator eller mitt nätverk”.",
    provider_note_osgi_file_unknown: "{file} är inte en av de två filerna och lämnades utanför.",
    provider_note_osgi_file_missing: "{file} saknas. Fälten som den har är fortfarande tomma.",
    provider_note_osgi_name_has_dot: "{file} har en punkt före numret. AEM läser den bara med bindestreck: {wanted}",
    provider_note_osgi_scope_has_spaces: "Scope i {file} har blanksteg, som AEM skickar med. Det ska vara: {wanted}",
    provider_note_osgi_is_jwt:
        "{file} hör till en certifikatinställning (JWT), som Adobe har lagt ned. Gå över till OAuth Server-to-Server.",
    provider_note_osgi_grants_other: "{file} begär ”{found}”. Det ska vara ”client_credentials”.",
    provider_note_osgi_validator_other: "{file} har valideraren ”{found}”. Den ska vara ”{wanted}”.",
    provider_note_osgi_claims_other: "Anspråken anger {found}, organisationen är {wanted}.",
    provider_note_osgi_key_plural: "{file} säger ”{found}”. AEM läser det bara som ”{wanted}”.",
    provider_note_osgi_secret_encrypted:
        "Klienthemligheten i {file} är krypterad av AEM och kan inte användas någon annanstans.",
    provider_note_osgi_secret_missing: "{file} har ingen klienthemlighet.",
    provider_note_osgi_secret_found:
        "Filerna innehåller klienthemligheten. Den togs inte över: ge den till reläet, inte till en sida.",
    provider_note_osgi_placeholder_left: "{key} i {file} har kvar sin platshållare.",
    provider_note_osgi_token_address_other:
        "{file} loggar in på {found}, men det är inte där Adobes OAuth-uppgifter loggar in.",
    provider_note_osgi_read: { one: "{n} fil lästes.", other: "{n} filer lästes." },
};
