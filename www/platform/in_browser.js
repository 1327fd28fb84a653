/**
 * What every page of a browser has, wherever it came from.
 * @import { Platform } from "./platform.d.ts"
 */
import { findBrowserModel } from "./browser_model.js";
import { findCamera } from "./camera.js";
import { findClipboard } from "./clipboard.js";
import { droppedFiles, findFolderChooser } from "./folders.js";
import { knownLanguages } from "./languages.js";
import { findSaveFolder, rememberedFolders } from "./save_folder.js";
import { saveFile } from "./saving.js";
import { openSettings } from "./settings.js";

/**
 * @param {Document} document @param {string} settings what their keys begin with
 * @returns {Pick<Platform, "saveFile" | "saveFolder" | "pictureFolders" | "droppedFiles" | "chosenFiles" | "chooseFolder" | "camera" | "browserModel" |
 *   "copyText" | "saveSetting" | "loadSetting" | "onSetting" | "machine" | "languages">}
 */
export function inBrowser(document, settings) {
    return {
        saveFile: (name, type, make) => saveFile(document, name, type, make),
        saveFolder: findSaveFolder(),
        pictureFolders: rememberedFolders,
        droppedFiles,
        chooseFolder: findFolderChooser(),
        camera: findCamera(),
        browserModel: findBrowserModel(/** @type {object} */ (globalThis)),
        copyText: findClipboard(),
        chosenFiles: (input) =>
            Array.from(input.files ?? [], (file) => ({ file, path: file.webkitRelativePath || file.name })),
        ...openSettings(settings),
        machine: () => ({
            cores: navigator.hardwareConcurrency,
            memoryGb: /** @type {{deviceMemory?: number}} */ (navigator).deviceMemory,
        }),
        languages: () => knownLanguages(navigator.languages),
    };
}
