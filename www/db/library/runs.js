/**
 * Runs: begun, ended, undone as a whole and done again; and what they have left for another.
 * @import { ModelRef, NewRun, Run, WithStep } from "../protocol.js"
 * @import { Library } from "./library.js"
 */
import beginRun from "../queries/begin_run.sql";
import openRun from "../queries/open_run.sql";
import outdated from "../queries/outdated.sql";
import runs from "../queries/runs.sql";
import { endJob } from "./jobs.js";
import { withStep } from "./steps.js";

export const runCalls = {
    /** @param {Library} library @param {NewRun} run @param {string} by @returns {number} */
    begin_run(library, { kind = "model", tagger, version, pipeline, components, tags, language, settings }, by) {
        const { db, runTags } = library;
        const key = [kind, tagger, version, pipeline, JSON.stringify(components)];
        const id = db.transaction(() => {
            const id = (/** @type {import("./database.js").Row} */ row) => row.real(0);
            return (
                db.first(openRun, key, id) ??
                db.first(beginRun, [...key, JSON.stringify(settings ?? {}), Date.now()], id)
            );
        });
        const begun = /** @type {number} */ (id);
        runTags.set(begun, { tags, language });
        library.announce(by, { runs: true });
        return begun;
    },

    /** @param {Library} library @param {{run: number}} params @param {string} by */
    end_run(library, { run }, by) {
        library.db.run("UPDATE run SET ended_ms = ?2 WHERE id = ?1 AND ended_ms IS NULL", [run, Date.now()]);
        library.announce(by, { runs: true });
        return null;
    },

    /** @param {Library} library @returns {Run[]} */
    runs: ({ db }) =>
        db.all(runs, [], (row) => ({
            id: row.real(0),
            kind: row.text(1),
            tagger: row.text(2),
            version: row.text(3),
            pipeline: row.int(4),
            begun_ms: row.real(5),
            ended_ms: row.realOrNull(6),
            undone_ms: row.realOrNull(7),
            n_assets: row.int(8),
            name: row.textOrNull(9),
            tried: JSON.parse(row.text(10)).filter(Number.isSafeInteger),
        })),

    /** @param {Library} library @param {{collection: number, model: ModelRef}} params @returns {Uint32Array<ArrayBuffer>} */
    outdated: ({ db }, { collection, model: { id, version, pipeline } }) =>
        Uint32Array.from(db.all(outdated, [collection, id, version, pipeline], (row) => row.real(0))),

    /** @param {Library} library @param {{run: number, undone: boolean} & WithStep} params @param {string} by */
    undo_run(library, { run, undone, ...step }, by) {
        withStep(library, step, () => {
            library.db.run("UPDATE run SET undone_ms = ?2 WHERE id = ?1", [run, undone ? Date.now() : null]);
            if (undone) endJob(library, run); // done again it shows what it has, and asks nobody
        });
        // What is on its way to it belongs to another one: whoever sends it has to begin that.
        if (undone) library.runTags.delete(run);
        library.announce(by, { runs: true, steps: true, looks: true, jobs: true });
        return null;
    },
};
