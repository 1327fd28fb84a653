/**
 * Own taggers: listed, made, changed, and gone for good with all that they have found.
 * @import { HeadRow, NewOwnTagger, OwnTagger } from "../own_protocol.js"
 * @import { WithStep } from "../protocol.js"
 * @import { Row } from "./database.js"
 * @import { Library } from "./library.js"
 */
import headsQuery from "../queries/heads.sql";
import movedExamples from "../queries/moved_examples.sql";
import ownTaggers from "../queries/own_taggers.sql";
import putOwnTagger from "../queries/put_own_tagger.sql";
import { shrink, sizeOf } from "./orphans.js";
import { withStep } from "./steps.js";
import { keptText } from "./texts.js";
import { trainingsOf } from "./trainings.js";

/** As component and file names have it. */
const IS_ID = /^[a-z0-9-]{1,64}$/;

const N_ASSETS = `SELECT r.tagger, r.version, count(DISTINCT t.asset) FROM tagging AS t JOIN run AS r ON r.id = t.run
    WHERE r.kind = 'head' AND r.undone_ms IS NULL GROUP BY r.tagger, r.version`;
const OF_VERSION =
    "SELECT id FROM run WHERE kind = 'head' AND tagger = ?1 AND (?2 IS NULL OR version = CAST(?2 AS TEXT))";
/** What such runs found, what can be taken back of them, and they themselves. */
const FORGET_RUNS = [
    `DELETE FROM tagging WHERE run IN (${OF_VERSION})`,
    `DELETE FROM step WHERE kind = 'run' AND json_extract(data, '$.run') IN (${OF_VERSION})`,
    "DELETE FROM run WHERE kind = 'head' AND tagger = ?1 AND (?2 IS NULL OR version = CAST(?2 AS TEXT))",
];
const CHANGE = `UPDATE own_tagger SET name = coalesce(?2, name), is_used = coalesce(?4, is_used),
    settings = CASE WHEN ?3 IS NULL THEN settings ELSE json_patch(settings, ?3) END WHERE id = ?1`;
const FORGET_STEPS = "DELETE FROM step WHERE kind = 'own_tagger' AND json_extract(data, '$.own_tagger') = ?1";

/** How many there are, with those that were removed: a step puts them back. @param {Library} library */
export const nOwnTaggersOf = ({ db }) => db.number("SELECT count(*) FROM own_tagger");

/** The newest first. @param {Library} library @returns {HeadRow[]} */
function headsOf({ db }) {
    const place = (/** @type {Row} */ row) => `${row.text(0)} ${row.text(1)}`;
    const nAssets = new Map(db.all(N_ASSETS, [], (row) => [place(row), row.int(2)]));
    return db.all(headsQuery, [null], (row) => {
        const [tagger, number, tags] = [row.text(1), row.real(2), JSON.parse(row.text(9))];
        return {
            id: row.real(0),
            own_tagger: tagger,
            number,
            title: row.text(3),
            comment: row.text(4),
            seed: row.real(5),
            backbone: row.text(6),
            made_ms: row.real(7),
            n_examples: row.real(8),
            n_tags: tags.length,
            tags,
            is_in_use: row.int(10) === 1,
            has_report: row.int(11) === 1,
            n_assets: nAssets.get(`${tagger} ${number}`) ?? 0,
            bytes: row.real(12),
        };
    });
}

/** As part of a transaction. @param {Library} library @param {string} tagger @param {number | null} number of a version; null: of all */
export function forgetRuns({ db, runTags }, tagger, number) {
    for (const run of db.all(OF_VERSION, [tagger, number], (row) => row.real(0))) runTags.delete(run);
    for (const query of FORGET_RUNS) db.run(query, [tagger, number]);
}

/** Deletes for good, and gives back the room. @param {Library} library @param {() => void} forget @param {string} by @returns {{bytes: number}} freed */
export function forgetForGood(library, forget, by) {
    const former = sizeOf(library.db);
    library.db.transaction(forget);
    shrink(library.db);
    library.announce(by, { own: true, runs: true, looks: true, steps: true });
    return { bytes: former - sizeOf(library.db) };
}

/** Of the calls that have to know which tabs live. */
export const ownTaggersOf = {
    /** @param {Library} library @param {unknown} _ @param {(tab: string | null) => boolean} isAlive @returns {OwnTagger[]} */
    own_taggers(library, _, isAlive) {
        const heads = headsOf(library);
        const isOpen = (/** @type {import("../own_protocol.js").Training} */ one) =>
            one.ended_ms === null || one.failure !== null;
        const open = trainingsOf(library, null, isAlive).filter(isOpen);
        const of = (/** @type {string} */ id) => (/** @type {{own_tagger: string}} */ one) => one.own_tagger === id;
        return library.db.all(ownTaggers, [], (row) => ({
            id: row.text(0),
            name: row.text(1),
            settings: JSON.parse(row.text(2)),
            is_used: row.int(3) === 1,
            made_ms: row.real(4),
            heads: heads.filter(of(row.text(0))),
            trainings: open.filter(of(row.text(0))),
        }));
    },
};

export const ownTaggerCalls = {
    /** What came with a file of it, as its settings have it. @param {Library} library @param {{own_tagger: string}} params @returns {unknown} */
    moved_examples: ({ db }, { own_tagger: tagger }) =>
        JSON.parse(db.first(movedExamples, [tagger], (row) => row.textOrNull(0)) ?? "null"),

    /** @param {Library} library @param {NewOwnTagger & WithStep} params @param {string} by */
    make_own_tagger(library, { id, name, settings, is_used: isUsed = true, ...step }, by) {
        if (!IS_ID.test(id)) throw new TypeError(`An own tagger cannot have the id "${id}".`);
        withStep(library, step, () => {
            library.db.run(putOwnTagger, [id, keptText(name), JSON.stringify(settings), isUsed ? 1 : 0, Date.now()]);
        });
        return said(library, by);
    },

    /** What is left out stays as it is, of the settings too; one that is null is set no more. @param {Library} library @param {{id: string, name?: string, settings?: Record<string, unknown>, is_used?: boolean} & WithStep} params @param {string} by */
    change_own_tagger(library, { id, name, settings, is_used: isUsed, ...step }, by) {
        const values = [
            ...[id, name === undefined ? null : keptText(name), settings ? JSON.stringify(settings) : null],
            isUsed === undefined ? null : isUsed ? 1 : 0,
        ];
        withStep(library, step, () => library.db.run(CHANGE, values));
        if (isUsed !== undefined) library.announce(by, { looks: true });
        return said(library, by);
    },

    /** It shows no more, nor does what it found; both can come back. @param {Library} library @param {{id: string, removed: boolean} & WithStep} params @param {string} by */
    remove_own_tagger(library, { id, removed, ...step }, by) {
        const set = "UPDATE own_tagger SET removed_ms = ?2 WHERE id = ?1";
        withStep(library, step, () => library.db.run(set, [id, removed ? Date.now() : null]));
        library.announce(by, { looks: true });
        return said(library, by);
    },

    /** @param {Library} library @param {{id: string}} params @param {string} by @returns {{bytes: number}} */
    delete_own_tagger(library, { id }, by) {
        const forget = () => {
            forgetRuns(library, id, null);
            library.db.run(FORGET_STEPS, [id]);
            library.db.run("DELETE FROM own_tagger WHERE id = ?1", [id]);
        };
        return forgetForGood(library, forget, by);
    },
};

/** @param {Library} library @param {string} by */
function said(library, by) {
    library.announce(by, { own: true, steps: true });
    return null;
}
