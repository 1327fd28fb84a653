/**
 * The strict vocabulary of the library: kept there beside the other settings, in force on the page, and each change of it a step that can be
 * taken back. Reading and looking after it comes with a part of its own (words.js).
 * @import { StrictWords } from "../../core/engine_api.d.ts"
 * @import { MessageKey } from "../../i18n/en.js"
 * @import { Context } from "../context.js"
 * @import { SnapshotActions } from "./snapshot.js"
 * @import { Undo } from "./undo.js"
 * @import { WithStep } from "../../db/protocol.js"
 *
 * @typedef {{is_on: boolean, words: StrictWords}} KeptWords
 */
import * as state from "../state.js";

/** Under which the library has it. */
const KEPT_AS = "strict_words";

/** @typedef {ReturnType<typeof createStrictWords>} StrictWordsActions */

/**
 * @param {Context} context @param {Pick<SnapshotActions, "applyPolicy">} snapshot
 * @param {Pick<Undo, "handle" | "rememberStep">} undo
 */
export function createStrictWords({ library }, { applyPolicy }, { handle, rememberStep }) {
    /** What the library has, of an earlier visit or of another tab. @param {Record<string, unknown>} kept */
    function takeWords({ [KEPT_AS]: kept }) {
        const { is_on: isOn, words } = Object(kept);
        const taken = Array.isArray(Object(words).words) ? { is_on: isOn === true, words } : null;
        if (JSON.stringify(taken) === JSON.stringify(state.strictWords.value)) return;
        state.strictWords.value = taken;
        applyPolicy();
    }

    /** @param {KeptWords | null} words @param {WithStep} how */
    function put(words, how) {
        state.strictWords.value = words;
        applyPolicy();
        library.write("save_settings", { settings: { [KEPT_AS]: words }, ...how });
    }

    /** @param {MessageKey} key what was done @param {Record<string, string | number>} params @param {KeptWords | null} words */
    function changeWords(key, params, words) {
        const data = { before: state.strictWords.value, after: words };
        put(words, { step: rememberStep(key, params, { kind: "words", data }) });
    }

    handle("words", {
        undo: ({ before }, move) => put(before, { move }),
        redo: ({ after }, move) => put(after, { move }),
    });

    return { changeWords, takeWords };
}
