/**
 * What `cargo x test` learns from node's test runner: one JSON object a line for every finished test and file, appended to the
 * file that `TAGSMITH_REPORT` names. For people the same events go on to node's own reporter `spec`, without the tests that a
 * filter left out and without the counts, which `cargo x test` prints over all rings.
 */
import { appendFileSync } from "node:fs";
import { Readable } from "node:stream";
import { spec } from "node:test/reporters";

/** What node calls a test that `--test-name-pattern` leaves out: it counts as skipped there, and not at all here. */
const LEFT_OUT = "test name does not match pattern";

/** @typedef {{ name: string, nesting: number, file?: string, skip?: string | boolean, todo?: string | boolean, details: { duration_ms: number, type?: string } }} Finished */

/** @param {Finished} test */
const isFile = ({ name, file, nesting }) => nesting === 0 && name === file;

/** @param {object} line */
function note(line) {
    const path = process.env["TAGSMITH_REPORT"];
    if (path !== undefined) appendFileSync(path, `${JSON.stringify(line)}\n`);
}

/**
 * @param {"passed" | "failed"} outcome
 * @param {Finished} test
 */
function noteTest(outcome, test) {
    const { name, file, skip, todo, details } = test;
    if (details.type === "suite") return;
    const reason = [skip, todo].find((why) => why !== undefined && why !== false);
    note({
        file,
        // A file that fails as a whole (it cannot be loaded, it hangs) is reported under its own path.
        test: isFile(test) ? undefined : name,
        outcome: reason === undefined ? outcome : "skipped",
        reason: typeof reason === "string" ? reason : undefined,
        seconds: details.duration_ms / 1000,
    });
}

/** @param {AsyncIterable<{ type: string, data: any }>} source */
async function* shown(source) {
    // A test's start is held back until it is known that the test was not left out.
    let start;
    for await (const event of source) {
        const { type, data } = event;
        if (data?.skip === LEFT_OUT) {
            if (type === "test:pass") start = undefined;
            continue;
        }
        if (type === "test:pass") noteTest("passed", data);
        else if (type === "test:fail") noteTest("failed", data);
        else if (type === "test:complete" && isFile(data))
            note({ file: data.file, seconds: data.details.duration_ms / 1000 });
        if (type === "test:diagnostic" && data.file === undefined) continue;
        if (start !== undefined) yield start;
        start = type === "test:start" ? event : undefined;
        if (start === undefined) yield event;
    }
}

/** @param {AsyncIterable<{ type: string, data: any }>} source */
export default async function* report(source) {
    yield* Readable.from(shown(source)).compose(new spec());
}
