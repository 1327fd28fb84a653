/**
 * Ways in beside choosing files: what is dropped, pasted, or lies in a folder.
 * @import { Found } from "../../platform/platform.d.ts"
 */
import * as state from "../state.js";
import { add_files } from "./pictures.js";
import { show } from "./say.js";
import { session } from "./session.js";

/** What browsers call a picture that has no name: one that was copied out of another program. */
const NAMELESS = /^image\.(\w+)$/;

/** Names given within the same second. @type {{at: string, n: number}} */
let last = { at: "", n: 0 };

/**
 * A name that says when, in local time, and sorts by it: "camera 2026-11-21 14.03.05.jpg". The second one within a second gets a number.
 * @param {string} what @param {string} extension
 */
export function name_by_time(what, extension) {
    const now = new Date();
    const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
    const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join("-");
    const at = `${what} ${day} ${[now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join(".")}`;
    last = { at, n: last.at === at ? last.n + 1 : 1 };
    return `${at}${last.n > 1 ? ` (${last.n})` : ""}.${extension}`;
}

/** @param {DataTransfer} drop */
export async function add_dropped(drop) {
    state.is_dragging.value = false;
    await add_all(session.platform.dropped_files(drop));
}

/** Files from the clipboard. @param {DataTransfer} pasted */
export function add_pasted(pasted) {
    const found = Array.from(pasted.files, (file) => {
        const extension = file.type.startsWith("image/") ? NAMELESS.exec(file.name)?.[1] : undefined;
        const name = extension ? name_by_time("pasted", extension) : file.name;
        return { file: extension ? new File([file], name, { type: file.type }) : file, path: name };
    });
    if (found.length > 0) add_files(found);
    else show("said_nothing_pasted");
}

export const has_folder_chooser = () => session.platform.choose_folder !== null;

/** Asks for a folder; to be called only where there is a chooser for it. */
export async function add_folder() {
    try {
        if (session.platform.choose_folder) await add_all(session.platform.choose_folder());
    } catch (error) {
        // None chosen. Anything else is a folder that the browser keeps closed, and it has said so itself.
        if (Object(error).name !== "AbortError") show("said_folder_closed");
    }
}

/** @param {AsyncIterable<Found[]>} handfuls */
async function add_all(handfuls) {
    let n = 0;
    for await (const found of handfuls) {
        n += found.length;
        add_files(found);
    }
    if (n === 0) show("said_nothing_found");
}

export const has_camera = () => session.platform.camera !== null;
