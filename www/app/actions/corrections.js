/**
 * What people say of tags: add, accept, reject, take back; on one picture or on many.
 * @import { Corrections, TagRef, Tag } from "../../core/engine_api.d.ts"
 * @import { MessageKey } from "../../i18n/en.js"
 * @import { Context } from "../context.js"
 * @import { Undo } from "./undo.js"
 */
import { failure_of } from "../../core/protocol.js";
import { NOTHING_SAID, accepted, is_same, left_open, refused } from "../corrections.js";
import * as state from "../state.js";

/** What is done next is done to these: the selection, else the open picture, else the one that has the keyboard. @returns {number[]} */
export function targets() {
    const { chosen, opened, sheet, current } = state;
    if (chosen.value.length > 0) return chosen.value;
    const id = opened.value ?? sheet.value[current.value];
    return id === undefined ? [] : [id];
}

/** @typedef {ReturnType<typeof create_corrections>} CorrectionActions */

/** @param {Context} context @param {Undo} undo */
export function create_corrections(context, { in_turn, remember_step }) {
    /** What is said of each picture; nothing of the others. @type {Map<number, Corrections>} */
    const said = new Map();
    /** Only the newest answer counts. */
    let n_asked = 0;
    /** @param {number} id */
    const said_of = (id) => said.get(id) ?? NOTHING_SAID;

    /** @param {TagRef} tag @param {number[]} [ids] */
    function accept_tag(tag, ids = targets()) {
        correct("did_accept", { name: tag.name }, ids, (one) => accepted(one, tag));
    }

    /** Adds a tag that is known by its id. @param {TagRef} tag @param {number[]} [ids] */
    function give_tag(tag, ids = targets()) {
        correct("did_add", { name: tag.name }, ids, (one) => accepted(one, tag));
    }

    /** @param {TagRef} tag @param {number[]} [ids] */
    function reject_tag(tag, ids = targets()) {
        correct("did_reject", { name: tag.name }, ids, (one) => refused(one, tag.id));
    }

    /** Makes the surest tag that is not the person's yet theirs, on each picture its own. @param {number[]} [ids] */
    const accept_best = (ids = targets()) =>
        correct_each("did_accept", "did_accept_best", ids, (tags) => tags.find(({ source }) => source === "auto"), accepted);

    /** Takes away the last tag of each picture. @param {number[]} [ids] */
    const reject_last = (ids = targets()) =>
        correct_each("did_reject", "did_reject_last", ids, (tags) => tags.at(-1), (said, { id }) => refused(said, id));

    /** Finds out which tags the chosen pictures have. */
    async function look_at_chosen_tags() {
        const ids = state.chosen.value;
        state.chosen_tags.value = null;
        const found = /** @type {Map<string, import("../state.js").ChosenTag>} */ (new Map());
        for (const { id, tags } of await tags_of(ids)) {
            for (const tag of tags) {
                const one = found.get(tag.id) ?? { id: tag.id, name: tag.name, ids: [] };
                one.ids.push(id);
                found.set(tag.id, one);
            }
        }
        if (ids === state.chosen.value) state.chosen_tags.value = [...found.values()].sort((a, b) => b.ids.length - a.ids.length);
    }

    /** The model decides about this tag again. @param {TagRef} tag @param {number[]} [ids] */
    function leave_tag_open(tag, ids = targets()) {
        correct("did_leave_open", { name: tag.name }, ids, (one) => left_open(one, tag.id));
    }

    /**
     * Adds what was typed: the vocabulary's tag where there is one of that name, else an own word.
     * @param {string} text @param {number[]} [ids] @returns {Promise<import("../../core/protocol.js").Failure | null>} why not
     */
    async function add_tag(text, ids = targets()) {
        /** @type {import("../../core/protocol.js").Failure | null} */
        let failure = null;
        await in_turn(async () => {
            try {
                give_tag(await context.session.tag_ref(text), ids);
                state.completions.value = [];
            } catch (error) {
                failure = failure_of(error, "tag_invalid");
            }
        });
        return failure;
    }

    /** Looks for tags that may be meant. @param {string} typed */
    async function complete(typed) {
        const asked = ++n_asked;
        try {
            const found = typed.trim() === "" ? [] : await context.session.complete(typed, 8);
            if (asked === n_asked) state.completions.value = found;
        } catch {
            state.completions.value = []; // the engine is off: what is typed can wait
        }
    }

    /**
     * @param {MessageKey} key @param {{name: string}} params @param {number[]} ids
     * @param {(said: Corrections, id: number) => Corrections} step
     */
    function correct(key, { name }, ids, step) {
        const changes = ids
            .filter((id) => state.picture_of(id)?.state === "done")
            .map((id) => ({ id, before: said_of(id), after: step(said_of(id), id) }))
            .filter(({ before, after }) => !is_same(before, after));
        if (changes.length === 0) return;
        const put = (/** @type {"before" | "after"} */ which) => () => {
            for (const one of changes) {
                said.set(one.id, one[which]);
                context.session.correct(one.id, one[which]);
            }
        };
        put("after")();
        remember_step(key, { name, n: changes.length }, { undo: put("before"), redo: put("after") }, changes.length > 1);
    }

    /**
     * As `correct`, with a tag of its own for each picture.
     * @param {MessageKey} key what is said where it is the same tag for all @param {MessageKey} key_of_many @param {number[]} ids
     * @param {(tags: Tag[]) => Tag | undefined} choose @param {(said: Corrections, tag: TagRef) => Corrections} step
     */
    const correct_each = (key, key_of_many, ids, choose, step) =>
        in_turn(async () => {
            /** @type {Map<number, TagRef>} */
            const wanted = new Map();
            for (const { id, tags } of await tags_of(ids)) {
                const tag = choose(tags);
                if (tag) wanted.set(id, { id: tag.id, name: tag.name });
            }
            const [first, ...others] = wanted.values();
            if (!first) return;
            const is_one = others.every(({ id }) => id === first.id);
            correct(is_one ? key : key_of_many, first, [...wanted.keys()], (one, id) => {
                const tag = wanted.get(id);
                return tag ? step(one, tag) : one;
            });
        });

    /** What is not on screen is asked for. @param {readonly number[]} ids @returns {Promise<{id: number, tags: Tag[]}[]>} */
    async function tags_of(ids) {
        const found = [];
        try {
            for await (const one of context.session.tags_of(ids)) found.push(one);
        } catch {
            return []; // the engine is off, and the page says so
        }
        return found;
    }

    return { accept_best, accept_tag, add_tag, complete, give_tag, leave_tag_open, look_at_chosen_tags, reject_last, reject_tag };
}
