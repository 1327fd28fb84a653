/**
 * Pictures as the page has them, made of what the store has of their files, or of files that come in.
 * @import { Files } from "../db/protocol.js"
 * @import { FoundFile } from "../platform/platform.d.ts"
 * @import { PictureEntry, PictureState } from "./state.js"
 */
import { FILE_STATES } from "../db/protocol.js";

/** @type {Record<import("../db/protocol.js").FileState, PictureState>} */
const STATES = { waiting: "stopped", tagged: "done", failed: "failed", stopped: "stopped" };

/** The last part of a path. @param {string} path */
const nameOf = (path) => path.slice(path.lastIndexOf("/") + 1);

/** @param {number} id @param {FoundFile} found @param {"queued" | "stopped"} state @returns {PictureEntry} */
export const entryOfFile = (id, { file, path }, state) => ({
    id,
    path,
    name: file.name,
    file,
    size: file.size,
    modified_ms: file.lastModified,
    state,
});

/**
 * Without their files, so that those that were to be tagged are not, for now: `waiting` has the ids of these.
 * @param {Files} files @returns {{entries: PictureEntry[], waiting: number[]}}
 */
export function entriesOf({ ids, paths, sizes, modified_ms: dates, states, looks, facts, failures, corrections }) {
    /** @type {number[]} */
    const waiting = [];
    const entries = Array.from(ids, (id, idx) => {
        const path = paths[idx] ?? "";
        const isShown = Boolean(looks[idx]);
        const kept = FILE_STATES[states[idx] ?? 0] ?? "waiting";
        if (kept === "waiting") waiting.push(id);
        /** @type {PictureEntry} */
        const entry = {
            id,
            path,
            name: nameOf(path),
            file: null,
            size: sizes[idx] ?? 0,
            modified_ms: dates[idx] ?? 0,
            state: kept === "tagged" && !isShown ? "undone" : STATES[kept],
        };
        const known = facts[idx];
        if (isShown) entry.looks = looks[idx] ?? 0;
        if (known && (isShown || entry.state === "undone")) {
            const { timings_ms: timings = NO_TIMINGS, ...read } = known;
            entry.facts = { ...read, timings_ms: timings };
        }
        if (corrections[id]) entry.corrections = corrections[id];
        if (kept === "failed" && failures[id]) entry.error = failures[id];
        return entry;
    });
    return { entries, waiting };
}

const NO_TIMINGS = { decode: 0, resize: 0, infer: 0, tags: 0 };

/** As the session is told of it. @param {PictureEntry} picture */
export const asAdded = ({ id, path, modified_ms: modifiedMs }) => ({ id, path, modified_ms: modifiedMs });

/** As the store is told of it, when it comes in. @param {PictureEntry} picture @returns {import("../db/protocol.js").NewFile} */
export const asNewFile = ({ id, path, size, modified_ms: modifiedMs, state }) => ({
    id,
    path,
    size,
    modified_ms: modifiedMs,
    state: state === "stopped" ? "stopped" : "waiting",
});

/** Whether a file is as it was: another content is another picture. @param {File} file @param {Pick<PictureEntry, "size" | "modified_ms">} picture */
export const isFileOf = (file, { size, modified_ms: modifiedMs }) =>
    file.size === size && file.lastModified === modifiedMs;
