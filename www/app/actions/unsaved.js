/**
 * Whether closing the page would lose what a person said, where nothing is kept or what is to be kept finds no room: corrections of pictures in the grid, or rules over their
 * tags, that are in no export yet; and what no export has (collections, texts, own tags), until a backup has it. What was taken back again is no loss.
 * @import { Corrections } from "../../core/engine_api.d.ts"
 * @import { CorrectionActions } from "./corrections.js"
 */
import { effect } from "../../vendor/signals.js";
import { NO_CORRECTIONS, isSame } from "../corrections.js";
import * as state from "../state.js";

/** @typedef {ReturnType<typeof createUnsaved>} Unsaved */

/** @param {Pick<import("../library.js").Library, "nSaid">} library @param {Pick<CorrectionActions, "correctionsOf">} corrections */
export function createUnsaved(library, { correctionsOf }) {
    /** How much had been said when the last backup was taken. */
    let nInBackup = 0;
    /** What was said of each picture when it was exported last. @type {Map<number, Corrections>} */
    const savedById = new Map();
    const rulesNow = () => JSON.stringify(state.rules.value);
    /** The rules of the last export, or those that were there before the first picture; pictures may be faster than this part of the page. */
    let savedRules = rulesNow();
    effect(() => {
        if (state.total.value === 0) savedRules = rulesNow();
    });

    /**
     * To be called when what is exported is taken; what it returns, when it has been written.
     * @param {readonly number[]} ids
     */
    function beginSaving(ids) {
        const rules = rulesNow();
        const said = ids.map((id) => /** @type {const} */ ([id, correctionsOf(id)]));
        return () => {
            savedRules = rules;
            for (const [id, corrections] of said) savedById.set(id, corrections);
        };
    }

    /** The same of a backup, or of one that is restored: it has everything. */
    function beginBackup() {
        const saved = beginSaving(state.orderedIds.value);
        const { nSaid } = library;
        return () => {
            saved();
            nInBackup = nSaid;
        };
    }

    /** @param {number} id */
    const isUnsaved = (id) => !isSame(correctionsOf(id), savedById.get(id) ?? NO_CORRECTIONS);

    const isWorkUnsaved = () =>
        state.isFull.value ||
        (state.kept.value?.where !== "opfs" &&
            state.total.value > 0 &&
            (library.nSaid !== nInBackup || rulesNow() !== savedRules || state.orderedIds.value.some(isUnsaved)));

    return { beginBackup, beginSaving, isWorkUnsaved };
}
