/**
 * What only the dialogs do: fetched with them, and made once by `actions.load_dialog_actions`.
 * @import { Context } from "./context.js"
 * @import { CorrectionActions } from "./actions/corrections.js"
 * @import { IntakeActions } from "./actions/intake.js"
 * @import { ModelActions } from "./actions/models.js"
 * @import { SettingActions } from "./actions/settings.js"
 */
import { create_camera } from "./actions/camera.js";
import { create_lists } from "./actions/lists.js";
import { create_own_model } from "./actions/own_model.js";
import { create_self_test } from "./actions/self_test.js";

export { usual_shorter_side } from "./actions/own_model.js";

/** @typedef {ReturnType<typeof create_dialog_actions>} DialogActions */

/** There before any dialog is drawn. @type {DialogActions} */
export let dialog_actions;

/** @param {Parameters<typeof create_dialog_actions>} from */
export function start_dialog_actions(...from) {
    return (dialog_actions ??= create_dialog_actions(...from));
}

/** @param {Context} context @param {CorrectionActions & IntakeActions & ModelActions & SettingActions} actions */
function create_dialog_actions(context, actions) {
    return {
        ...create_camera(context, actions),
        ...create_lists(context, actions, actions),
        ...create_own_model(context, actions),
        ...create_self_test(context),
    };
}
