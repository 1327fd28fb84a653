/** What only the dialogs do: fetched with them. */
export { close_camera, open_camera, take_picture } from "./actions/camera.js";
export { add_entry, close_options, enter_entry, leave_lists, mark_option, remove_entry, type_entry, watch_lists } from "./actions/lists.js";
export {
    choose as choose_in_model, choose_preset, keep_own_model, leave_own_model, read_labels, take_model_files, try_own_model, usual_shorter_side,
} from "./actions/own_model.js";
export { can_copy, copy_self_test, start_self_test, stop_self_test, version } from "./actions/self_test.js";
