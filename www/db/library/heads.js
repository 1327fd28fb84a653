/**
 * Versions of own taggers: their files and reports, which of them is in use, and what they found. Whatever they found is a run like any other.
 * @import { FoundByHead, HeadTag } from "../own_protocol.js"
 * @import { WithStep } from "../protocol.js"
 * @import { Library } from "./library.js"
 */
import { CodedError } from "../../core/protocol.js";
import beginRun from "../queries/begin_run.sql";
import foundTags from "../queries/found_tags.sql";
import notFoundBy from "../queries/not_found_by.sql";
import openRun from "../queries/open_run.sql";
import putTagging from "../queries/put_tagging.sql";
import useHead from "../queries/use_head.sql";
import useNoHead from "../queries/use_no_head.sql";
import { idsOf } from "./order.js";
import { forgetForGood, forgetRuns } from "./own_taggers.js";
import { packCandidates } from "./packed.js";
import { NO_TIMINGS } from "./provider_results.js";
import { withStep } from "./steps.js";

const HEAD = `SELECT h.own_tagger, h.number, h.backbone, h.tags, o.name FROM head AS h JOIN own_tagger AS o ON o.id = h.own_tagger WHERE h.id = ?1`;
const ASSETS = `SELECT f.id, f.asset FROM json_each(?1) AS wanted CROSS JOIN file AS f ON f.id = wanted.value WHERE f.asset IS NOT NULL`;
const IS_THERE = "SELECT count(*) FROM head WHERE own_tagger = ?1 AND id = ?2";
/** Steps that would put a version in use, or have put it. */
const FORGET_STEPS =
    "DELETE FROM step WHERE kind = 'own_tagger' AND ?1 IN (json_extract(data, '$.before'), json_extract(data, '$.after'))";
const HOLDERS = `SELECT DISTINCT o.id FROM json_each(?1) AS wanted CROSS JOIN file AS o ON o.asset = wanted.value`;

/** @param {Library} library @param {number} id */
const headOf = ({ db }, id) =>
    db.first(HEAD, [id], (row) => ({
        tagger: row.text(0),
        number: row.real(1),
        backbone: row.text(2),
        tags: /** @type {HeadTag[]} */ (JSON.parse(row.text(3))),
        name: row.text(4),
    }));

export const headCalls = {
    /** @param {Library} library @param {{head: number}} params @returns {string | null} */
    head_file: ({ db }, { head }) => db.first("SELECT file FROM head WHERE id = ?1", [head], (row) => row.text(0)),

    /** @param {Library} library @param {{head: number}} params @returns {unknown} */
    head_report: ({ db }, { head }) =>
        JSON.parse(db.first("SELECT report FROM head WHERE id = ?1", [head], (row) => row.textOrNull(0)) ?? "null"),

    /** @param {Library} library @param {{own_tagger: string, head: number | null} & WithStep} params @param {string} by @throws own_head_gone */
    use_head(library, { own_tagger: tagger, head, ...step }, by) {
        const { db } = library;
        withStep(library, step, () => {
            if (head !== null && db.number(IS_THERE, [tagger, head]) === 0) {
                if (step.move) return; // what is beyond it can still be taken back
                throw new CodedError("own_head_gone", `The tagger ${tagger} has no version ${head}.`);
            }
            db.run(useNoHead, [tagger]);
            if (head !== null) db.run(useHead, [tagger, head]);
        });
        library.announce(by, { own: true, looks: true, steps: true });
        return null;
    },

    /** @param {Library} library @param {{head: number}} params @param {string} by @returns {{bytes: number}} */
    delete_head(library, { head }, by) {
        const forget = () => {
            const one = headOf(library, head);
            if (one) forgetRuns(library, one.tagger, one.number);
            library.db.run(FORGET_STEPS, [head]);
            library.db.run("DELETE FROM head WHERE id = ?1", [head]);
        };
        return forgetForGood(library, forget, by);
    },

    /** @param {Library} library @param {{head: number}} params @param {string} by */
    delete_head_report(library, { head }, by) {
        library.db.run("UPDATE head SET report = NULL WHERE id = ?1", [head]);
        library.announce(by, { own: true });
        return null;
    },

    /**
     * Goes on with the open run of this version, or begins one.
     * @param {Library} library @param {{head: number, pipeline?: number}} params @param {string} by
     * @returns {{run: number, tags: HeadTag[]} | null}
     */
    begin_head_run(library, { head, pipeline = 1 }, by) {
        const { db } = library;
        const run = db.transaction(() => {
            const one = headOf(library, head);
            if (!one) return null;
            const { tagger, number, tags, name } = one;
            const key = ["head", tagger, String(number), pipeline, JSON.stringify([`head:${tagger}`])];
            const thresholds = Object.fromEntries(tags.map(({ id, threshold }) => [id, threshold]));
            const values = [...key, JSON.stringify({ name, thresholds }), Date.now()];
            const id = (/** @type {import("./database.js").Row} */ row) => row.real(0);
            return {
                run: /** @type {number} */ (db.first(openRun, key, id) ?? db.first(beginRun, values, id)),
                tags,
            };
        });
        if (run) library.announce(by, { runs: true });
        return run;
    },

    /**
     * @param {Library} library @param {{run: number, found: FoundByHead}} params @param {string} by
     * @returns {{files: number[]}} whose tags are others now
     * @throws run_unknown: it was undone, or is gone with its tagger
     */
    record_found(library, { run, found }, by) {
        const { db, tags: table } = library;
        const assets = db.transaction(() => {
            const tags = db.first(foundTags, [run], (row) => /** @type {HeadTag[]} */ (JSON.parse(row.text(0))));
            if (!tags) throw new CodedError("run_unknown", "The run was undone, or is gone with its tagger.");
            const assetOf = new Map(
                db.all(ASSETS, [JSON.stringify(Array.from(found.ids))], (row) => [row.real(0), row.real(1)]),
            );
            const now = Date.now();
            const tagId = (/** @type {number} */ place) => {
                const tag = tags[place];
                if (!tag) throw new TypeError(`The version has no tag ${place}.`);
                return table.idOf(tag);
            };
            eachFound(found, (id, columns) => {
                const asset = assetOf.get(id);
                if (asset === undefined) return;
                const candidates = packCandidates(columns, tagId);
                db.run(putTagging, [asset, run, 1, NO_TIMINGS, candidates, new Uint8Array(), now]);
            });
            return [...new Set(assetOf.values())];
        });
        const files = db.all(HOLDERS, [JSON.stringify(assets)], (row) => row.real(0));
        if (files.length > 0) library.announce(by, { files, runs: true });
        return { files };
    },

    /**
     * @param {Library} library @param {{head: number, collection?: number, files?: readonly number[] | Uint32Array, n_features: number}} params
     * @returns {{ready: Uint32Array<ArrayBuffer>, without: Uint32Array<ArrayBuffer>}}
     */
    not_found_by(library, { head, collection = 0, files, n_features: nFeatures }) {
        const one = headOf(library, head);
        const [ready, without] = /** @type {[number[], number[]]} */ ([[], []]);
        if (one) {
            const wanted = files ?? idsOf(library, { collection });
            const list = JSON.stringify(Array.from(wanted));
            const values = [list, one.tagger, String(one.number), one.backbone, nFeatures];
            library.db.each(notFoundBy, values, (row) => void (row.int(1) ? ready : without).push(row.real(0)));
        }
        return { ready: Uint32Array.from(ready), without: Uint32Array.from(without) };
    },
};

/** File after file, its surest tag first. @param {FoundByHead} found @param {(id: number, columns: import("../protocol.js").Candidates) => void} take */
function eachFound({ ids, lengths, places, confidences }, take) {
    const total = lengths.reduce((sum, length) => sum + length, 0);
    if (ids.length !== lengths.length || total !== places.length || total !== confidences.length)
        throw new TypeError("What was found has columns that do not fit.");
    if (confidences.some((one) => !(one >= 0 && one <= 1)))
        throw new TypeError("What was found has a confidence outside 0 to 1.");
    let begin = 0;
    for (const [nth, id] of ids.entries()) {
        const end = begin + (lengths[nth] ?? 0);
        const [tags, sure] = [places.subarray(begin, end), confidences.subarray(begin, end)];
        begin = end;
        const order = Array.from(tags.keys()).sort((a, b) => (sure[b] ?? 0) - (sure[a] ?? 0));
        const scores = Float32Array.from(order, (at) => sure[at] ?? 0);
        const components = new Uint8Array(order.length);
        take(id, { tags: Uint16Array.from(order, (at) => tags[at] ?? 0), scores, confidences: scores, components });
    }
}
