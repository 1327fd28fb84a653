/** English: what went wrong with another tagger, and what to do. */
export const providerErrors = {
    provider_setup_invalid: {
        title: "This service isn’t set up right.",
        remedy: "Correct the field named below, then check again.",
    },
    provider_endpoint_retired: {
        title: "This address belongs to a version that has been switched off.",
        remedy: "Choose a version still in service, and copy your own resource’s endpoint from the service’s portal.",
    },
    provider_key_missing: {
        title: "The key is missing.",
        remedy: "Enter the key or token for this service.",
    },
    provider_key_wrong: {
        title: "The service doesn’t know this key.",
        remedy: "Copy the key again from your account there, without spaces, and check that it’s for this service.",
    },
    provider_key_expired: {
        title: "The key or token has expired.",
        remedy: "Get a new one from your account there and enter it.",
    },
    provider_key_revoked: {
        title: "The key or credential has been revoked.",
        remedy: "Create a new one in your account there and enter it.",
    },
    provider_not_permitted: {
        title: "The service knows the key, but it may not be used for this.",
        remedy: "In your account there, check that the service is enabled and paid for, and that the key may be used for it and from this web address.",
    },
    provider_region_wrong: {
        title: "The key and the address don’t belong together.",
        remedy: "Take both from the same resource: its key, and its endpoint with the right region. A mistyped key looks the same from here.",
    },
    provider_quota_used_up: {
        title: "The quota of your account there is used up.",
        remedy: "Wait until it’s renewed, or raise it there. The pictures that are left wait here.",
    },
    provider_throttled: {
        title: "The service was asked too often in a short time.",
        remedy: "It’s asked again later by itself. If this keeps happening, ask for fewer pictures at a time.",
    },
    provider_unavailable: {
        title: "The service is down or failed.",
        remedy: "Try again later. Its status page may say more.",
        action: "Ask again",
    },
    provider_answer_unreadable: {
        title: "The answer couldn’t be read.",
        remedy: "Check the address. A network’s sign-in page or a proxy may have answered instead of the service.",
        action: "Ask again",
    },
    provider_answer_lost: {
        title: "The request was sent, but no answer came.",
        remedy: "It may have been billed. These pictures are asked about again only when you say so; your account there shows what was counted.",
        action: "Ask again",
    },
    provider_unreachable: {
        title: "The service can’t be reached.",
        remedy: "Check the address and your connection. If the service runs on your own computer, start it.",
        action: "Try again",
    },
    provider_blocked: {
        title: "The service answers, but not to web pages.",
        remedy: "It doesn’t allow requests from this page’s address (CORS). Allow it in the service’s settings, use a relay of your own, or use the command line.",
    },
    provider_offline: {
        title: "You’re offline.",
        remedy: "Connect to the network. What’s left goes on then.",
        action: "Try again",
    },
    provider_clock_wrong: {
        title: "The clock of this device or of the service is wrong.",
        remedy: "Set date and time automatically in the system’s settings, here and on the service’s machine if it’s yours. Then try again.",
        action: "Try again",
    },
    provider_timed_out: {
        title: "The service took too long.",
        remedy: "It may still have been billed. Try again later, or allow more time.",
        action: "Ask again",
    },
    provider_picture_refused: {
        title: "The service doesn’t take this picture.",
        remedy: "It may be too small, too large, damaged or of a kind the service doesn’t know. The reason is below.",
    },
    provider_request_refused: {
        title: "The service refused the request.",
        remedy: "Check the settings of this service. Its own words are below.",
    },
    provider_language_unsupported: {
        title: "The service has no tags in this language.",
        remedy: "Choose another language for it, such as English.",
    },
    provider_model_missing: {
        title: "The service doesn’t have this model.",
        remedy: "Check the model’s name. On your own computer, download the model first.",
    },
    provider_local_refused: {
        title: "Your browser didn’t let this page reach your own network.",
        remedy: "Open the page’s permissions beside its address, allow access to devices on your local network, then try again.",
        action: "Try again",
    },
    provider_cap_reached: {
        title: "The cap you set for this month is reached.",
        remedy: "Raise the cap, or wait until next month. The pictures that are left wait here.",
    },
    provider_unavailable_here: {
        title: "Other taggers can’t be used here.",
        remedy: "They need a page with a service worker, on a host that doesn’t forbid connections. Use the command line, or another host.",
    },
    provider_not_enabled: {
        title: "This service isn’t turned on.",
        remedy: "Turn it on first. Nothing has been sent.",
    },
    provider_never_leaves: {
        title: "You’ve said that these pictures never leave this device.",
        remedy: "They stay here. If they may go after all, change that under “Never sent”, then go on; or cancel the rest.",
    },
    passphrase_wrong: {
        title: "That’s not the passphrase.",
        remedy: "Try again, or delete the kept key and enter it anew.",
    },
    keys_not_kept: {
        title: "This browser keeps nothing for the page, so the key can’t be kept.",
        remedy: "Use it for this visit only, or leave private browsing.",
    },
    provider_job_from_elsewhere: {
        title: "This job came with a backup or a rescued library.",
        remedy: "Cancel it, and tag its pictures with the service again: you confirm here where they go.",
    },
    request_passed: {
        title: "These pictures are already being asked about.",
        remedy: "Another tab is at it, or the job has ended. Nothing was sent from here.",
    },
};
