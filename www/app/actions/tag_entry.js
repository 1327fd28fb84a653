/**
 * Typing tags: what stands in the field, which completion is marked, and what becomes of it.
 * @import { CorrectionActions } from "./corrections.js"
 * @import { TagRef } from "../../core/engine_api.d.ts"
 * @import { TagEntry } from "../state.js"
 */
import * as state from "../state.js";

/** @type {TagEntry} */
const EMPTY = { box: "", typed: "", marked: -1, isOpen: false, error: null };

/** @param {string} typed */
const splitWords = (typed) => typed.split(",").filter((word) => word.trim() !== "");

/** What is being typed now, after the last comma. @param {string} typed */
const lastWord = (typed) => typed.slice(typed.lastIndexOf(",") + 1);

/** @param {Pick<CorrectionActions, "addTags" | "complete">} corrections */
export function createTagEntry({ addTags, complete }) {
    /**
     * A comma ends a tag as Enter does.
     * @param {string} box which field @param {string} typed all that stands in it @param {number[]} ids the pictures it is for
     */
    function typeTag(box, typed, ids) {
        state.tagEntry.value = { ...EMPTY, box, typed, isOpen: true };
        if (typed.trimEnd().endsWith(",")) enterTags(ids);
        else complete(lastWord(typed));
    }

    /** Marks the next completion, or the one before; beyond the ends it begins anew. @param {1 | -1} by */
    function markCompletion(by) {
        const n = state.completions.value.length;
        if (n === 0) return;
        const { marked, isOpen } = state.tagEntry.value;
        const next = !isOpen || marked < 0 ? (by > 0 ? 0 : n - 1) : (marked + by + n) % n;
        state.tagEntry.value = { ...state.tagEntry.value, marked: next, isOpen: true };
    }

    function closeCompletions() {
        state.tagEntry.value = { ...state.tagEntry.value, marked: -1, isOpen: false };
    }

    /** Adds what was typed, and the completion that is marked in place of its last word. @param {number[]} ids */
    function enterTags(ids) {
        const tag = state.completions.value[state.tagEntry.value.marked];
        if (tag) void takeCompletion(tag, ids);
        else void addWords(splitWords(state.tagEntry.value.typed), ids);
    }

    /** @param {TagRef} tag @param {number[]} ids */
    async function takeCompletion(tag, ids) {
        const { typed } = state.tagEntry.value;
        await addWords(splitWords(typed.slice(0, typed.length - lastWord(typed).length)), ids, [tag]);
    }

    /**
     * All in one step. What cannot be a tag, and what comes after it, goes back into the field.
     * @param {string[]} words @param {number[]} ids @param {TagRef[]} [known]
     */
    async function addWords(words, ids, known = []) {
        const { box } = state.tagEntry.value;
        state.tagEntry.value = { ...EMPTY, box };
        complete("");
        const failed = await addTags(words, ids, known);
        if (!failed) return;
        const rest = [...failed.rest, ...known.map(({ name }) => name), state.tagEntry.value.typed];
        state.tagEntry.value = { ...EMPTY, box, typed: rest.filter(Boolean).join(", "), error: failed.failure };
    }

    return { closeCompletions, enterTags, markCompletion, takeCompletion, typeTag };
}
