/**
 * English: the words that the other catalogues are measured against (same keys, same placeholders; messages.test.mjs holds it).
 *
 * `{name}` is filled in; numbers are written as the language does. A message with plural forms is chosen by `{n}`. An error says
 * what happened, then what to do; `action` is the word on the button where one helps.
 */
export const en = {
    app_name: "Tagsmith",
    on_this_device: "On this device",
    on_this_device_why: "Pictures, tags and counts never leave this device.",
    language: "Language",
    add_pictures: "Add pictures",
    add: "Add",
    choose_files: "Choose pictures",
    choose_folder: "Choose a folder",
    export: "Export",
    export_csv: "Table (CSV)",
    export_jsonl: "JSON Lines",
    export_wait: "Nothing to export yet",
    drop_title: "Drop pictures or a folder",
    drop_promise: "They stay on this device.",
    drop_here: "Drop to add",
    formats: "JPEG, PNG, WebP, GIF, BMP, TIFF, ICO. AVIF where your browser reads it.",
    samples: "Or try one of these",
    sample: "Try {name}",
    sample_chelsea: "a cat",
    sample_coffee: "a cup of coffee",
    sample_camera: "a photographer",
    engine_loading: "Getting the model ready …",
    engine_ready: "{name}, {megabytes} MB, ready in {seconds} s",
    threshold: "Confidence needed",
    threshold_value: "{percent} % and up",
    threshold_from: "Shown from {percent} %",
    preset: "How sure a tag must be",
    generous: "Generous",
    balanced: "Balanced",
    sure: "Sure",
    tags_shown: { one: "{n} tag", other: "{n} tags" },
    on_pictures: { one: "on {with_tags} of {n} picture", other: "on {with_tags} of {n} pictures" },
    finished: "{finished} of {total}",
    n_failed: { one: "{n} failed", other: "{n} failed" },
    rate: "{rate} a second",
    seconds_left: { one: "{n} s left", other: "{n} s left" },
    minutes_left: { one: "{n} min left", other: "{n} min left" },
    cancel: "Cancel",
    progress: "Tagging",
    said_started: { one: "Tagging {n} picture.", other: "Tagging {n} pictures." },
    said_part: "{finished} of {total} pictures finished.",
    said_done: { one: "Finished: {n} picture.", other: "Finished: {n} pictures." },
    said_done_failed: { one: "Finished; {n} picture failed.", other: "Finished; {n} pictures failed." },
    said_cancelled: { one: "Cancelled; {n} picture was taken off the sheet.", other: "Cancelled; {n} pictures were taken off the sheet." },
    said_skipped: { one: "{n} file was no picture and was left out.", other: "{n} files were no pictures and were left out." },
    said_stopped_at: "Stopped at {name}: it could not be tagged. What is done stays.",
    said_removed: { one: "Took {n} picture off the sheet.", other: "Took {n} pictures off the sheet." },
    did_add: { one: "Added “{name}”.", other: "Added “{name}” to {n} pictures." },
    did_accept: { one: "Accepted “{name}”.", other: "Accepted “{name}” on {n} pictures." },
    did_reject: { one: "Removed “{name}”.", other: "Removed “{name}” from {n} pictures." },
    did_leave_open: { one: "Left “{name}” to the model.", other: "Left “{name}” to the model on {n} pictures." },
    said_undone: "Undone: {what}",
    said_redone: "Done again: {what}",
    said_saved: "Saved {name}.",
    gallery: "Pictures",
    state_queued: "Waiting",
    state_working: "Tagging …",
    state_done: "Done",
    state_failed: "Failed",
    no_tags: "Nothing sure enough",
    more_tags: "+{n}",
    tag_with_confidence: "{name} {percent} %",
    card_name: "{name}. {state}. {tags}",
    retry: "Retry",
    details: "Details",
    close: "Close",
    size_in_pixels: "{width} × {height}",
    megabytes: "{megabytes} MB",
    kilobytes: "{kilobytes} kB",
    tags_heading: "Tags",
    timings_heading: "Time",
    timing_decode: "Decoding",
    timing_resize: "Resizing",
    timing_infer: "Network",
    timing_tags: "Tags",
    milliseconds: "{ms} ms",
    engine_details: "What happened: {detail}",
    dismiss: "Dismiss",
    works_offline: "Works offline",
    update: "New version",
    update_ready: "A new version is ready.",
    update_waits: "You can reload when the pictures under way are finished.",
    update_costs: "The pictures on the sheet and their tags go with the reload. Export them first.",
    update_reload: "Reload",
    update_later: "Later",
    errors: {
        picture_empty: {
            title: "This file is empty.",
            remedy: "Copy it again from where it came from.",
        },
        picture_file_too_large: {
            title: "This file is too large.",
            remedy: "Save it smaller or as JPEG, then add it again.",
        },
        picture_side_too_long: {
            title: "This picture is too long on one side.",
            remedy: "Crop it or make it smaller, then add it again.",
        },
        picture_too_many_pixels: {
            title: "This picture has too many pixels.",
            remedy: "Make it smaller, then add it again.",
        },
        picture_format_unknown: {
            title: "This file is not a picture we know.",
            remedy: "Use JPEG, PNG, WebP, GIF, BMP or TIFF.",
        },
        picture_format_unsupported: {
            title: "Your browser cannot read {subject} pictures of this kind.",
            remedy: "Save it as JPEG, PNG or WebP.",
        },
        picture_damaged: {
            title: "This picture is damaged or cut off.",
            remedy: "Copy it again from where it came from.",
        },
        file_unreadable: {
            title: "This file cannot be read.",
            remedy: "It may have been moved or changed. Retry, or add it again.",
            action: "Retry",
        },
        inference_failed: {
            title: "The model failed on this picture.",
            remedy: "Retry. If it fails again, leave the picture out.",
            action: "Retry",
        },
        scores_invalid: {
            title: "The model gave no usable answer.",
            remedy: "Retry. If it fails again, leave the picture out.",
            action: "Retry",
        },
        worker_crashed: {
            title: "The engine crashed on this picture, twice.",
            remedy: "Close other tabs to free memory, then retry.",
            action: "Retry",
        },
        local_model_off: {
            title: "The model was switched off after several crashes.",
            remedy: "What is tagged is kept. Close other tabs to free memory, then switch it on again.",
            action: "Switch on again",
        },
        engine_unsupported: {
            title: "This browser is too old for the model.",
            remedy: "Tagsmith needs WebAssembly SIMD: Chrome 105, Firefox 121, Safari 16.4 or newer.",
        },
        engine_unreachable: {
            title: "The model could not be fetched.",
            remedy: "Check that the server is running and that you are connected, then try again.",
            action: "Try again",
        },
        card_invalid: {
            title: "The model's card (model.json) is not valid.",
            remedy: "Put the complete folder of the model in place again.",
            action: "Try again",
        },
        vocabulary_invalid: {
            title: "The model's vocabulary is not valid.",
            remedy: "Put the complete folder of the model in place again.",
            action: "Try again",
        },
        model_hash_mismatch: {
            title: "The model file is not the one its card describes.",
            remedy: "Reload the page to fetch it again.",
            action: "Try again",
        },
        model_invalid: {
            title: "The model file is not a valid ONNX file.",
            remedy: "Fetch or convert it again.",
            action: "Try again",
        },
        model_operator_unsupported: {
            title: "The model uses operators that this engine does not have.",
            remedy: "Convert the model without them; the details name them.",
        },
        model_mismatch: {
            title: "The model does not fit its card.",
            remedy: "Correct the inputs and outputs named in model.json.",
        },
        tag_invalid: {
            title: "That cannot be a tag.",
            remedy: "Write a word or a few, at most 100 characters.",
        },
        policy_invalid: {
            title: "These settings make no sense to the engine.",
            remedy: "Move the threshold, then try again.",
        },
    },
};

/**
 * @typedef {keyof typeof en.errors} ErrorCode
 * @typedef {{title: string, remedy: string, action?: string}} ErrorWords
 * @typedef {{one: string, other: string}} PluralForms
 * @typedef {{[K in Exclude<keyof typeof en, "errors">]: (typeof en)[K] extends string ? string : PluralForms} &
 *   {errors: Record<ErrorCode, ErrorWords>}} Catalogue
 * @typedef {Exclude<keyof typeof en, "errors">} MessageKey
 */
