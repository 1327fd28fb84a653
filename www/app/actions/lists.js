/**
 * The allow and the deny list: what is typed there, and what its entries are called.
 * @import { Context } from "../context.js"
 * @import { CorrectionActions } from "./corrections.js"
 * @import { SettingActions } from "./settings.js"
 * @import { EntryOption } from "../state.js"
 *
 * @typedef {"allow" | "deny"} List
 */
import { effect } from "../../vendor/signals.js";
import * as state from "../state.js";

/** @type {import("../state.js").ListEntry} */
const EMPTY = { list: null, typed: "", marked: -1, is_open: false, is_unknown: false };

/** @param {Context} context @param {Pick<CorrectionActions, "complete">} corrections @param {Pick<SettingActions, "set">} settings */
export function create_lists(context, { complete }, { set }) {
    let stop = () => {};
    /** Only the newest answer counts. */
    let n_asked = 0;

    /** Keeps the names up to date while they are on show. */
    function watch_lists() {
        stop = effect(() => {
            const { allow, deny } = state.settings.value;
            // Another language has other names, another model other tags. Asked for in a moment: the batch gets the new policy after the state.
            if (state.tag_language.value && state.engine.value.status) queueMicrotask(() => name_lists([...new Set([...allow, ...deny])]));
        });
    }

    function leave_lists() {
        stop();
        state.list_entry.value = EMPTY;
        complete("");
    }

    /** @param {string[]} entries */
    async function name_lists(entries) {
        const asked = ++n_asked;
        try {
            const { names, categories } = await context.session.name_entries(entries);
            if (asked !== n_asked) return;
            const named = new Map(entries.map((entry, idx) => [entry, names[idx] ?? null]));
            for (const name of categories) if (named.has(`category:${name}`)) named.set(`category:${name}`, name);
            state.list_names.value = { names: named, categories };
        } catch {
            // The engine is off: entries are shown as they are stored.
        }
    }

    /** @param {List} list @param {string} typed */
    function type_entry(list, typed) {
        state.list_entry.value = { ...EMPTY, list, typed, is_open: true };
        complete(typed);
    }

    /** Marks the next option, or the one before; beyond the ends it begins anew. @param {List} list @param {1 | -1} by */
    function mark_option(list, by) {
        const { list_entry, entry_options } = state;
        const former = list_entry.value.list === list ? list_entry.value : { ...EMPTY, list };
        list_entry.value = { ...former, is_open: true };
        const n = entry_options.value.length;
        if (n > 0) list_entry.value = { ...list_entry.value, marked: former.marked < 0 ? (by > 0 ? 0 : n - 1) : (former.marked + by + n) % n };
    }

    function close_options() {
        state.list_entry.value = { ...state.list_entry.value, marked: -1, is_open: false };
    }

    /** Adds the option that is marked, else the one that is called what was typed, else the only one. @param {List} list */
    async function enter_entry(list) {
        const { typed, marked } = state.list_entry.value;
        const chosen = state.entry_options.value[marked];
        if (chosen) return add_entry(list, chosen);
        const word = typed.trim().toLowerCase();
        if (word === "") return;
        await complete(typed); // the last letters may have come faster than their answer
        const options = state.entry_options.value;
        const called = options.find(({ id, name }) => name.toLowerCase() === word || id.toLowerCase() === word);
        const meant = called ?? (options.length === 1 ? options[0] : undefined);
        if (meant) add_entry(list, meant);
        else state.list_entry.value = { ...state.list_entry.value, is_open: options.length > 0, is_unknown: options.length === 0 };
    }

    /** @param {List} list @param {EntryOption} entry */
    function add_entry(list, { id }) {
        state.list_entry.value = { ...EMPTY, list };
        complete("");
        set({ [list]: [...new Set([...state.settings.value[list], id])] });
    }

    /** @param {List} list @param {string} entry */
    function remove_entry(list, entry) {
        set({ [list]: state.settings.value[list].filter((one) => one !== entry) });
    }

    return {
        add_entry,
        close_options,
        enter_entry,
        leave_lists,
        mark_option,
        remove_entry,
        type_entry,
        watch_lists,
    };
}
