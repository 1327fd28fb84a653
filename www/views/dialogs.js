/** What is in the dialogs: a part of the page that is fetched when the engine is ready, or when one is opened before. */
export { camera_dialog as camera } from "./camera.js";
export { help_dialog as help } from "./help.js";
export { models_dialog as models } from "./models.js";
export { self_test_dialog as self_test } from "./self_test.js";
export { settings_dialog as settings } from "./settings.js";
