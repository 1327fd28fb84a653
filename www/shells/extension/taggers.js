/**
 * The engine with a model: opened with the first picture, and anew where another model is chosen. What is under way with the former ends first.
 * @import { PictureTagger } from "../../core/picture_tagger.js"
 *
 * `key` of its model; `nUsed`: how many are waiting for it.
 * @typedef {{key: string | null, opening: Promise<PictureTagger>, nUsed: number}} Opened
 */
import { openTagger } from "./open_tagger.js";

/** @type {Opened | null} */
let now = null;

/** One that could not be opened is tried again with the next picture. @param {string | null} key @returns {Opened} to be given back */
export function borrowTagger(key) {
    if (now?.key !== key) {
        closeTagger();
        const opened = open(key);
        opened.opening.catch(() => {
            if (now === opened) now = null;
        });
        now = opened;
    }
    now.nUsed++;
    return now;
}

/** Puts another one in place as soon as it is open; if it cannot be, the former goes on. @param {string | null} key */
export async function replaceTagger(key) {
    if (now?.key === key) return void (await now.opening);
    const opened = open(key);
    await opened.opening;
    closeTagger();
    now = opened;
}

/** @param {string | null} key @returns {Opened} */
const open = (key) => ({ key, opening: openTagger(key), nUsed: 0 });

/** @param {Opened} opened */
export function giveBack(opened) {
    opened.nUsed--;
    if (opened !== now) end(opened);
}

/** Its memory is given back, as soon as nobody uses it. */
export function closeTagger() {
    const ended = now;
    now = null;
    if (ended) end(ended);
}

/** @param {Opened} opened */
function end({ opening, nUsed }) {
    if (nUsed > 0) return;
    opening.then(
        (tagger) => tagger.close(),
        () => {}, // whoever waited for it reports it
    );
}
