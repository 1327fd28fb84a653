/** Everything that can happen, and the only writers of state.js. `start` is called once by the shell; views call the rest. */
export { dismiss_problem, start, try_again } from "./actions/engine.js";
export {
    add_chosen, add_files, add_sample, cancel, go_on, pause, remove_pictures, retry, sample_pictures, tag_again,
} from "./actions/pictures.js";
export { add_dropped, add_folder, add_pasted, has_camera, has_folder_chooser } from "./actions/intake.js";
export { end_change, name_entries, recall_language, reset_settings, set, set_filter, set_language, set_threshold, watch_tags } from "./actions/policy.js";
export {
    accept_best, accept_tag, add_tag, complete, give_tag, leave_tag_open, look_at_chosen_tags, redo, reject_last, reject_tag, targets, undo,
} from "./actions/corrections.js";
export { close_completions, enter_tags, mark_completion, take_completion, type_tag } from "./actions/tag_entry.js";
export { explain } from "./actions/explain.js";
export {
    close_picture, go_to, open_picture, part_missing, select_all, select_none, select_to, set_dragging, set_large, set_viewport, show_dialog, show_menu,
    toggle_selected,
} from "./actions/sheet.js";
export { export_tags } from "./actions/exports.js";
export { apply_update, check_for_update, keep_page, postpone_update } from "./actions/updates.js";
export { cancel_download, delete_model, download_model, keep_model, look_for_models, question_model, use_model } from "./actions/models.js";
/** @typedef {import("./actions/engine.js").Options} Options */
