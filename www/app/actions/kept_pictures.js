/**
 * What is kept of the pictures on screen besides their tags: the facts of their files, and what they look like. It is read where somebody
 * looks, and not what flies by: each thumbnail costs the page some time of its own, and a scroll bar that is dragged passes thousands.
 * @import { Context } from "../context.js"
 * @import { PictureEntry } from "../state.js"
 * @import { ReadonlySignal } from "../../vendor/signals.js"
 */
import { effect, untracked } from "../../vendor/signals.js";
import { entriesOf } from "../entries.js";
import * as state from "../state.js";
import { reportUnread } from "./store_problems.js";

/** Thumbnails that have been on screen stay at hand, up to so many. */
const MAX_KEPT = 1_000;
/** So many are on their way at once; then it is asked anew what is on screen. */
const N_AT_ONCE = 6;

/**
 * @param {Pick<Context["library"], "call" | "collection" | "preferred" | "thumbnails">} library
 * @param {{seen: ReadonlySignal<readonly number[]>, drawn: ReadonlySignal<readonly number[]>}} onScreen `drawn`: what is seen, and the rows around
 */
export function keepReading(library, { seen, drawn }) {
    /** Pictures whose thumbnails were read, the oldest first. @type {Set<number>} */
    const read = new Set();
    let isReading = false;

    effect(() => {
        const isWanted = drawn.value.some(isUnread); // also when one of them was tagged meanwhile
        if (isWanted && !state.isFlying.value) untracked(() => !isReading && void readAll().catch(reportUnread));
    });

    async function readAll() {
        isReading = true;
        try {
            for (let ids = nextIds(); ids.length > 0; ids = nextIds()) {
                await readFacts(drawn.value.filter(isUnread));
                for (const id of ids) read.add(id);
                await Promise.all(ids.map(readThumbnail));
            }
        } finally {
            isReading = false;
        }
    }

    /** What is seen comes first. */
    function nextIds() {
        if (state.isFlying.value) return [];
        const wanted = seen.value.filter(isUnread);
        return (wanted.length > 0 ? wanted : drawn.value.filter(isUnread)).slice(0, N_AT_ONCE);
    }

    /** Whether it was tagged before this visit, and not looked at in it. @param {number} id */
    function isUnread(id) {
        const { thumbnail, looks = 0, state: now } = state.pictures.get(id)?.value ?? {};
        return (looks > 0 || now === "undone") && !thumbnail && !read.has(id);
    }

    /** @param {readonly number[]} ids */
    async function readFacts(ids) {
        const unknown = ids.filter((id) => !state.pictureOf(id)?.facts);
        if (unknown.length === 0) return;
        const { collection, preferred } = library;
        const { entries } = entriesOf(await library.call("files", { collection, ids: unknown, ...preferred }));
        for (const { id, facts } of entries) {
            const cell = state.pictures.get(id);
            if (cell && facts && !cell.value.facts) cell.value = { ...cell.value, facts };
        }
    }

    /** @param {number} id */
    async function readThumbnail(id) {
        const { sha256 } = state.pictureOf(id)?.facts ?? {};
        const url = sha256 ? await library.thumbnails.url(sha256) : null;
        const cell = state.pictures.get(id);
        if (!url) return;
        if (!cell || cell.value.thumbnail) return URL.revokeObjectURL(url);
        cell.value = { ...cell.value, thumbnail: url };
        if (read.size > MAX_KEPT) dropOldest();
    }

    /** Those that nobody sees are read again when somebody does. */
    function dropOldest() {
        const isShown = new Set([...seen.value, ...drawn.value]);
        for (const id of read) {
            if (read.size <= MAX_KEPT) return;
            if (isShown.has(id)) continue;
            read.delete(id);
            const cell = state.pictures.get(id);
            const { thumbnail, ...picture } = cell?.value ?? {};
            if (!cell || !thumbnail) continue;
            cell.value = /** @type {PictureEntry} */ (picture);
            URL.revokeObjectURL(thumbnail);
        }
    }
}
