/**
 * Jobs: runs of a provider that are under way, and the files that they wait for.
 * @import { Awaited, Job, NewJob, NewPicture } from "../protocol.js"
 * @import { Library } from "./library.js"
 */
import awaitFiles from "../queries/await_files.sql";
import awaited from "../queries/awaited.sql";
import beginRun from "../queries/begin_run.sql";
import endIdleJobs from "../queries/end_idle_jobs.sql";
import jobs from "../queries/jobs.sql";
import { assetOf } from "./provider_results.js";
import { keptText } from "./texts.js";

const JOB_OF = "SELECT id FROM run WHERE kind = 'provider' AND json_extract(settings, '$.job') = ?1";
const ASK_AGAIN = `UPDATE awaited SET failure_code = NULL, failure_detail = NULL, is_maybe_paid = 0 WHERE run = ?1 AND failure_code IS NOT NULL
    AND (?2 IS NULL OR file IN (SELECT value FROM json_each(?2)))`;
const FAIL =
    "UPDATE awaited SET failure_code = ?3, failure_detail = ?4, is_maybe_paid = 0 WHERE run = ?1 AND file = ?2 AND request IS NULL";

/** Others of the job ?1 that hold what the file ?2 does: awaited, or answered by now. */
const N_OTHERS = `SELECT (SELECT count(*) FROM awaited AS a JOIN file AS f ON f.id = a.file WHERE a.run = ?1 AND a.file <> ?2 AND f.asset = ?3)
    + (SELECT count(*) FROM tagging WHERE run = ?1 AND asset = ?3)`;
const NOT_AWAITED = "DELETE FROM awaited WHERE run = ?1 AND file = ?2 AND request IS NULL";

/** How many there are that can go on. @param {Library} library */
export const nJobsOf = (library) => jobCalls.jobs(library).length;

/** As part of a transaction: it waits for nothing any more, whatever is still to come of what was asked. @param {Library} library @param {number} run */
export function endJob({ db }, run) {
    db.run("DELETE FROM awaited WHERE run = ?1", [run]);
    endIdle(db);
}

/** As part of a transaction: what was taken off leaves no more; what was sent is answered. @param {Library} library @param {readonly number[]} files @returns {boolean} whether any job waited for one */
export function askNoMore({ db }, files) {
    const n = db.run("DELETE FROM awaited WHERE request IS NULL AND file IN (SELECT value FROM json_each(?1))", [
        JSON.stringify(files),
    ]);
    if (n > 0) endIdle(db);
    return n > 0;
}

/** As part of a transaction. @param {import("./database.js").Database} db */
export const endIdle = (db) => db.exec(endIdleJobs);

/**
 * As part of a transaction.
 * @param {Library} library @param {NewJob & {job?: number}} params `job`: the client's own number of it
 * @param {(run: number) => void} [onBegun] what comes with it, unless it was there already
 * @returns {number} its run
 */
export function beginJob(
    { db },
    { job = 0, run: { tagger, version, pipeline, components, settings }, collection, files },
    onBegun,
) {
    const id = (/** @type {import("./database.js").Row} */ row) => row.real(0);
    const isAskedAgain = db.first(JOB_OF, [job], id);
    if (isAskedAgain !== null) return isAskedAgain;
    const kept = JSON.stringify({ .../** @type {object} */ (settings ?? {}), job, collection, n_files: 0 });
    const key = ["provider", tagger, version, pipeline, JSON.stringify(components)];
    const run = /** @type {number} */ (db.first(beginRun, [...key, kept, Date.now()], id));
    const n = db.run(awaitFiles, [run, JSON.stringify(Array.from(files))]);
    db.run("UPDATE run SET settings = json_set(settings, '$.n_files', ?2) WHERE id = ?1", [run, n]);
    onBegun?.(run);
    endIdle(db);
    return run;
}

export const jobCalls = {
    /** @param {Library} library @param {NewJob & {job?: number}} params `job`: the client's own number of it @param {string} by @returns {number} */
    begin_job(library, params, by) {
        const begun = library.db.transaction(() => beginJob(library, params));
        library.announce(by, { runs: true, jobs: true });
        return begun;
    },

    /** @param {Library} library @returns {Job[]} */
    jobs: ({ db }) =>
        db.all(jobs, [], (row) => {
            const [nFiles, nWaiting, nFailed] = [row.int(6), row.int(7), row.int(8)];
            return {
                run: row.real(0),
                provider: row.text(1),
                name: row.textOrNull(2),
                collection: row.real(3),
                settings: JSON.parse(row.text(4)),
                begun_ms: row.real(5),
                n_files: nFiles,
                n_waiting: nWaiting,
                n_failed: nFailed,
                n_done: Math.max(0, nFiles - nWaiting - nFailed),
            };
        }),

    /** @param {Library} library @param {{run: number}} params @returns {Awaited[]} */
    awaited: ({ db }, { run }) =>
        db.all(awaited, [run], (row) => ({
            file: row.real(0),
            is_asked: row.int(1) === 1,
            failure: row.isNull(2)
                ? null
                : { code: row.text(2), detail: row.textOrNull(3) ?? "", is_maybe_paid: row.int(4) === 1 },
        })),

    /**
     * What an awaited file holds was not known when the job began, and is now, before it is sent.
     * @param {Library} library @param {{run: number, file: number, picture: NewPicture}} params @param {string} by
     * @returns {boolean} whether another of the job holds the same: then this one is awaited no more, as one answer is about both
     */
    know_content(library, { run, file, picture }, by) {
        const { db } = library;
        const isOther = db.transaction(() => {
            const held = db.first("SELECT asset FROM file WHERE id = ?1", [file], (row) => row.realOrNull(0));
            const asset = assetOf(library, picture);
            if (held === null) db.run("UPDATE file SET asset = ?2 WHERE id = ?1", [file, asset]);
            else if (held !== asset) return false; // it was changed since: nothing of what shows of it is about that
            if (db.number(N_OTHERS, [run, file, asset]) === 0) return false;
            db.run(NOT_AWAITED, [run, file]);
            endIdle(db);
            return true;
        });
        if (isOther) library.announce(by, { files: [file], jobs: true, runs: true });
        return isOther;
    },

    /** @param {Library} library @param {{run: number, files: readonly number[] | null}} params @param {string} by */
    ask_again(library, { run, files }, by) {
        library.db.run(ASK_AGAIN, [run, files && JSON.stringify(files)]);
        library.announce(by, { jobs: true });
        return null;
    },

    /** Those that could not even be asked. @param {Library} library @param {{run: number, failures: readonly {file: number, code: string, detail: string}[]}} params @param {string} by */
    fail_awaited(library, { run, failures }, by) {
        const { db } = library;
        db.transaction(() => failures.forEach((one) => db.run(FAIL, [run, one.file, one.code, keptText(one.detail)])));
        library.announce(by, { jobs: true });
        return null;
    },

    /** @param {Library} library @param {{run: number}} params @param {string} by */
    end_job(library, { run }, by) {
        library.db.transaction(() => endJob(library, run));
        library.announce(by, { runs: true, jobs: true });
        return null;
    },
};
