/**
 * Typing tags: what stands in the field, which completion is marked, and what becomes of it.
 * @import { CorrectionActions } from "./corrections.js"
 * @import { TagRef } from "../../core/engine_api.d.ts"
 * @import { TagEntry } from "../state.js"
 */
import * as state from "../state.js";

/** @type {TagEntry} */
const EMPTY = { box: "", typed: "", marked: -1, is_open: false, error: null };

/** @param {string} typed */
const words_of = (typed) => typed.split(",").filter((word) => word.trim() !== "");

/** What is being typed now, after the last comma. @param {string} typed */
const last_of = (typed) => typed.slice(typed.lastIndexOf(",") + 1);

/** @param {Pick<CorrectionActions, "add_tag" | "complete" | "give_tag">} corrections */
export function create_tag_entry({ add_tag, complete, give_tag }) {
    /**
     * A comma ends a tag as Enter does.
     * @param {string} box which field @param {string} typed all that stands in it @param {number[]} ids the pictures it is for
     */
    function type_tag(box, typed, ids) {
        state.tag_entry.value = { ...EMPTY, box, typed, is_open: true };
        if (typed.trimEnd().endsWith(",")) enter_tags(ids);
        else complete(last_of(typed));
    }

    /** Marks the next completion, or the one before; beyond the ends it begins anew. @param {1 | -1} by */
    function mark_completion(by) {
        const n = state.completions.value.length;
        if (n === 0) return;
        const { marked, is_open } = state.tag_entry.value;
        const next = !is_open || marked < 0 ? (by > 0 ? 0 : n - 1) : (marked + by + n) % n;
        state.tag_entry.value = { ...state.tag_entry.value, marked: next, is_open: true };
    }

    function close_completions() {
        state.tag_entry.value = { ...state.tag_entry.value, marked: -1, is_open: false };
    }

    /** Adds what was typed, and the completion that is marked in place of its last word. @param {number[]} ids */
    function enter_tags(ids) {
        const tag = state.completions.value[state.tag_entry.value.marked];
        if (tag) void take_completion(tag, ids);
        else void add_words(words_of(state.tag_entry.value.typed), ids);
    }

    /** @param {TagRef} tag @param {number[]} ids */
    async function take_completion(tag, ids) {
        const { typed } = state.tag_entry.value;
        await add_words(words_of(typed.slice(0, typed.length - last_of(typed).length)), ids);
        give_tag(tag, ids);
    }

    /** What cannot be a tag, and what comes after it, goes back into the field. @param {string[]} words @param {number[]} ids */
    async function add_words(words, ids) {
        const { box } = state.tag_entry.value;
        state.tag_entry.value = { ...EMPTY, box };
        complete("");
        for (const [idx, word] of words.entries()) {
            const error = await add_tag(word, ids);
            if (!error) continue;
            const typed = [...words.slice(idx), state.tag_entry.value.typed].filter(Boolean).join(", ");
            state.tag_entry.value = { ...EMPTY, box, typed, error };
            return;
        }
    }

    return { close_completions, enter_tags, mark_completion, take_completion, type_tag };
}
