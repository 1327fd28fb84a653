/**
 * Title, description and alternative text: what a person wrote of a file, and what providers found in its content.
 * @import { FileTexts, TextField, WithStep } from "../protocol.js"
 * @import { Library } from "./library.js"
 */
import putFoundText from "../queries/put_found_text.sql";
import putGivenText from "../queries/put_given_text.sql";
import texts from "../queries/texts.sql";
import { withStep } from "./steps.js";

/** A text is at most so long: more than any of these three is for, and little enough for a hundred thousand of them. */
export const MAX_TEXT_BYTES = 16_384;

/** @type {readonly TextField[]} in the order in which they are given */
const FIELDS = ["title", "description", "alt_text"];
const isField = (/** @type {string} */ field) => FIELDS.includes(/** @type {TextField} */ (field));

const encoder = new TextEncoder();
const room = new Uint8Array(MAX_TEXT_BYTES);

/** A text as it is kept: without NULs, which other programs take for its end, and cut after a whole character. @param {string} text */
export function keptText(text) {
    const whole = text.replaceAll("\0", "");
    return whole.slice(0, encoder.encodeInto(whole, room).read);
}

/** As part of a transaction: what a run says of an asset. @param {Library} library @param {number} asset @param {number} run @param {readonly {field: TextField, text: string}[]} found @param {string | null} language */
export function putFoundTexts({ db }, asset, run, found, language) {
    for (const { field, text } of found) {
        const kept = keptText(text).trim();
        if (isField(field) && kept !== "") db.run(putFoundText, [asset, run, field, language, kept]);
    }
}

export const textCalls = {
    /** @param {Library} library @param {{ids: readonly number[] | Uint32Array}} params @returns {FileTexts[]} */
    texts({ db }, { ids }) {
        /** @type {Map<number, FileTexts["texts"]>} */
        const found = new Map();
        db.each(texts, [JSON.stringify(Array.from(ids))], (row) => {
            const id = row.real(0);
            const run = row.realOrNull(5);
            const ofFile = found.get(id) ?? [];
            found.set(id, ofFile);
            ofFile.push({
                field: /** @type {TextField} */ (row.word(1)),
                text: row.text(2),
                source: run === null ? "person" : "provider",
                language: row.textOrNull(3),
                provider: row.textOrNull(4),
                run,
            });
        });
        const place = (/** @type {{field: TextField}} */ { field }) => FIELDS.indexOf(field);
        return [...found].map(([id, ofFile]) => ({ id, texts: ofFile.sort((a, b) => place(a) - place(b)) }));
    },

    /** @param {Library} library @param {{changes: readonly {file: number, field: TextField, text: string | null}[]} & WithStep} params @param {string} by */
    set_texts(library, { changes, ...step }, by) {
        const { db } = library;
        const now = Date.now();
        withStep(library, step, () => {
            for (const { file, field, text } of changes) {
                if (!isField(field)) throw new TypeError(`"${field}" is no field of a text.`);
                if (text === null) db.run("DELETE FROM given_text WHERE file = ?1 AND field = ?2", [file, field]);
                else db.run(putGivenText, [file, field, keptText(text), now]);
            }
        });
        library.announce(by, { texts: changes.map(({ file }) => file), steps: true });
        return null;
    },
};
