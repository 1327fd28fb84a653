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
const EMPTY = { list: null, typed: "", marked: -1, isOpen: false, isUnknown: false };

/** @param {Context} context @param {Pick<CorrectionActions, "complete">} corrections @param {Pick<SettingActions, "set">} settings */
export function createLists(context, { complete }, { set }) {
    let stop = () => {};
    /** Only the newest answer counts. */
    let requestNumber = 0;

    /** Keeps the names up to date while they are on show. */
    function openLists() {
        stop = effect(() => {
            const { allow, deny } = state.settings.value;
            // Another language has other names, another model other tags. Asked for in a moment: the session gets the new policy after the state.
            if (state.tagLanguage.value && state.engine.value.status)
                queueMicrotask(() => nameLists([...new Set([...allow, ...deny])]));
        });
    }

    function closeLists() {
        stop();
        state.listEntry.value = EMPTY;
        complete("");
    }

    /** @param {string[]} entries */
    async function nameLists(entries) {
        const asked = ++requestNumber;
        try {
            const { names, categories } = await context.session.nameEntries(entries);
            if (asked !== requestNumber) return;
            const named = new Map(entries.map((entry, idx) => [entry, names[idx] ?? null]));
            for (const name of categories) if (named.has(`category:${name}`)) named.set(`category:${name}`, name);
            state.listNames.value = { names: named, categories };
        } catch {
            // The engine is off: entries are shown as they are stored.
        }
    }

    /** @param {List} list @param {string} typed */
    function typeEntry(list, typed) {
        state.listEntry.value = { ...EMPTY, list, typed, isOpen: true };
        complete(typed);
    }

    /** Marks the next option, or the one before; beyond the ends it begins anew. @param {List} list @param {1 | -1} by */
    function markOption(list, by) {
        const { listEntry, entryOptions } = state;
        const former = listEntry.value.list === list ? listEntry.value : { ...EMPTY, list };
        listEntry.value = { ...former, isOpen: true };
        const n = entryOptions.value.length;
        if (n > 0)
            listEntry.value = {
                ...listEntry.value,
                marked: former.marked < 0 ? (by > 0 ? 0 : n - 1) : (former.marked + by + n) % n,
            };
    }

    function closeOptions() {
        state.listEntry.value = { ...state.listEntry.value, marked: -1, isOpen: false };
    }

    /** Adds the option that is marked, else the one that is called what was typed, else the only one. @param {List} list */
    async function enterEntry(list) {
        const { typed, marked } = state.listEntry.value;
        const chosen = state.entryOptions.value[marked];
        if (chosen) return addEntry(list, chosen);
        const word = typed.trim().toLowerCase();
        if (word === "") return;
        await complete(typed); // the last letters may have come faster than their answer
        const options = state.entryOptions.value;
        const called = options.find(({ id, name }) => name.toLowerCase() === word || id.toLowerCase() === word);
        const meant = called ?? (options.length === 1 ? options[0] : undefined);
        if (meant) addEntry(list, meant);
        else
            state.listEntry.value = {
                ...state.listEntry.value,
                isOpen: options.length > 0,
                isUnknown: options.length === 0,
            };
    }

    /** @param {List} list @param {EntryOption} entry */
    function addEntry(list, { id }) {
        state.listEntry.value = { ...EMPTY, list };
        complete("");
        set({ [list]: [...new Set([...state.settings.value[list], id])] });
    }

    /** @param {List} list @param {string} entry */
    function removeEntry(list, entry) {
        set({ [list]: state.settings.value[list].filter((one) => one !== entry) });
    }

    return {
        addEntry,
        closeOptions,
        enterEntry,
        closeLists,
        markOption,
        removeEntry,
        typeEntry,
        openLists,
    };
}
