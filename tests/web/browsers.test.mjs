/**
 * The whole job in three browsers: Chromium, Firefox and WebKitGTK, each as the distribution has it. With `--long` each step is seen to
 * fail once in WebKit, in a page that is broken at that place.
 */
// @alone: WebKit is slow enough with both cores for itself
import assert from "node:assert/strict";
import { test } from "node:test";
import { BREAKS, breakHost } from "./browsers/breaks.mjs";
import { PATIENCE_MS } from "./browsers/browser.mjs";
import { BROWSERS, openBrowser } from "./browsers/browsers.mjs";
import { STEPS, copyPictures, doJob } from "./browsers/job.mjs";
import { PAGE } from "./harness.mjs";
import { startHost } from "./host.mjs";

/** @import { TestContext } from "node:test" */
/** @import { BrowserName } from "./browsers/browser.mjs" */

const IS_LONG = Boolean(process.env["TAGSMITH_LONG"]);
/** What does not come at all in a broken page is waited for in full. */
const BROKEN_PATIENCE_MS = 30_000;

/** @param {TestContext} context @param {BrowserName} name @param {number} patienceMs */
async function prepareJob(context, name, patienceMs) {
    const host = await startHost(PAGE);
    context.after(() => host.close());
    const { pictures, remove } = copyPictures();
    context.after(remove);
    const browser = await openBrowser(name, patienceMs);
    context.after(() => browser.close());
    context.diagnostic(`${name} ${browser.version}`);
    return { browser, host, pictures };
}

for (const { name, missing } of BROWSERS) {
    test(`the whole job is done in ${name}, and goes on without a network`, { skip: missing() }, async (context) => {
        await doJob(await prepareJob(context, name, PATIENCE_MS));
    });
}

const isMissing = BROWSERS.find(({ name }) => name === "webkit")?.missing() ?? true;
for (const [step, broken] of Object.entries(IS_LONG ? BREAKS : {})) {
    test(`in a page that is broken there, WebKit fails at: ${step}`, { skip: isMissing }, async (context) => {
        const job = await prepareJob(context, "webkit", BROKEN_PATIENCE_MS);
        job.pictures.splice(2); // enough to fail with
        breakHost(job.host, broken);
        await assert.rejects(doJob(job), (/** @type {any} */ error) => {
            context.diagnostic(error.message);
            assert.equal(error.step, step, error.message);
            return true;
        });
    });
}

test("there is a break for each step of the job", () => assert.deepEqual(Object.keys(BREAKS), Object.keys(STEPS)));
