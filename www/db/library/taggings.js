/**
 * What shows of files: the tagging of the model's run that the rule prefers, and those of own taggers and providers beside it, handed over as they are stored.
 * @import { ModelRef, RunRow, StoredTaggings, StoredTag, Which } from "../protocol.js"
 * @import { Row } from "./database.js"
 * @import { Library } from "./library.js"
 */
import runsByRank from "../queries/runs_by_rank.sql";
import shown from "../queries/shown.sql";
import taggedBy from "../queries/tagged_by.sql";
import tags from "../queries/tags.sql";
import { idsOf } from "./order.js";
import { NumberSink, Sink } from "./packed.js";

/** A run, and whether those of its group that come after it do not show where it does. @typedef {RunRow & {isEnd: boolean}} ShownRun */

/** The runs that may show, the one that is preferred first; which of them has tagged an asset. */
export class ShownRuns {
    #db;
    /** Of models. @type {ShownRun[]} */
    #ofModels;
    /** Of each own tagger and provider. @type {ShownRun[][]} */
    #ofOthers;
    #isPreferred;

    /** @param {Library} library @param {ModelRef} [model] */
    constructor({ db }, model) {
        this.#db = db;
        const { id = "", version = "", pipeline = 0 } = model ?? {};
        const rows = db.all(runsByRank, [id, version, pipeline], shownRun);
        this.#ofModels = rows.filter(({ kind }) => kind === "model");
        const others = rows.slice(this.#ofModels.length);
        this.#ofOthers = [];
        // They come one tagger after the other.
        for (const run of others) {
            const last = this.#ofOthers.at(-1);
            if (last?.[0]?.kind === run.kind && last[0].tagger === run.tagger) last.push(run);
            else this.#ofOthers.push([run]);
        }
        this.#isPreferred = (/** @type {RunRow} */ run) =>
            run.tagger === id && run.version === version && run.pipeline === pipeline;
    }

    /**
     * Calls `take` with the row of a query over files and a run (queries/shown.sql) for each file of which a model's tags show.
     * @param {Uint32Array} ids @param {string} query whose first column is the file's id @param {(row: Row, run: ShownRun) => void} take
     */
    each(ids, query, take) {
        let left = ids;
        for (const run of this.#ofModels) {
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

    /** As `each`, for what own taggers and providers found: of a file perhaps several rows. @param {Uint32Array} ids @param {string} query @param {(row: Row, run: ShownRun) => void} take */
    eachOfOthers(ids, query, take) {
        if (this.#ofOthers.length === 0) return;
        // There may be many runs over few files each: no run is asked about files that it has not tagged.
        const runs = this.#ofOthers.flatMap((ofOne) => ofOne.map(({ id }) => id));
        /** @type {Map<number, number[]>} */
        const filesOf = new Map(runs.map((id) => [id, []]));
        const lists = [JSON.stringify(Array.from(ids)), JSON.stringify(runs)];
        this.#db.each(taggedBy, lists, (row) => void filesOf.get(row.real(1))?.push(row.real(0)));
        for (const ofOne of this.#ofOthers) {
            /** @type {Set<number>} */
            const ended = new Set();
            for (const run of ofOne) {
                const files = (filesOf.get(run.id) ?? []).filter((id) => !ended.has(id));
                if (files.length > 0) this.#db.each(query, [JSON.stringify(files), run.id], (row) => take(row, run));
                if (run.isEnd) for (const id of files) ended.add(id);
            }
        }
    }

    /** Whether the model has tagged it. @param {number} asset */
    isTaggedByModel(asset) {
        const isThere = "SELECT count(*) FROM tagging WHERE asset = ?1 AND run = ?2";
        return this.#ofModels.some((run) => this.#isPreferred(run) && this.#db.number(isThere, [asset, run.id]) > 0);
    }
}

/** @param {Row} row of queries/runs_by_rank.sql @returns {ShownRun} */
const shownRun = (row) => ({
    id: row.real(0),
    tagger: row.text(1),
    version: row.text(2),
    pipeline: row.int(3),
    components: JSON.parse(row.text(4)),
    kind: /** @type {RunRow["kind"]} */ (row.word(5)),
    has_confidence: row.int(6) === 1,
    own: { threshold: row.realOrNull(8), max_tags: row.realOrNull(9) },
    thresholds: JSON.parse(row.textOrNull(10) ?? "null"),
    isEnd: row.int(7) === 1,
});

const encoder = new TextEncoder();
const COMMA = encoder.encode(",");
const TIMINGS = encoder.encode(',"timings_ms":');
const END = encoder.encode("}");

export const taggingCalls = {
    /** @param {Library} library @param {Which & {model: ModelRef}} which @returns {StoredTaggings} */
    taggings(library, { model, ...which }) {
        const shownRuns = new ShownRuns(library, model);
        const wanted = idsOf(library, which);
        const column = () => new NumberSink(wanted.length);
        const [ids, runs, lengths, boxLengths] = [column(), column(), column(), column()];
        const [json, candidates, boxes] = [new Sink(), new Sink(), new Sink()];
        /** @type {Set<ShownRun>} */
        const rows = new Set();
        /** @param {Row} row @param {ShownRun} run */
        const take = (row, run) => {
            if (rows.size > 0) json.add(COMMA);
            for (const part of [row.bytes(5), TIMINGS, row.bytes(2), END]) json.add(part);
            ids.add(row.real(0));
            runs.add(run.id);
            rows.add(run);
            lengths.add(candidates.add(row.bytes(3)));
            boxLengths.add(boxes.add(row.bytes(4)));
        };
        shownRuns.each(wanted, shown, take);
        shownRuns.eachOfOthers(wanted, shown, take);
        return {
            ids: ids.taken(),
            runs: runs.taken(),
            run_rows: Array.from(rows, ({ isEnd: _, ...row }) => row),
            facts: `[${new TextDecoder().decode(json.taken())}]`,
            lengths: lengths.taken(),
            candidates: candidates.taken(),
            box_lengths: boxLengths.taken(),
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
