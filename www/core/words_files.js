/**
 * Vocabularies of other programs, and the health of one's own, by the exports module. Only the session worker imports this.
 * @import { ImportedWords, WordsHealth } from "./engine_api.d.ts"
 * @import { Calls } from "./protocol.js"
 */
import { nearWords as near, readWords as read } from "tagsmith-exports";
import { bytesOf } from "./bytes.js";
import { startExports } from "./export_files.js";

/** @param {Calls["read_words"][0]} asked @returns {Promise<ImportedWords>} */
export async function readWords({ module, file, name, language }) {
    await startExports(module);
    return read(await bytesOf(file), name, language);
}

/** @param {Calls["near_words"][0]} asked @returns {Promise<WordsHealth>} */
export async function nearWords({ module, words, names }) {
    await startExports(module);
    return near(words, names);
}
