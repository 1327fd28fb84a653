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
/** What a broken page never gives is waited for in full; once the pictures have their tags, every step is quick. */
const QUICK_MS = 20_000;
const ORDER = Object.keys(STEPS);

/** @param {TestContext} context @param {BrowserName} name */
async function prepareJob(context, name) {
    const patience = { ms: PATIENCE_MS };
    const host = await startHost(PAGE);
    context.after(() => host.close());
    const engine = host.canHold(/^\/engine-.*\.wasm$/);
    const { pictures, later, remove } = await copyPictures();
    context.after(remove);
    const browser = await openBrowser(name, patience);
    context.after(() => browser.close());
    context.diagnostic(`${name} ${browser.version}`);
    return { browser, host, engine, pictures, later, patience };
}

for (const { name, missing } of BROWSERS) {
    test(`the whole job is done in ${name}, and goes on without a network`, { skip: missing() }, async (context) => {
        await doJob(await prepareJob(context, name));
    });
}

const isMissing = BROWSERS.find(({ name }) => name === "webkit")?.missing() ?? true;
for (const [step, broken] of Object.entries(IS_LONG ? BREAKS : {})) {
    test(`in a page that is broken there, WebKit fails at: ${step}`, { skip: isMissing }, async (context) => {
        const job = await prepareJob(context, "webkit");
        job.pictures.splice(2); // enough to fail with
        breakHost(job.host, broken);
        // The self-test starts engines of its own, which takes WebKit long.
        const isQuick = ORDER.indexOf(step) < ORDER.indexOf("self-test");
        const hurry = (/** @type {string} */ done) => {
            if (isQuick && done === "add") job.patience.ms = QUICK_MS;
        };
        await assert.rejects(doJob(job, hurry), (/** @type {any} */ error) => {
            context.diagnostic(error.message);
            assert.equal(error.step, step, error.message);
            return true;
        });
    });
}

test("there is a break for each step of the job", () => assert.deepEqual(Object.keys(BREAKS), Object.keys(STEPS)));
