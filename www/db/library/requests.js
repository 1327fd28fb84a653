/**
 * The request log: a row for each request to a provider, committed before it is sent. Its end and what it answered are one transaction, so
 * whatever dies in between, the log tells what may have been billed.
 * @import { NewJob, NewRequest, ProviderResult, RequestEnd, RequestRow, RequestTotals } from "../protocol.js"
 * @import { Library } from "./library.js"
 */
import { CodedError } from "../../core/protocol.js";
import askFile from "../queries/ask_file.sql";
import endRequest from "../queries/end_request.sql";
import lostFiles from "../queries/lost_files.sql";
import putRequest from "../queries/put_request.sql";
import requestTotals from "../queries/request_totals.sql";
import requests from "../queries/requests.sql";
import { beginJob, endIdle } from "./jobs.js";
import { putFound } from "./provider_results.js";
import { keptText } from "./texts.js";

export const LOST = "The connection ended before the answer came; the picture may have been billed.";

/** The file's place in the job, unless it is in another request by now. */
const OF_REQUEST = "run = ?1 AND file = ?2 AND (request = ?3 OR request IS NULL)";
const ANSWERED = `DELETE FROM awaited WHERE ${OF_REQUEST}`;
const FAILED = `UPDATE awaited SET request = NULL, failure_code = ?4, failure_detail = ?5, is_maybe_paid = ?6 WHERE ${OF_REQUEST}`;
const WAITS_AGAIN = `UPDATE awaited SET request = NULL, failure_code = NULL, failure_detail = NULL, is_maybe_paid = 0 WHERE ${OF_REQUEST}`;
/** What is under way may be billed with all its units. */
const UNITS_USED =
    "SELECT coalesce(sum(n_billed + iif(ended_ms IS NULL, n_units, n_maybe)), 0) FROM request WHERE provider = ?1 AND sent_ms >= ?2";
/** Whether anything of the run of a request shows: what is on its way to one that was undone does not. */
const IS_SHOWN =
    "SELECT count(*) FROM request AS q JOIN run AS r ON r.id = q.run WHERE q.id = ?1 AND r.undone_ms IS NULL";
/** Ids of requests begin behind it. */
const NO_REQUEST = 0;
const SHOWN_BY = "SELECT o.id FROM file AS f JOIN file AS o ON o.asset = f.asset WHERE f.id = ?1";

export const requestCalls = {
    /**
     * @param {Library} library @param {NewRequest} request @param {string} by @returns {null}
     * @throws request_passed: the job has ended, or another request has asked for one of the files by now; provider_cap_reached; then nothing is to be sent
     */
    begin_request(library, request, by) {
        const { id, run = null, purpose, provider, host, files = [], n_bytes: nBytes } = request;
        const { db } = library;
        db.transaction(() => {
            if (db.number("SELECT count(*) FROM request WHERE id = ?1", [id]) > 0) return;
            if (request.cap) holdTo(library, request, request.cap);
            const counts = [request.n_pictures, request.n_units, nBytes];
            db.run(putRequest, [id, run, purpose, provider, host, ...counts, Date.now(), by]);
            if (run === null) return;
            for (const file of files)
                if (db.run(askFile, [run, file, id]) === 0)
                    throw new CodedError("request_passed", "The job has ended, or something else asks for the file.");
        });
        library.announce(by, { requests: true, jobs: true });
        return null;
    },

    /**
     * @param {Library} library @param {RequestEnd} end @param {string} by
     * @returns {{files: number[]}} whose results or texts are others now: also files with the same content; none where the run was undone
     */
    end_request(library, end, by) {
        const { db } = library;
        const { id, status = null, outcome, n_billed: nBilled, n_maybe: nMaybe, detail = null, results } = end;
        const nBytes = end.n_bytes ?? null;
        db.transaction(() => {
            const row = db.first("SELECT run, ended_ms, outcome FROM request WHERE id = ?1", [id], (row) => ({
                run: row.realOrNull(0),
                isEnded: !row.isNull(1),
                wasLost: row.textOrNull(2) === "lost",
            }));
            if (!row) throw new TypeError(`There is no request ${id}.`);
            // An answer that came after all is worth more than what was said without it.
            if (row.isEnded && (!row.wasLost || outcome === "lost")) return;
            const said = detail === null ? null : keptText(detail);
            db.run(endRequest, [id, Date.now(), status, outcome, nBilled, nMaybe, said, nBytes]);
            if (row.run === null) return;
            for (const result of results) put(library, row.run, id, result);
            db.run(lostFiles, [id, outcome === "lost" ? 1 : 0, LOST]);
            endIdle(db);
        });
        const isShown = db.number(IS_SHOWN, [id]) > 0;
        return { files: announce(library, isShown ? results : [], by) };
    },

    /**
     * Begins a job with what a trial has found, in one transaction: were that written apart, a job that is gone on with could ask for it again, and
     * have it billed twice. Its requests are in the log already.
     * @param {Library} library @param {NewJob & {job?: number, tried: readonly ProviderResult[]}} params @param {string} by
     * @returns {{run: number, files: number[]}} `files`: whose results or texts are others now
     */
    begin_tried_job(library, { tried, ...begun }, by) {
        const run = library.db.transaction(() =>
            beginJob(library, begun, (run) => {
                for (const result of tried) put(library, run, NO_REQUEST, result);
            }),
        );
        return { run, files: announce(library, tried, by) };
    },

    /** The newest first. @param {Library} library @param {{before?: number, n: number}} params @returns {RequestRow[]} */
    requests: ({ db }, { before = Number.MAX_SAFE_INTEGER, n }) =>
        db.all(requests, [before, n], (row) => ({
            id: row.real(0),
            run: row.realOrNull(1),
            purpose: /** @type {RequestRow["purpose"]} */ (row.word(2)),
            provider: row.text(3),
            host: row.text(4),
            n_pictures: row.int(5),
            n_units: row.int(6),
            n_bytes: row.real(7),
            sent_ms: row.real(8),
            ended_ms: row.realOrNull(9),
            status: row.realOrNull(10),
            outcome: /** @type {RequestRow["outcome"]} */ (row.textOrNull(11)),
            n_billed: row.int(12),
            n_maybe: row.int(13),
            detail: row.textOrNull(14),
        })),

    /** @param {Library} library @param {{since_ms: number}} params @returns {RequestTotals[]} */
    request_totals: ({ db }, { since_ms: since }) =>
        db.all(requestTotals, [since], (row) => ({
            provider: row.text(0),
            n_requests: row.int(1),
            n_units: row.real(2),
            n_billed: row.real(3),
            n_maybe: row.real(4),
            n_bytes: row.real(5),
        })),
};

/** Tabs count for themselves what is left; here they ask one after the other. @param {Library} library @param {NewRequest} request @param {NonNullable<NewRequest["cap"]>} cap */
function holdTo({ db }, { provider, n_units: nUnits }, { most, since_ms: since }) {
    const used = db.number(UNITS_USED, [provider, since]);
    if (nUnits > 0 && used + nUnits > most)
        throw new CodedError("provider_cap_reached", "No more may be asked for this month.");
}

/** Whose results or texts are others now. @param {Library} library @param {readonly ProviderResult[]} results those that show @param {string} by */
function announce(library, results, by) {
    const found = results.flatMap((result) => ("found" in result ? [result] : []));
    const files = shownBy(library, found);
    const withTexts = found.filter(({ found: { texts } }) => texts.length > 0);
    const texts = shownBy(library, withTexts);
    library.announce(by, {
        ...{ requests: true, jobs: true, runs: true },
        ...(files.length > 0 && { files }),
        ...(texts.length > 0 && { texts }),
    });
    return files;
}

/** The files that hold what these hold. @param {Library} library @param {readonly {file: number}[]} results @returns {number[]} */
const shownBy = ({ db }, results) => [
    ...new Set(results.flatMap(({ file }) => db.all(SHOWN_BY, [file], (row) => row.real(0)))),
];

/** @param {Library} library @param {number} run @param {number} request @param {ProviderResult} result */
function put(library, run, request, result) {
    const { db } = library;
    const { file } = result;
    // Deleted for good in another tab: then nothing of it stays.
    if (db.number("SELECT count(*) FROM file WHERE id = ?1", [file]) === 0) return;
    const place = [run, file, request];
    if ("back" in result) return void db.run(WAITS_AGAIN, place);
    if ("failure" in result) return fail(result.failure);
    if (!putFound(library, run, file, result.found, result.picture))
        return fail({ code: "file_unreadable", detail: "The picture was never read here.", is_maybe_paid: true });
    db.run(ANSWERED, place);

    /** @param {{code: string, detail: string, is_maybe_paid?: boolean | undefined}} failure */
    function fail({ code, detail, is_maybe_paid: isMaybePaid = false }) {
        db.run(FAILED, [...place, code, keptText(detail), isMaybePaid ? 1 : 0]);
    }
}
