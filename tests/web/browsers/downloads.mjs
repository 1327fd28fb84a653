/** What a browser has saved, found in the folder it saves to: for browsers that do not tell. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { poll } from "./browser.mjs";

/** @import { Patience } from "./browser.mjs" */

/** Names that a browser gives to what is still on its way. */
const UNFINISHED = /\.(wkdownload|part)$/;

/** The file that `start` brings. @param {string} folder @param {() => Promise<unknown>} start @param {Patience} patience */
export async function newFile(folder, start, patience) {
    const before = new Set(readdirSync(folder));
    await start();
    const isNew = (/** @type {string} */ name) => !before.has(name) && !UNFINISHED.test(name);
    const name = await poll(() => readdirSync(folder).find(isNew), patience);
    const path = join(folder, name);
    let size = 0;
    const isComplete = () => {
        const last = size;
        size = statSync(path).size;
        return size > 0 && size === last && !readdirSync(folder).some((name) => UNFINISHED.test(name));
    };
    await poll(isComplete, patience);
    return { name, path };
}
