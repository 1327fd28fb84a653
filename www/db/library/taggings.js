/**
 * What shows of files: the tagging of the run that the rule prefers, handed over as it is stored.
 * @import { ModelRef, RunRow, StoredTaggings, StoredTag, Which } from "../protocol.js"
 * @import { Row } from "./database.js"
 * @import { Library } from "./library.js"
 */
import facts from "../queries/facts.sql";
import runsByRank from "../queries/runs_by_rank.sql";
import tagging from "../queries/tagging.sql";
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
     * What `make` takes from the row of queries/tagging.sql that shows; null where nothing does.
     * @template T
     * @param {number} asset @param {(row: Row, run: RunRow) => T} make
     */
    find(asset, make) {
        for (const run of this.rows) {
            let isThere = false;
            const made = this.#db.first(tagging, [asset, run.id], (row) => {
                isThere = true;
                return make(row, run);
            });
            if (isThere) return made;
        }
        return null;
    }

    /** @param {number} asset */
    isTaggedByModel(asset) {
        return this.find(asset, (_, run) => this.#isPreferred(run)) ?? false;
    }
}

const encoder = new TextEncoder();
const COMMA = encoder.encode(",");
const TIMINGS = encoder.encode(',"timings_ms":');
const END = encoder.encode("}");

export const taggingCalls = {
    /** @param {Library} library @param {Which & {model: ModelRef}} which @returns {StoredTaggings} */
    taggings(library, { model, ...which }) {
        const shown = new ShownRuns(library, model);
        const wanted = idsOf(library, which);
        const column = () => new Uint32Array(wanted.length);
        const [ids, runs, lengths, boxLengths] = [column(), column(), column(), column()];
        const [json, candidates, boxes] = [new Sink(), new Sink(), new Sink()];
        /** @type {Set<RunRow>} */
        const shownRuns = new Set();
        let n = 0;
        for (const id of wanted)
            library.db.first(facts, [id], (file) =>
                shown.find(file.real(0), (row, run) => {
                    if (n > 0) json.add(COMMA);
                    for (const part of [file.bytes(1), TIMINGS, row.bytes(1), END]) json.add(part);
                    ids[n] = id;
                    runs[n] = run.id;
                    shownRuns.add(run);
                    lengths[n] = candidates.add(row.bytes(2));
                    boxLengths[n] = boxes.add(row.bytes(3));
                    n++;
                }),
            );
        return {
            ids: ids.slice(0, n),
            runs: runs.slice(0, n),
            run_rows: [...shownRuns],
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
