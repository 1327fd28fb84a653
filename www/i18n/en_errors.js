/**
 * English error texts by error code. `title`: what is wrong; `remedy`: what to do; `action`: the button that does it, where there is one.
 * `{subject}` is replaced in titles only.
 */
export const errors = {
    picture_empty: {
        title: "This file is empty.",
        remedy: "Copy it from the original again.",
    },
    picture_file_too_large: {
        title: "This file is too large.",
        remedy: "Save it smaller or as JPEG, then add it again.",
    },
    picture_side_too_long: {
        title: "This picture is too wide or too tall.",
        remedy: "Crop or resize it, then add it again.",
    },
    picture_too_many_pixels: {
        title: "This picture has too many pixels.",
        remedy: "Resize it, then add it again.",
    },
    picture_format_unknown: {
        title: "This file isn’t a supported picture.",
        remedy: "Use JPEG, PNG, WebP, GIF, BMP or TIFF.",
    },
    picture_format_unsupported: {
        title: "Your browser can’t open this {subject} file.",
        remedy: "Save it as JPEG, PNG or WebP, then add it again.",
    },
    picture_damaged: {
        title: "This picture is damaged or incomplete.",
        remedy: "Copy it from the original again.",
    },
    file_unreadable: {
        title: "This file can’t be read.",
        remedy: "It may have been moved or changed. Retry, or add it again.",
        action: "Retry",
    },
    file_not_saved: {
        title: "The file couldn’t be saved.",
        remedy: "Check that there is free disk space and that you may write to the folder, then export again.",
    },
    export_invalid: {
        title: "This export cannot be made.",
        remedy: "Change the choice that is named below, or export fewer pictures.",
    },
    export_names_collide: {
        title: "Pictures would share a file.",
        remedy: "Name the files after the whole file names, such as photo.jpg.txt.",
    },
    nothing_to_export: {
        title: "There is nothing to export yet.",
        remedy: "Wait until a picture is tagged, or select other pictures.",
    },
    inference_failed: {
        title: "The model failed on this picture.",
        remedy: "Retry. If it fails again, remove the picture.",
        action: "Retry",
    },
    scores_invalid: {
        title: "The model returned invalid scores.",
        remedy: "Retry. If it fails again, remove the picture.",
        action: "Retry",
    },
    explanation_unavailable: {
        title: "There is no explanation for this tag.",
        remedy: "The current model doesn’t know the tag or can’t show where it saw it. Try a tag of the bundled model.",
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
    camera_refused: {
        title: "This page isn’t allowed to use the camera.",
        remedy: "Allow the camera for this page in your browser’s settings, then try again.",
        action: "Try again",
    },
    camera_missing: {
        title: "No camera was found.",
        remedy: "Connect a camera, then try again.",
        action: "Try again",
    },
    camera_busy: {
        title: "The camera isn’t responding.",
        remedy: "Close other apps and tabs that use it, then try again.",
        action: "Try again",
    },
    self_test_missing: {
        title: "The reference results couldn’t be loaded.",
        remedy: "Check your connection, then run the self-test again.",
        action: "Try again",
    },
    self_test_other_build: {
        title: "The reference results belong to another version.",
        remedy: "Reload the page. If that doesn’t help, the server is mixing files of two versions.",
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
        remedy: "Check your connection, then open it again.",
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
        title: "The model file isn’t valid ONNX.",
        remedy: "Download or convert it again.",
        action: "Try again",
    },
    model_operator_unsupported: {
        title: "The model uses operators that the engine doesn’t support.",
        remedy: "Convert the model without them. The details list them.",
    },
    model_mismatch: {
        title: "The model doesn’t match its card.",
        remedy: "Correct the inputs and outputs in model.json.",
    },
    picture_not_tagged: {
        title: "The current model hasn’t tagged this picture.",
        remedy: "Tag it now, or remove it.",
        action: "Tag",
    },
    model_unreachable: {
        title: "The model couldn’t be downloaded from {subject}.",
        remedy: "You may be offline, or the host doesn’t allow cross-origin downloads. Try again later.",
        action: "Try again",
    },
    model_transfer_broken: {
        title: "The download from {subject} was interrupted.",
        remedy: "Nothing was saved. Try again to start over.",
        action: "Try again",
    },
    storage_full: {
        title: "There isn’t enough storage for this model.",
        remedy: "Delete another model or free up space on this device, then try again.",
        action: "Try again",
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
    labels_missing: {
        title: "The labels are missing.",
        remedy: "Choose the list of classes that the model was trained with.",
    },
    tag_invalid: {
        title: "This can’t be a tag.",
        remedy: "Enter one or a few words, at most 100 characters.",
    },
    labels_invalid: {
        title: "These labels don’t fit the model.",
        remedy: "Choose a file with one label per class, in the model’s order. The details say what is wrong.",
    },
    policy_invalid: {
        title: "These settings are invalid.",
        remedy: "Move the threshold, then try again.",
    },
};
