/**
 * What shows of files: the tagging of the run that the rule prefers, handed over as it is stored.
 * @import { ModelRef, RunRow, StoredTaggings, StoredTag, Which } from "../protocol.js"
 * @import { Row } from "./database.js"
 * @import { Library } from "./library.js"
 */
import runsByRank from "../queries/runs_by_rank.sql";
import shown from "../queries/shown.sql";
import tags from "../queries/tags.sql";
import { idsOf } from "./order.js";
import { Sink } from "./packed.js";

/** The runs that may show, the one that is preferred first; which of them has tagged an asset. */
export class ShownRuns {
    #db;
    /** @type {RunRow[]} */
    rows;
    #isPreferred;

    /** @param {Library} library @param {ModelRef} [model] */
    constructor({ db }, model) {
        this.#db = db;
        const { id = "", version = "", pipeline = 0 } = model ?? {};
        this.rows = db.all(runsByRank, [id, version, pipeline], (row) => ({
            id: row.real(0),
            tagger: row.text(1),
            version: row.text(2),
            pipeline: row.int(3),
            components: JSON.parse(row.text(4)),
        }));
        this.#isPreferred = (/** @type {RunRow} */ run) =>
            run.tagger === id && run.version === version && run.pipeline === pipeline;
    }

    /**
     * Calls `take` with the row of a query over files and a run (queries/shown.sql) for each file of which something shows.
     * @param {Uint32Array} ids @param {string} query whose first column is the file's id @param {(row: Row, run: RunRow) => void} take
     */
    each(ids, query, take) {
        let left = ids;
        for (const run of this.rows) {
            if (left.length === 0) return;
            /** @type {Set<number>} */
            const given = new Set();
            this.#db.each(query, [JSON.stringify(Array.from(left)), run.id], (row) => {
                given.add(row.real(0));
                take(row, run);
            });
            if (given.size > 0) left = left.filter((id) => !given.has(id));
        }
    }

    /** Whether the model has tagged it. @param {number} asset */
    isTaggedByModel(asset) {
        const isThere = "SELECT count(*) FROM tagging WHERE asset = ?1 AND run = ?2";
        return this.rows.some((run) => this.#isPreferred(run) && this.#db.number(isThere, [asset, run.id]) > 0);
    }
}

const encoder = new TextEncoder();
const COMMA = encoder.encode(",");
const TIMINGS = encoder.encode(',"timings_ms":');
const END = encoder.encode("}");

export const taggingCalls = {
    /** @param {Library} library @param {Which & {model: ModelRef}} which @returns {StoredTaggings} */
    taggings(library, { model, ...which }) {
        const shownRuns = new ShownRuns(library, model);
        const wanted = idsOf(library, which);
        const column = () => new Uint32Array(wanted.length);
        const [ids, runs, lengths, boxLengths] = [column(), column(), column(), column()];
        const [json, candidates, boxes] = [new Sink(), new Sink(), new Sink()];
        /** @type {Set<RunRow>} */
        const rows = new Set();
        let n = 0;
        shownRuns.each(wanted, shown, (row, run) => {
            if (n > 0) json.add(COMMA);
            for (const part of [row.bytes(5), TIMINGS, row.bytes(2), END]) json.add(part);
            ids[n] = row.real(0);
            runs[n] = run.id;
            rows.add(run);
            lengths[n] = candidates.add(row.bytes(3));
            boxLengths[n] = boxes.add(row.bytes(4));
            n++;
        });
        return {
            ids: ids.slice(0, n),
            runs: runs.slice(0, n),
            run_rows: [...rows],
            facts: `[${new TextDecoder().decode(json.taken())}]`,
            lengths: lengths.slice(0, n),
            candidates: candidates.taken(),
            box_lengths: boxLengths.slice(0, n),
            boxes: boxes.taken(),
        };
    },

    /** @param {Library} library @returns {StoredTag[]} */
    tags: ({ db }) =>
        db.all(tags, [], (row) => ({
            id: row.real(0),
            ref: row.text(1),
            name: row.text(2),
            language: row.textOrNull(3),
        })),
};
