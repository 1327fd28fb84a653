/** Everything that can happen, and the only writers of state.js. `start` is called once by the shell; views call the rest. */
export { dismiss_problem, start, try_again } from "./actions/engine.js";
export {
    add_chosen, add_dropped, add_files, add_sample, cancel, go_on, pause, remove_pictures, retry, sample_pictures, tag_again,
} from "./actions/pictures.js";
export { end_change, name_entries, set, set_filter, set_language, set_threshold, watch_tags } from "./actions/policy.js";
export { accept_tag, add_tag, complete, leave_tag_open, redo, reject_tag, targets, undo } from "./actions/corrections.js";
export {
    close_picture, go_to, open_picture, select_all, select_none, select_to, set_dragging, set_large, set_viewport, show_dialog, show_menu,
    toggle_selected,
} from "./actions/sheet.js";
export { export_tags } from "./actions/exports.js";
/** @typedef {import("./actions/engine.js").Options} Options */
