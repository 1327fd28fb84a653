/**
 * What went wrong, in English, by the error's code: what happened, then what to do; `action` is the word on the button where one helps.
 */
export const errors = {
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
    file_not_saved: {
        title: "The file could not be saved.",
        remedy: "Check that there is room on the disk and that you may write there, then export again.",
    },
    nothing_to_export: {
        title: "There is nothing to export yet.",
        remedy: "Wait until a picture is tagged, or choose others.",
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
    explanation_unavailable: {
        title: "Nothing shows where the model saw this tag.",
        remedy: "The model does not know the tag, or does not tell where it looks. Choose a tag of the bundled model.",
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
    camera_refused: {
        title: "This page may not use the camera.",
        remedy: "Allow the camera for this page in your browser’s settings, then try again.",
        action: "Try again",
    },
    camera_missing: {
        title: "There is no camera.",
        remedy: "Connect one, then try again.",
        action: "Try again",
    },
    camera_busy: {
        title: "The camera does not answer.",
        remedy: "Close other programs and tabs that use it, then try again.",
        action: "Try again",
    },
    self_test_missing: {
        title: "The expected answers could not be fetched.",
        remedy: "Check that you are connected, then run the self-test again.",
        action: "Try again",
    },
    self_test_other_build: {
        title: "The expected answers belong to another version.",
        remedy: "Reload the page. If that does not help, its host mixes files of two versions.",
    },
    engine_unsupported: {
        title: "This browser is too old for the model.",
        remedy: "Tagsmith needs WebAssembly SIMD: Chrome 105, Firefox 121, Safari 16.4 or newer.",
    },
    language_unreachable: {
        title: "The words of this language could not be fetched.",
        remedy: "Check that you are connected, then choose it again.",
    },
    part_unreachable: {
        title: "This part of the page could not be fetched.",
        remedy: "Check that you are connected, then open it again.",
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
    head_invalid: {
        title: "A part of the model that has tags of its own (a head) does not fit it.",
        remedy: "Put the complete folder of the model in place again.",
        action: "Try again",
    },
    model_hash_mismatch: {
        title: "The model file is not the one its card or the catalog describes.",
        remedy: "It was thrown away. Fetch it again. If that ends the same, the file was changed where it lies.",
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
    picture_not_tagged: {
        title: "The model in use has not seen this picture.",
        remedy: "Tag it now, or take it off the sheet.",
        action: "Tag",
    },
    model_unreachable: {
        title: "The model could not be fetched from {subject}.",
        remedy: "You may be offline, or that host lets no other page fetch from it. Try again later.",
        action: "Try again",
    },
    model_transfer_broken: {
        title: "The download from {subject} broke off.",
        remedy: "Nothing of it was kept. Try again: it begins anew.",
        action: "Try again",
    },
    storage_full: {
        title: "There is no room left to keep this model.",
        remedy: "Delete another model here, or free space on this device. Then try again.",
        action: "Try again",
    },
    own_model_missing: {
        title: "The model “{subject}” is no longer on this device.",
        remedy: "The one that comes with the page stands in. Download or add yours again, or choose another.",
        action: "Models",
    },
    own_model_failed: {
        title: "The model “{subject}” could not be started.",
        remedy: "Another one is in use instead. Choose one that works, or add this one again.",
        action: "Models",
    },
    labels_missing: {
        title: "The labels are missing.",
        remedy: "Choose the list of the classes that the model was trained with.",
    },
    tag_invalid: {
        title: "That cannot be a tag.",
        remedy: "Write a word or a few, at most 100 characters.",
    },
    labels_invalid: {
        title: "These labels cannot be used for this model.",
        remedy: "Choose a file with one label for each class, in the model's order. The details say what is wrong.",
    },
    policy_invalid: {
        title: "These settings make no sense to the engine.",
        remedy: "Move the threshold, then try again.",
    },
};
