/**
 * What only the dialogs do: fetched with them.
 * @import { Actions } from "./actions.js"
 * @import { Tools } from "./actions/parts.js"
 * @import { WorkActions } from "./work_actions.js"
 */
import { createCamera } from "./actions/camera.js";
import { createExportDialog } from "./actions/export_dialog.js";
import { createLeftOut } from "./actions/left_out.js";
import { createLists } from "./actions/lists.js";
import { createCustomModel } from "./actions/custom_model.js";
import { createModels } from "./actions/models.js";
import { createRescue } from "./actions/rescue.js";
import { createSelfTest } from "./actions/self_test.js";
import { createStorage } from "./actions/storage.js";

export { usualShorterSide } from "./actions/custom_model.js";

/** @typedef {ReturnType<typeof createDialogActions>} DialogActions */

/** All actions, for the views of this part: there before any dialog is drawn. @type {Actions & WorkActions & DialogActions} */
export let actions;

/** @param {Tools} tools */
export function startDialogActions(tools) {
    const all = /** @type {Actions & WorkActions} */ (tools.actions);
    return (actions = Object.assign(all, createDialogActions(tools, all)));
}

/** @param {Tools} tools @param {Actions & WorkActions} actions */
function createDialogActions({ context, engine }, actions) {
    const { storeAndUse, ...models } = createModels(context, engine, actions);
    const rescue = createRescue(context, actions);
    return {
        ...models,
        ...rescue,
        ...createCamera(context, actions),
        ...createExportDialog(context, actions),
        ...createLeftOut(context),
        ...createLists(context, actions, actions),
        ...createCustomModel(context, { ...models, storeAndUse }),
        ...createSelfTest(context),
        ...createStorage(context, { ...actions, ...rescue }),
    };
}
