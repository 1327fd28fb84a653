/** The dialogs: a part of the page that is fetched when the engine is ready, or when one is opened before. */
import { cameraDialog } from "./camera.js";
import { collectionsDialog } from "./collections.js";
import { mountDialog } from "./dialog.js";
import { exportDialog } from "./export_dialog.js";
import { helpDialog } from "./help.js";
import { leftOutDialog } from "./left_out.js";
import { modelsDialog } from "./models.js";
import { placeIn } from "./mount.js";
import { runsDialog } from "./runs.js";
import { selfTestDialog } from "./self_test.js";
import { settingsDialog } from "./settings.js";
import { storageDialog } from "./storage.js";
import { tagListDialog } from "./tag_list.js";

export { startDialogActions } from "../app/dialog_actions.js";

/** @param {Document} root */
export function mountDialogs(root) {
    mountDialog(/** @type {HTMLDialogElement} */ (placeIn(root)("dialog")), {
        camera: cameraDialog,
        collections: collectionsDialog,
        export: exportDialog,
        help: helpDialog,
        left_out: leftOutDialog,
        models: modelsDialog,
        runs: runsDialog,
        self_test: selfTestDialog,
        settings: settingsDialog,
        storage: storageDialog,
        tags: tagListDialog,
    });
}
