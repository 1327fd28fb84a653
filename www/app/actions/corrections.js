/**
 * What people say of tags: add, accept, reject, take back; on one picture or on many; and undo and redo for all of it.
 * @import { Corrections, OwnTag } from "../../core/engine_api.d.ts"
 * @import { MessageKey } from "../../i18n/en.js"
 */
import { failure_of } from "../../core/protocol.js";
import { message } from "../../i18n/messages.js";
import { batch } from "../../vendor/view.js";
import { NOTHING_SAID, accepted, is_same, left_open, refused } from "../corrections.js";
import { History } from "../history.js";
import * as state from "../state.js";
import { show } from "./say.js";
import { session } from "./session.js";

const history = new History();
/** What is said of each picture; nothing of the others. @type {Map<number, Corrections>} */
const said = new Map();
/** Only the newest answer counts. */
let n_asked = 0;

/** @param {number} id */
const said_of = (id) => said.get(id) ?? NOTHING_SAID;

/** What is done next is done to these: the selection, else the open picture, else the one that has the keyboard. @returns {number[]} */
export function targets() {
    const { selection, opened, sheet, current } = state;
    if (selection.value.size > 0) return sheet.value.filter((id) => selection.value.has(id));
    const id = opened.value ?? sheet.value[current.value];
    return id === undefined ? [] : [id];
}

/** @param {OwnTag} tag @param {number[]} [ids] */
export function accept_tag(tag, ids = targets()) {
    correct("did_accept", { name: tag.name }, ids, (one) => accepted(one, tag));
}

/** @param {OwnTag} tag @param {number[]} [ids] */
export function reject_tag(tag, ids = targets()) {
    correct("did_reject", { name: tag.name }, ids, (one) => refused(one, tag.id));
}

/** The model decides about this tag again. @param {OwnTag} tag @param {number[]} [ids] */
export function leave_tag_open(tag, ids = targets()) {
    correct("did_leave_open", { name: tag.name }, ids, (one) => left_open(one, tag.id));
}

/**
 * Adds what was typed: the vocabulary's tag where there is one of that name, else an own word.
 * @param {string} text @param {number[]} [ids] @returns {Promise<import("../../core/protocol.js").Failure | null>} why not
 */
export async function add_tag(text, ids = targets()) {
    try {
        const tag = await session.link.own_tag(text);
        correct("did_add", { name: tag.name }, ids, (one) => accepted(one, tag));
        state.completions.value = [];
        return null;
    } catch (error) {
        return failure_of(error, "tag_invalid");
    }
}

/** Looks for tags that may be meant. @param {string} typed */
export async function complete(typed) {
    const asked = ++n_asked;
    const found = typed.trim() === "" ? [] : await session.link.complete(typed, 8).catch(() => []);
    if (asked === n_asked) state.completions.value = found;
}

/**
 * @param {MessageKey} key @param {{name: string}} params @param {number[]} ids @param {(said: Corrections) => Corrections} step
 */
function correct(key, { name }, ids, step) {
    const changes = ids
        .filter((id) => state.picture_of(id)?.state === "done")
        .map((id) => ({ id, before: said_of(id), after: step(said_of(id)) }))
        .filter(({ before, after }) => !is_same(before, after));
    if (changes.length === 0) return;
    const put = (/** @type {"before" | "after"} */ which) => () => {
        for (const one of changes) {
            said.set(one.id, one[which]);
            session.link.correct(one.id, one[which]);
        }
    };
    put("after")();
    remember_step(key, { name, n: changes.length }, { undo: put("before"), redo: put("after") }, changes.length > 1);
}

/**
 * @param {MessageKey} key what was done @param {Record<string, string | number>} params
 * @param {{undo: () => void, redo: () => void}} ways @param {boolean} [is_shown] whether it is said to everyone
 */
export function remember_step(key, params, ways, is_shown = true) {
    history.add({ name: message(state.language.value, key, params), ...ways });
    state.history.value = history.next;
    if (is_shown) show(key, params);
}

export function undo() {
    batch(() => {
        const step = history.undo();
        state.history.value = history.next;
        if (step) show("said_undone", { what: step.name });
    });
}

export function redo() {
    batch(() => {
        const step = history.redo();
        state.history.value = history.next;
        if (step) show("said_redone", { what: step.name });
    });
}
