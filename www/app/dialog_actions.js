/**
 * What only the dialogs do: fetched with them, and made once by `actions.loadDialogActions`.
 * @import { Context } from "./context.js"
 * @import { CorrectionActions } from "./actions/corrections.js"
 * @import { IntakeActions } from "./actions/intake.js"
 * @import { ModelActions } from "./actions/models.js"
 * @import { SettingActions } from "./actions/settings.js"
 */
import { createCamera } from "./actions/camera.js";
import { createLists } from "./actions/lists.js";
import { createCustomModel } from "./actions/custom_model.js";
import { createSelfTest } from "./actions/self_test.js";

export { usualShorterSide } from "./actions/custom_model.js";

/** @typedef {ReturnType<typeof createDialogActions>} DialogActions */

/** There before any dialog is drawn. @type {DialogActions} */
export let dialogActions;

/** @param {Parameters<typeof createDialogActions>} from */
export function startDialogActions(...from) {
    return (dialogActions ??= createDialogActions(...from));
}

/** @param {Context} context @param {CorrectionActions & IntakeActions & ModelActions & SettingActions} actions */
function createDialogActions(context, actions) {
    return {
        ...createCamera(context, actions),
        ...createLists(context, actions, actions),
        ...createCustomModel(context, actions),
        ...createSelfTest(context),
    };
}
