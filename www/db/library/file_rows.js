/**
 * Rows of files as columns, for a hundred thousand of them: paths are decoded together, and what repeats is decoded once.
 * @import { Corrections } from "../../core/engine_api.d.ts"
 * @import { FileState, Files, StoredFacts } from "../protocol.js"
 * @import { Row } from "./database.js"
 */
import { CodedError } from "../../core/protocol.js";
import { FILE_STATES } from "../protocol.js";
import { Sink } from "./packed.js";

const BETWEEN = new Uint8Array(1);

export class FileRows {
    #n = 0;
    #ids;
    #sizes;
    #dates;
    #states;
    #looks;
    #paths = new Sink();
    /** @type {(StoredFacts | null)[]} */
    #facts = [];
    /** @type {Files["failures"]} */
    #failures = {};
    /** @type {Set<number>} */
    #reviewed = new Set();
    /** @type {Map<number, number>} where the row of a file is */
    #places = new Map();

    /** @param {number} n at most so many */
    constructor(n) {
        this.#ids = new Uint32Array(n);
        this.#sizes = new Float64Array(n);
        this.#dates = new Float64Array(n);
        this.#states = new Uint8Array(n);
        this.#looks = new Uint8Array(n);
    }

    /** @param {Row} row of queries/file.sql @param {boolean} isBrief without the asset's facts */
    add(row, isBrief) {
        const id = row.real(15);
        const n = this.#n++;
        this.#places.set(id, n);
        this.#ids[n] = id;
        if (n > 0) this.#paths.add(BETWEEN);
        this.#paths.add(row.bytes(0));
        this.#sizes[n] = row.real(1);
        this.#dates[n] = row.real(2);
        const state = /** @type {FileState} */ (row.word(3));
        this.#states[n] = FILE_STATES.indexOf(state);
        if (state === "failed") this.#failures[id] = { code: row.textOrNull(4) ?? "", detail: row.textOrNull(5) ?? "" };
        if (row.int(6)) this.#reviewed.add(id);
        this.#facts.push(isBrief || row.isNull(7) ? null : factsOf(row));
    }

    /** @param {Row} row of queries/looks.sql @param {boolean} isBrief */
    addLooks(row, isBrief) {
        const n = this.#places.get(row.real(0)) ?? 0;
        this.#looks[n] = row.int(1);
        const facts = this.#facts[n];
        if (facts && !isBrief) facts.timings_ms = JSON.parse(row.text(2));
    }

    /** @param {(id: number, isReviewed: boolean) => Corrections | null} correctionsOf @param {ReadonlySet<number>} corrected @returns {Files} */
    files(correctionsOf, corrected) {
        const n = this.#n;
        const text = new TextDecoder().decode(this.#paths.taken());
        const paths = n === 0 ? [] : text.split("\0");
        if (paths.length !== n) throw new CodedError("library_damaged", "A path in the library has a NUL.");
        /** @type {Files["corrections"]} */
        const corrections = {};
        for (const id of this.#ids.subarray(0, n)) {
            const isReviewed = this.#reviewed.has(id);
            const said = isReviewed || corrected.has(id) ? correctionsOf(id, isReviewed) : null;
            if (said) corrections[id] = said;
        }
        return {
            ids: this.#ids.slice(0, n),
            paths,
            sizes: this.#sizes.slice(0, n),
            modified_ms: this.#dates.slice(0, n),
            states: this.#states.slice(0, n),
            looks: this.#looks.slice(0, n),
            facts: this.#facts,
            failures: this.#failures,
            corrections,
        };
    }
}

/** @param {Row} row of queries/file.sql @returns {StoredFacts} */
const factsOf = (row) => ({
    sha256: row.text(8),
    width: row.int(9),
    height: row.int(10),
    format: row.word(11),
    ...(row.int(12) && { incomplete: true }),
    ...(!row.isNull(13) && { decoder: /** @type {"browser"} */ (row.word(13)) }),
    ...(!row.isNull(14) && { taken_ms: row.real(14) }),
});
