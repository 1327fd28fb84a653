/** What is in the dialogs: a part of the page that is fetched when the engine is ready, or when one is opened before. */
export { cameraDialog as camera } from "./camera.js";
export { helpDialog as help } from "./help.js";
export { modelsDialog as models } from "./models.js";
export { selfTestDialog as self_test } from "./self_test.js";
export { settingsDialog as settings } from "./settings.js";
