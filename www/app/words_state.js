/**
 * What the part "words" knows, as signals. Views read; app/actions/words.js writes. The list itself is `strictWords` of state.js.
 * @import { ImportedWords, StrictReport, WordsHealth } from "../core/engine_api.d.ts"
 * @import { Failure } from "../core/protocol.js"
 */
import { signal } from "../vendor/signals.js";

/** What shows as which word and what is parked; null until it is known, and where the list is not in force. */
export const wordsReport = signal(/** @type {StrictReport | null} */ (null));
/** Words that may be the same, and the word that each suggestion nearly is; null until it is known. */
export const wordsHealth = signal(/** @type {WordsHealth | null} */ (null));
/** A vocabulary that was read and waits to be used. */
export const wordsImport = signal(
    /** @type {{status: "reading"} | {status: "asking", imported: ImportedWords} | null} */ (null),
);
export const wordsFailure = signal(/** @type {Failure | null} */ (null));
