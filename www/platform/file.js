/**
 * The platform of a page that is a single file, opened from a disk: everything it is made of lies in it, and nothing is kept but what
 * somebody saves.
 * @import { Platform } from "./platform.d.ts"
 * @typedef {Omit<import("./build_files.js").Assets, "serviceWorker"> & {build: string}} PackedAssets as tools/build_demo.mjs wrote them into the page
 */
import { fetchFile } from "../core/engine.js";
import { filesOfBuild } from "./build_files.js";
import { droppedFiles } from "./folders.js";
import { inBrowser } from "./in_browser.js";
import { packedUrl } from "./packed_fetch.js";
import { cameWhole } from "./whole.js";

/** @param {Document} document @returns {PackedAssets} */
export const readAssets = (document) =>
    JSON.parse(document.querySelector('meta[name="tagsmith-assets"]')?.getAttribute("content") ?? "{}");

/** @param {Document} document @param {PackedAssets} assets @returns {Promise<Platform>} */
export async function openPlatform(document, assets) {
    /** What the browser itself opens, by name. @type {Map<string, URL>} */
    const opened = new Map();
    const open = async (/** @type {string} */ name) => {
        const content = await (await fetchFile(packedUrl(name))).blob();
        opened.set(name, new URL(URL.createObjectURL(content)));
    };
    await Promise.all(Object.values(assets.samples).map(({ small }) => open(small)));
    open(assets.licences).catch(() => {}); // a file that is not whole says so at its start
    const url = (/** @type {string} */ name) => opened.get(name) ?? packedUrl(name);
    const files = filesOfBuild(document, assets, url);

    return {
        ...files,
        ...inBrowser(document, "tagsmith-demo."),
        ...cameWhole(document, assets, url),
        // No folder that is given to a page of this kind can be opened again, and no model of the browser's is there without a network.
        ...{ saveFolder: null, pictureFolders: () => [], chooseFolder: null, browserModel: null },
        droppedFiles: (drop) => droppedFiles(drop, { byHandles: true }),
        async loadStyles(part) {
            const file = assets.styles[part];
            if (!file) return;
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(await (await fetchFile(url(file))).text());
            document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
        },
        store: {
            ...files.store,
            scope: packedUrl("library").href,
            whyInMemory: "A page that is a single file keeps nothing.",
        },
        storage: { isPromised: async () => null, ask: async () => false },
    };
}
