/**
 * What people say of tags: add, accept, reject, take back; on one picture or on many.
 * @import { Corrections, TagRef, Tag } from "../../core/engine_api.d.ts"
 * @import { MessageKey } from "../../i18n/en.js"
 * @import { Context } from "../context.js"
 * @import { Undo } from "./undo.js"
 */
import { failureOf } from "../../core/protocol.js";
import { NO_CORRECTIONS, withAccepted, isSame, withReset, withRejected } from "../corrections.js";
import * as state from "../state.js";

/** What is done next is done to these: the selection, else the open picture, else the one that has the keyboard. @returns {number[]} */
export function targetIds() {
    const { selectedIds, opened, gridIds, current } = state;
    if (selectedIds.value.length > 0) return selectedIds.value;
    const id = opened.value ?? gridIds.value[current.value];
    return id === undefined ? [] : [id];
}

/** @typedef {ReturnType<typeof createCorrections>} CorrectionActions */

/** @param {Context} context @param {Undo} undo */
export function createCorrections(context, { inOrder, rememberStep }) {
    /** What is said of each picture; nothing of the others. @type {Map<number, Corrections>} */
    const correctionsById = new Map();
    /** Only the newest answer counts. */
    let requestNumber = 0;
    /** @param {number} id */
    const correctionsOf = (id) => correctionsById.get(id) ?? NO_CORRECTIONS;

    /** @param {TagRef} tag @param {number[]} [ids] */
    function acceptTag(tag, ids = targetIds()) {
        correct("did_accept", { name: tag.name }, ids, (one) => withAccepted(one, tag));
    }

    /** Adds a tag that is known by its id. @param {TagRef} tag @param {number[]} [ids] */
    function assignTag(tag, ids = targetIds()) {
        correct("did_add", { name: tag.name }, ids, (one) => withAccepted(one, tag));
    }

    /** @param {TagRef} tag @param {number[]} [ids] */
    function rejectTag(tag, ids = targetIds()) {
        correct("did_reject", { name: tag.name }, ids, (one) => withRejected(one, tag.id));
    }

    /** Makes the surest tag that is not the person's yet theirs, on each picture its own. @param {number[]} [ids] */
    const acceptBest = (ids = targetIds()) =>
        correctEach(
            "did_accept",
            "did_accept_best",
            ids,
            (tags) => tags.find(({ source }) => source === "auto"),
            withAccepted,
        );

    /** Takes away the last tag of each picture. @param {number[]} [ids] */
    const rejectLast = (ids = targetIds()) =>
        correctEach(
            "did_reject",
            "did_reject_last",
            ids,
            (tags) => tags.at(-1),
            (corrections, { id }) => withRejected(corrections, id),
        );

    /** Finds out which tags the chosen pictures have. */
    async function refreshSelectedTags() {
        const ids = state.selectedIds.value;
        state.selectedTags.value = null;
        const found = /** @type {Map<string, import("../state.js").SelectedTag>} */ (new Map());
        for (const { id, tags } of await tagsOf(ids)) {
            for (const tag of tags) {
                const one = found.get(tag.id) ?? { id: tag.id, name: tag.name, ids: [] };
                one.ids.push(id);
                found.set(tag.id, one);
            }
        }
        if (ids === state.selectedIds.value)
            state.selectedTags.value = [...found.values()].sort((a, b) => b.ids.length - a.ids.length);
    }

    /** The model decides about this tag again. @param {TagRef} tag @param {number[]} [ids] */
    function resetTag(tag, ids = targetIds()) {
        correct("did_leave_open", { name: tag.name }, ids, (one) => withReset(one, tag.id));
    }

    /**
     * Adds what was typed: the vocabulary's tag where there is one of that name, else an own word.
     * @param {string} text @param {number[]} [ids] @returns {Promise<import("../../core/protocol.js").Failure | null>} why not
     */
    async function addTag(text, ids = targetIds()) {
        /** @type {import("../../core/protocol.js").Failure | null} */
        let failure = null;
        await inOrder(async () => {
            try {
                assignTag(await context.session.tagRef(text), ids);
                state.completions.value = [];
            } catch (error) {
                failure = failureOf(error, "tag_invalid");
            }
        });
        return failure;
    }

    /** Looks for tags that may be meant. @param {string} typed */
    async function complete(typed) {
        const asked = ++requestNumber;
        try {
            const found = typed.trim() === "" ? [] : await context.session.complete(typed, 8);
            if (asked === requestNumber) state.completions.value = found;
        } catch {
            state.completions.value = []; // the engine is off: what is typed can wait
        }
    }

    /**
     * @param {MessageKey} key @param {{name: string}} params @param {number[]} ids
     * @param {(corrections: Corrections, id: number) => Corrections} step
     */
    function correct(key, { name }, ids, step) {
        const changes = ids
            .filter((id) => state.pictureOf(id)?.state === "done")
            .map((id) => ({ id, before: correctionsOf(id), after: step(correctionsOf(id), id) }))
            .filter(({ before, after }) => !isSame(before, after));
        if (changes.length === 0) return;
        const put = (/** @type {"before" | "after"} */ which) => () => {
            for (const one of changes) {
                correctionsById.set(one.id, one[which]);
                context.session.correct(one.id, one[which]);
            }
        };
        put("after")();
        rememberStep(key, { name, n: changes.length }, { undo: put("before"), redo: put("after") }, changes.length > 1);
    }

    /**
     * As `correct`, with a tag of its own for each picture.
     * @param {MessageKey} key what is said where it is the same tag for all @param {MessageKey} keyOfMany @param {number[]} ids
     * @param {(tags: Tag[]) => Tag | undefined} choose @param {(corrections: Corrections, tag: TagRef) => Corrections} step
     */
    const correctEach = (key, keyOfMany, ids, choose, step) =>
        inOrder(async () => {
            /** @type {Map<number, TagRef>} */
            const wanted = new Map();
            for (const { id, tags } of await tagsOf(ids)) {
                const tag = choose(tags);
                if (tag) wanted.set(id, { id: tag.id, name: tag.name });
            }
            const [first, ...others] = wanted.values();
            if (!first) return;
            const isOne = others.every(({ id }) => id === first.id);
            correct(isOne ? key : keyOfMany, first, [...wanted.keys()], (one, id) => {
                const tag = wanted.get(id);
                return tag ? step(one, tag) : one;
            });
        });

    /** What is not on screen is asked for. @param {readonly number[]} ids @returns {Promise<{id: number, tags: Tag[]}[]>} */
    async function tagsOf(ids) {
        const found = [];
        try {
            for await (const one of context.session.tagsOf(ids)) found.push(one);
        } catch {
            return []; // the engine is off, and the page says so
        }
        return found;
    }

    return { acceptBest, acceptTag, addTag, complete, assignTag, resetTag, refreshSelectedTags, rejectLast, rejectTag };
}
