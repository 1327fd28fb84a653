/**
 * What people say of tags: add, accept, reject, take back, be done; on one picture or on many. It needs no model: pictures that wait or
 * failed keep what is said of them.
 * @import { Corrections, TagRef, Tag } from "../../core/engine_api.d.ts"
 * @import { Failure } from "../../core/protocol.js"
 * @import { MessageKey } from "../../i18n/en.js"
 * @import { Context } from "../context.js"
 * @import { Step } from "../history.js"
 * @import { StepMove, Undo } from "./undo.js"
 *
 * @typedef {{id: number, before: Corrections, after: Corrections}} Correction
 */
import { failureOf } from "../../core/protocol.js";
import {
    NO_CORRECTIONS,
    isSame,
    readChanges,
    withAccepted,
    withRejected,
    withReset,
    withReviewed,
    withTakenOver,
    withoutReview,
} from "../corrections.js";
import * as state from "../state.js";
import { setCurrent } from "./grid.js";
import { showCorrections } from "./shown_corrections.js";

/** What is done next is done to these: the selection, else the open picture, else the one that has the keyboard. @returns {number[]} */
export function targetIds() {
    const { selectedIds, opened, gridIds, current } = state;
    if (selectedIds.value.length > 0) return selectedIds.value;
    const id = opened.value ?? gridIds.value[current.value];
    return id === undefined ? [] : [id];
}

/** @typedef {ReturnType<typeof createCorrections>} CorrectionActions */

/** @param {Context} context @param {Undo} undo */
export function createCorrections(context, { handle, inOrder, rememberStep }) {
    /** Only the newest answer counts. */
    let requestNumber = 0;
    /** @param {number} id */
    const correctionsOf = (id) => state.pictureOf(id)?.corrections ?? NO_CORRECTIONS;

    /** Makes a tag the person's: on one picture whatever the model says, on many where the model suggests it. @param {TagRef} tag @param {number[]} [ids] */
    const acceptTag = (tag, ids = targetIds()) =>
        ids.length <= 1
            ? correct("did_accept", { name: tag.name }, ids, (one) => withAccepted(one, tag))
            : correctShowing(tag, "did_accept", ids, (one) => withAccepted(one, tag));

    /** Adds tags that are known by their ids, in one step. @param {readonly TagRef[]} tags @param {number[]} [ids] */
    function assignTags(tags, ids = targetIds()) {
        const name = tags.map((tag) => tag.name).join(", ");
        const inBulk = ids.length > 1;
        correct("did_add", { name }, ids, (one) =>
            tags.reduce((corrections, tag) => withAccepted(corrections, tag, inBulk), one),
        );
    }

    /**
     * Takes over what was said of the same pictures elsewhere, in one step.
     * @param {string} name of where @param {ReadonlyMap<number, {given: readonly TagRef[], rejected: readonly TagRef[]}>} said
     */
    function takeOver(name, said) {
        correct("did_take_over", { name }, [...said.keys()], (one, id) => {
            const elsewhere = said.get(id);
            return elsewhere ? withTakenOver(one, elsewhere) : one;
        });
    }

    /** Takes a tag away, of many pictures from those that show it. @param {TagRef} tag @param {number[]} [ids] */
    const rejectTag = (tag, ids = targetIds()) =>
        ids.length <= 1
            ? correct("did_reject", { name: tag.name }, ids, (one) => withRejected(one, tag))
            : correctShowing(tag, "did_reject", ids, (one) => withRejected(one, tag));

    /** "None of this": takes a tag away with all above it. @param {Tag} tag @param {number} id */
    const rejectBranch = (tag, id) =>
        correct("did_reject_branch", { name: tag.name }, [id], (one) => withoutBranch(one, tag));

    /** Makes the surest tag that is not the person's yet theirs, on each picture its own. @param {number[]} [ids] */
    const acceptBest = (ids = targetIds()) =>
        correctEach(
            "did_accept",
            "did_accept_best",
            ids,
            (tags) => tags.find(({ source }) => source !== "manual"),
            withAccepted,
        );

    /** Takes away the last tag of each picture. @param {number[]} [ids] */
    const rejectLast = (ids = targetIds()) =>
        correctEach("did_reject", "did_reject_last", ids, (tags) => tags.at(-1), withRejected);

    /** Takes away the last tag of each picture with all above it. @param {number[]} [ids] */
    const rejectLastBranch = (ids = targetIds()) =>
        correctEach(
            "did_reject_branch",
            "did_reject_last",
            ids,
            (tags) => tags.at(-1),
            (corrections, tag) => withoutBranch(corrections, tag),
        );

    /** The model decides about this tag again. @param {TagRef} tag @param {number[]} [ids] */
    function resetTag(tag, ids = targetIds()) {
        correct("did_leave_open", { name: tag.name }, ids, (one) => withReset(one, tag.id));
    }

    /** Accepts all that is shown, and goes on to the next picture that is not reviewed. @param {number[]} [ids] */
    const review = (ids = targetIds()) =>
        inOrder(async () => {
            const shown = new Map((await tagsOf(ids)).map(({ id, tags }) => [id, tags]));
            // First: a filter may take the picture away that the next one follows.
            const next = nextToReview(new Set(ids));
            correct("did_review", { name: nameOf(ids) }, ids, (one, id) => withReviewed(one, shown.get(id) ?? []));
            if (ids.length === 1 && next !== null) setCurrent(next);
        });

    /** @param {number[]} [ids] */
    const unreview = (ids = targetIds()) => correct("did_unreview", { name: nameOf(ids) }, ids, withoutReview);

    /** The place of the first picture after these that still is to be looked at; beyond the end it begins anew. @param {ReadonlySet<number>} ids */
    function nextToReview(ids) {
        const all = state.gridIds.value;
        const from = Math.max(...[...ids].map((id) => all.indexOf(id)));
        for (let step = 1; step <= all.length; step++) {
            const idx = (from + step) % all.length;
            const id = all[idx] ?? 0;
            if (!ids.has(id) && !state.reviewed.value.has(id)) return idx;
        }
        return null;
    }

    /**
     * Adds what was typed: the vocabulary's tag where there is one of that name, else an own word. All that can be a tag, in one step.
     * @param {readonly string[]} words @param {number[]} [ids] @param {readonly TagRef[]} [known] those that are meant besides
     * @returns {Promise<{failure: Failure, rest: string[]} | null>} what cannot be a tag, and those behind it
     */
    async function addTags(words, ids = targetIds(), known = []) {
        /** @type {{failure: Failure, rest: string[]} | null} */
        let failed = null;
        await inOrder(async () => {
            /** @type {TagRef[]} */
            const tags = [];
            for (const [idx, word] of words.entries()) {
                try {
                    tags.push(await context.session.tagRef(word));
                } catch (error) {
                    failed = { failure: failureOf(error, "tag_invalid"), rest: words.slice(idx) };
                    break;
                }
            }
            if (failed === null) tags.push(...known);
            if (tags.length > 0) assignTags(tags, ids);
            state.completions.value = [];
        });
        return failed;
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

    /** Finds out which tags the chosen pictures have. */
    async function refreshSelectedTags() {
        const ids = state.selectedIds.value;
        state.selectedTags.value = null;
        const found = /** @type {Map<string, import("../state.js").SelectedTag>} */ (new Map());
        for (const { id, tags } of await tagsOf(ids)) {
            for (const tag of tags) {
                const one = found.get(tag.id) ?? { id: tag.id, name: tag.name, ids: [], autoIds: [] };
                one.ids.push(id);
                if (tag.source !== "manual") one.autoIds.push(id);
                found.set(tag.id, one);
            }
        }
        if (ids === state.selectedIds.value)
            state.selectedTags.value = [...found.values()].sort(
                (a, b) => b.ids.length - a.ids.length || a.name.localeCompare(b.name),
            );
    }

    /**
     * What a step over many pictures would do to them.
     * @param {readonly number[]} ids @param {(corrections: Corrections, id: number) => Corrections} step @returns {Correction[]}
     */
    const correctionsBy = (ids, step) =>
        ids
            .filter((id) => state.pictures.has(id))
            .map((id) => ({ id, before: correctionsOf(id), after: step(correctionsOf(id), id) }))
            .filter(({ before, after }) => !isSame(before, after));

    /** Everything that a person said, as a step over all pictures would change it. @param {(corrections: Corrections) => Corrections} step */
    const correctionsOfAll = (step) => correctionsBy(state.orderedIds.value, step);

    /**
     * What is said goes on the page at once, and into the library together with the step that did it, and the settings that it changed too.
     * @param {readonly Correction[]} changes @param {"before" | "after"} which
     * @param {{step?: Step, move?: StepMove, settings?: Record<string, unknown>}} [how]
     */
    function put(changes, which, how = {}) {
        const said = changes.map((one) => ({ id: one.id, corrections: one[which] }));
        showCorrections(said);
        for (const { id, corrections } of said) context.session.correct(id, corrections);
        if (said.length > 0 || how.step || how.move) context.library.write("correct", { changes: said, ...how });
    }

    /**
     * @param {MessageKey} key @param {{name: string}} params @param {number[]} ids
     * @param {(corrections: Corrections, id: number) => Corrections} step
     */
    function correct(key, { name }, ids, step) {
        const changes = correctionsBy(ids, step);
        if (changes.length === 0) return;
        const how = { kind: /** @type {const} */ ("corrections"), data: changes };
        put(changes, "after", { step: rememberStep(key, { name, n: changes.length }, how, changes.length > 1) });
    }

    handle("corrections", {
        undo: (data, move) => put(readChanges(data), "before", { move }),
        redo: (data, move) => put(readChanges(data), "after", { move }),
    });

    /**
     * As `correct`, for those of many pictures that show the tag.
     * @param {TagRef} tag @param {MessageKey} key @param {number[]} ids @param {(corrections: Corrections) => Corrections} step
     */
    const correctShowing = (tag, key, ids, step) =>
        inOrder(async () => {
            const shows = (/** @type {{tags: Tag[]}} */ { tags }) => tags.some(({ id }) => id === tag.id);
            const showing = (await tagsOf(ids)).filter(shows).map(({ id }) => id);
            correct(key, { name: tag.name }, showing, step);
        });

    /**
     * As `correct`, with a tag of its own for each picture.
     * @param {MessageKey} key what is said where it is the same tag for all @param {MessageKey} keyOfMany @param {number[]} ids
     * @param {(tags: Tag[]) => Tag | undefined} choose @param {(corrections: Corrections, tag: Tag) => Corrections} step
     */
    const correctEach = (key, keyOfMany, ids, choose, step) =>
        inOrder(async () => {
            /** @type {Map<number, Tag>} */
            const wanted = new Map();
            for (const { id, tags } of await tagsOf(ids)) {
                const tag = choose(tags);
                if (tag) wanted.set(id, tag);
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

    /** Whether a person gave a picture a tag: it is worth exporting, tagged or not. @param {number} id */
    const hasOwnTags = (id) => correctionsOf(id).own.length > 0;

    return {
        acceptBest,
        acceptTag,
        addTags,
        assignTags,
        complete,
        correctionsOf,
        correctionsOfAll,
        hasOwnTags,
        putCorrections: put,
        refreshSelectedTags,
        rejectBranch,
        rejectLast,
        rejectLastBranch,
        rejectTag,
        resetTag,
        review,
        takeOver,
        unreview,
    };
}

/** @param {Corrections} said @param {Tag} tag */
const withoutBranch = (said, tag) => [tag, ...tag.parents].reduce(withRejected, said);

/** @param {number[]} ids */
const nameOf = ([id = 0]) => state.pictureOf(id)?.name ?? "";
