/**
 * English, the reference: every other language has the same keys and placeholders (checked by messages.test.mjs). This file has the words
 * of the empty page, those of the parts that are fetched later are in the files named after them.
 *
 * `{name}` is replaced by a value, numbers are formatted for the language, `{n}` selects the plural form.
 * Sentence case; one term per thing (docs/GLOSSARY.md); typographic quotes and apostrophes.
 *
 * `errors` has the texts of errors by their code. `title`: what is wrong; `remedy`: what to do; `action`: the button that does it, where
 * there is one. `{subject}` is replaced in titles only.
 */

export const start = {
    app_name: "Tagsmith",
    on_this_device: "On this device",
    on_this_device_why: "Your pictures and tags never leave this device.",
    on_this_device_and: "On this device, {names}",
    on_this_device_and_why: "A picture leaves this device only if you send it to {names}.",
    language: "Language",
    add_pictures: "Add pictures",
    add: "Add",
    choose_files: "Choose pictures",
    choose_folder: "Choose a folder",
    export: "Export",
    export_wait: "Nothing to export yet",
    drop_title: "Find tags for your pictures",
    drop_gain: "Search by them, keep them with your files as keywords, or save a table or captions.",
    drop_promise: "Your pictures stay on this device.",
    drop_here: "Drop to add",
    formats: "Supports JPEG, PNG, WebP, GIF, BMP, TIFF, ICO and raw photos, and AVIF if your browser can open it.",
    tag_regardless: "Tag regardless of the switch",
    tag_regardless_why: "Pictures added here wait as “not tagged”. Those you add next are tagged at once.",
    samples: "Or try one of these",
    sample: "Try a picture of {name}",
    sample_chelsea: "a cat",
    sample_coffee: "a cup of coffee",
    sample_camera: "a photographer",
    engine_loading: "Loading the model…",
    preset: "Threshold presets",
    generous: "Generous",
    balanced: "Balanced",
    sure: "Sure",
    title_running: "{finished} of {total} · Tagsmith",
    title_paused: "Paused at {finished} of {total} · Tagsmith",
    title_looking: "{tagged} tagged, looking closer at {n} · Tagsmith",
    title_looking_paused: "Paused: {n} to look closer at · Tagsmith",
    title_done: { one: "Done: {n} picture · Tagsmith", other: "Done: {n} pictures · Tagsmith" },
    title_done_failed: {
        one: "Done: {n} picture, {failed} failed · Tagsmith",
        other: "Done: {n} pictures, {failed} failed · Tagsmith",
    },
    progress: "Tagging progress",
    said_started: { one: "Tagging {n} picture.", other: "Tagging {n} pictures." },
    said_looked_closer: { one: "Looked closer at {n} picture.", other: "Looked closer at {n} pictures." },
    said_cancelled_looks: {
        one: "Stopped looking closer. {n} picture keeps its first tags.",
        other: "Stopped looking closer. {n} pictures keep their first tags.",
    },
    said_part: "{finished} of {total} pictures done.",
    said_done: { one: "Finished tagging {n} picture.", other: "Finished tagging {n} pictures." },
    said_done_failed: { one: "Finished. {n} picture failed.", other: "Finished. {n} pictures failed." },
    said_cancelled_again: {
        one: "Cancelled. {n} picture keeps its tags.",
        other: "Cancelled. {n} pictures keep their tags.",
    },
    said_cancelled: { one: "Cancelled. {n} picture isn’t tagged.", other: "Cancelled. {n} pictures aren’t tagged." },
    said_skipped: { one: "Skipped {n} file that isn’t a picture.", other: "Skipped {n} files that aren’t pictures." },
    said_same: { one: "{n} picture is already here.", other: "{n} pictures are already here." },
    said_left_out: { one: "Left out {n} file.", other: "Left out {n} files." },
    show_left_out: "Show",
    n_left_out: { one: "{n} left out", other: "{n} left out" },
    said_stopped_at: "Paused: {name} couldn’t be tagged. Press Resume to continue.",
    said_removed: { one: "Removed {n} picture from the list.", other: "Removed {n} pictures from the list." },
    said_undone: "Undone: {what}",
    said_redone: "Redone: {what}",
    undo_what: "Undo: {what}",
    redo_what: "Redo: {what}",
    nothing_to_undo: "Nothing to undo",
    nothing_to_redo: "Nothing to redo",
    engine_details: "Details: {detail}",
    dismiss: "Dismiss",
    take_pictures: "Take a picture",
    paste_hint: "Or press {keys} to paste pictures.",
    or_paste: "Or drop pictures anywhere on the page, or paste them with {keys}.",
    more: "More",
    providers: "Tagging services",
    own_tags: "Own tags",
    tag_with: "Tag with a service",
    compare_with: "Compare services",
    settings: "Settings",
    models: "Models",
    help: "Help",
    policy_free: "From {percent}%",
    said_nothing_pasted: "No picture on the clipboard. Copy one, then paste again.",
    said_nothing_handed_over:
        "Your browser handed over nothing from the clipboard. Drop the picture here, or choose it.",
    said_nothing_found: "No files found in that folder.",
    said_folder_closed: "Your browser blocks that folder. Choose another, or drop it on the page.",
    did_reset_settings: "Settings reset.",
    did_tag_again: { one: "Tagging {n} picture again with {name}.", other: "Tagging {n} pictures again with {name}." },
    works_offline: "Works offline.",
    my_pictures: "My pictures",
    runs: "Tagging runs",
    storage: "Storage and backup",
    gigabytes: "{gigabytes} GB",
    megabytes: "{megabytes} MB",
    kilobytes: "{kilobytes} kB",
    update: "New version",
    update_ready: "A new version is ready.",
    update_waits: "You can reload once the current pictures are done.",
    update_costs: "Reloading clears your pictures and their tags. Export the tags first.",
    update_reload: "Reload",
    update_later: "Later",
    said_files_again: { one: "{n} picture has its file again.", other: "{n} pictures have their files again." },
    errors: {
        library_unreadable: {
            title: "Your pictures and tags couldn’t be opened.",
            remedy: "They are still here. Close other tabs of this page, then try again.",
            action: "Try again",
        },
        library_unwritten: {
            title: "The last changes couldn’t be saved.",
            remedy: "Everything before them is kept. Try again, or save a backup.",
            action: "Try again",
        },
        library_full: {
            title: "There is no room left to save your tags.",
            remedy: "Keep this page open and free up space on this device, or delete collections or models here. What you did waits, and is saved as soon as there is room.",
            action: "Try again",
        },
        library_no_room: {
            title: "There is no room left to open your pictures and tags.",
            remedy: "They are still here. Free up space on this device, then try again.",
            action: "Try again",
        },
        library_damaged: {
            title: "The library is damaged.",
            remedy: "See what can be saved of it, or restore a backup. Nothing in your picture files has changed.",
            action: "See what can be saved",
        },
        library_newer: {
            title: "A newer version of Tagsmith has written this library.",
            remedy: "Close every tab of this page and open it again to get that version.",
        },
        library_too_large: {
            title: "The library has more tags than fit beside this model’s.",
            remedy: "Choose the model that tagged most of your pictures, or undo runs of other models.",
        },
        library_in_use: {
            title: "Another version of this page has the library open.",
            remedy: "Close or reload the other tabs of this page, then try again.",
            action: "Try again",
        },
        store_failed: {
            title: "The browser couldn’t read or write the library.",
            remedy: "Try again. If that doesn’t help, restart the browser, or check the drive. What was saved before is kept.",
            action: "Try again",
        },
        inference_failed: {
            title: "The model failed on this picture.",
            remedy: "Retry. If it fails on other pictures too, choose another model.",
            action: "Retry",
        },
        worker_crashed: {
            title: "The engine crashed twice on this picture.",
            remedy: "Close other tabs to free memory, then retry.",
            action: "Retry",
        },
        local_model_off: {
            title: "The model was turned off after several crashes.",
            remedy: "Your tags are kept. Close other tabs to free memory, then turn the model on again.",
            action: "Turn on again",
        },
        objects_unreachable: {
            title: "The object detector couldn’t be loaded.",
            remedy: "Your tags are kept. Check your connection, then try again.",
            action: "Retry",
        },
        objects_damaged: {
            title: "The object detector can’t be used.",
            remedy: "Its files aren’t those of this version. Your tags are kept. Try again, or reload the page.",
            action: "Retry",
        },
        objects_off: {
            title: "Finding objects was turned off after several crashes.",
            remedy: "Your tags are kept. Close other tabs to free memory, then try again.",
            action: "Retry",
        },
        engine_unsupported: {
            title: "This browser is too old to run the model.",
            remedy: "Tagsmith needs WebAssembly SIMD: Chrome 105, Firefox 121, Safari 16.4 or newer.",
        },
        language_unreachable: {
            title: "This language couldn’t be loaded.",
            remedy: "Check your connection, then choose it again.",
        },
        part_unreachable: {
            title: "This part of the page couldn’t be loaded.",
            remedy: "Check your connection, then try again.",
            action: "Try again",
        },
        engine_unreachable: {
            title: "The model couldn’t be loaded.",
            remedy: "Check your connection and that the server is running, then try again.",
            action: "Try again",
        },
        card_invalid: {
            title: "The model’s card (model.json) is invalid.",
            remedy: "Replace the model’s files with a complete copy.",
            action: "Try again",
        },
        vocabulary_invalid: {
            title: "The model’s vocabulary is invalid.",
            remedy: "Replace the model’s files with a complete copy.",
            action: "Try again",
        },
        head_invalid: {
            title: "One of the model’s heads doesn’t fit the model.",
            remedy: "Replace the model’s files with a complete copy.",
            action: "Try again",
        },
        model_hash_mismatch: {
            title: "The model file doesn’t match its card or the catalog.",
            remedy: "It was discarded. Download it again. If that fails too, the file at the source has changed.",
            action: "Try again",
        },
        model_invalid: {
            title: "The model file can’t be used.",
            remedy: "Download or export it again. The details say what is wrong with it.",
            action: "Try again",
        },
        model_weights_missing: {
            title: "The model’s weights are in another file: {subject}.",
            remedy: "Add both files together, or save the model as one file.",
        },
        model_unsupported: {
            title: "This model can’t run here.",
            remedy: "The file is sound, but the engine can’t prepare its network. The details say why.",
        },
        model_operator_unsupported: {
            title: "The model uses operators that the engine doesn’t support.",
            remedy: "Convert the model without them. The details list them.",
        },
        model_mismatch: {
            title: "The model doesn’t match its card.",
            remedy: "Correct the inputs and outputs in model.json.",
        },
        own_model_missing: {
            title: "The model “{subject}” is no longer on this device.",
            remedy: "The bundled model is used instead. Download or add yours again, or choose another.",
            action: "Models",
        },
        own_model_failed: {
            title: "The model “{subject}” couldn’t be started.",
            remedy: "Another model is used instead. Choose one that works, or add this one again.",
            action: "Models",
        },
        policy_invalid: {
            title: "These settings are invalid.",
            remedy: "Move the threshold, then try again.",
        },
    },
};

/**
 * @typedef {import("./catalogues.d.ts").MessageKey} MessageKey
 * @typedef {import("./catalogues.d.ts").ErrorCode} ErrorCode
 * @typedef {import("./catalogues.d.ts").ErrorWords} ErrorWords
 */
