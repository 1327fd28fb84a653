/**
 * Whole jobs at the stand-in, in Chromium: throttled, cut off, closed in the middle, gone on with; nothing is paid twice that was answered,
 * nothing is lost, and the page's log agrees with the service's to the unit. The stand-in is no proof of how a live service behaves.
 */
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { addFiles, cards, exportReports, usePage, waitForIdle, waitUntilDone } from "../harness.mjs";
import { HIGH } from "../grid.mjs";
import { showAll, showOnly } from "../only_words.mjs";
import { painted } from "../painted.mjs";
import { closeLayers } from "../rest.mjs";
import { randomFrom } from "../../../www/app/providers/world.mjs";
import {
    areStored,
    openProviders,
    replacePictures,
    closeDialog,
    goOnUntil,
    monthOf,
    outcomes,
    seeToTheEnd,
    tagAllWith,
    turnOn,
    typeSecrets,
    waitForJob,
    waitUntilAskable,
    waitUntilIdle,
    withSetups,
} from "./provider_page.mjs";
import { CREDENTIALS, startStandIn } from "./stand_in.mjs";

/** @typedef {import("../harness.mjs").Page} Page */

const [N, N_CUTS] = process.env["TAGSMITH_LONG"] ? [200, 100] : [60, 30];
const SEED = Number(process.env["TAGSMITH_SEED"] ?? 21);

const site = usePage({ model: "painted" });
/** @type {import("./stand_in.mjs").StandIn} */
let services;
before(async () => void (services = await startStandIn()));
after(() => services.close());
afterEach(() => {
    services.behave(null);
    services.follow(null);
    services.wait(0);
    services.forget();
});

/** Small pictures, no two alike. @param {number} n */
const pictures = (n) =>
    Array.from({ length: n }, (_, idx) =>
        painted(`${idx}.png`, idx % 2 === 0 ? "cup" : "wall", { width: 60 + idx, height: 60 }),
    );

/** Two providers are on. */
const takePage = site.inTurn(async () => {
    const setups = { google: { host: services.url }, microsoft: { endpoint: services.url, version: "3.2" } };
    const page = await site.open("?workers=1", { serviceWorkers: "allow", prepare: withSetups(setups) });
    await waitUntilAskable(page);
    await turnOn(page, "google", CREDENTIALS.google);
    await turnOn(page, "microsoft", CREDENTIALS.microsoft);
    return page;
});

/** The page with new pictures that are tagged, and a key of Google's. @param {number} n @param {string} key */
async function ready(n, key) {
    services.forget(); // also where the test before has failed
    const page = await takePage();
    await closeLayers(page);
    await replacePictures(page, n);
    await openProviders(page);
    await page.click('[data-provider-row="google"] [data-do="open-provider"]');
    await page.click('[data-do="forget-key"]');
    await page.waitForSelector('[data-key-place="none"]');
    await page.click('[data-do="back-to-providers"]');
    await typeSecrets(page, "google", { key });
    await page.waitForSelector('[data-provider-row="google"] [data-state="ready"]');
    await closeDialog(page);
    return page;
}

/** Whom the page has asked: this test asks elsewhere on purpose, of one service. */
function assertOnlyServiceAsked() {
    const origins = new Set(site.watch.foreign.map((url) => new URL(url).origin));
    assert.deepEqual([...origins], [services.url]);
    site.watch.forgetRequests();
    site.watch.allow(/Failed to load resource/); // a refusal, or a cut connection
}

test(`${N} pictures are tagged in spite of ${N_CUTS} cuts, throttling and a reload, and each answer is paid once`, async () => {
    const random = randomFrom(SEED);
    const setups = { microsoft: { endpoint: services.url, version: "3.2" } };
    const page = await site.open("?workers=1", { serviceWorkers: "allow", prepare: withSetups(setups) });
    await waitUntilAskable(page);
    await addFiles(page, pictures(N));
    await waitUntilDone(page);
    await turnOn(page, "microsoft", CREDENTIALS.microsoft);
    services.wait(20);
    let nCuts = 0;
    services.follow(
        ({ n }) => {
            if (n === 10 || n === 11) return "throttled";
            if (nCuts >= N_CUTS || random() > (N_CUTS * 1.5) / N) return null;
            nCuts++;
            return random() < 0.5 ? "cut_before_billing" : "cut_after_billing";
        },
        { retryAfterS: 1, where: "text" },
    );
    assert.equal(await tagAllWith(page), N);
    // Many cuts in a row stop a job, and a person goes on with it.
    await goOnUntil(page, () => services.log.length >= N / 4);
    await page.reload();
    await waitForJob(page, "waiting");
    await addFiles(page, pictures(N));
    await waitForIdle(page);
    await openProviders(page);
    await typeSecrets(page, "microsoft", CREDENTIALS.microsoft);
    await closeDialog(page);
    await page.click('[data-do="resume-job"]');
    await seeToTheEnd(page);

    assert.deepEqual(services.refusals, []);
    assert.ok(services.mostAtOnce <= 4, `${services.mostAtOnce} at once`);
    assert.equal(services.billed.size, N, "nothing is lost");
    // Both logs, request by request: what was answered, refused and cut; and what the page was at when it was closed, answered or not sent yet.
    const rows = await outcomes(page);
    const logged = (/** @type {string} */ outcome) => rows.filter((one) => one === outcome).length;
    const ended = (/** @type {string} */ how) => services.log.filter((one) => one.ended === how);
    const nUnsent = rows.length - services.log.length;
    const nUnheard = ended("answered").length - N;
    assert.deepEqual([logged("answered"), logged("refused")], [N, ended("fault").length], "each answer came once");
    assert.equal(logged("lost"), ended("cut").length + nUnheard + nUnsent);
    assert.ok(nUnsent >= 0 && nUnheard >= 0 && nUnsent + nUnheard <= 4, `${nUnsent} not sent, ${nUnheard} not heard`);
    assert.equal(ended("cut").length, nCuts);
    const nBilledAndCut = ended("cut").filter(({ n_billed: n }) => n > 0).length;
    assert.equal(services.nBilled, N + nBilledAndCut + nUnheard, "to the unit");
    assert.ok(services.nBilled <= N + logged("lost"), "what may have been billed covers what was");
    assert.deepEqual(await monthOf(page, "microsoft"), { requests: rows.length, maybe: logged("lost") });

    const reports = await exportReports(page);
    assert.equal(reports.length, N);
    for (const { tags } of reports)
        assert.ok(tags.some((/** @type {any} */ tag) => tag.from === "provider:microsoft" || tag.also_from));
    const { key } = CREDENTIALS.microsoft;
    const [isSourceStored, isKeyStored] = await areStored(page, ["provider:microsoft", key]);
    const said = [JSON.stringify([services.log, reports]), ...site.watch.log].join("\n");
    assert.ok(isSourceStored && said.includes("provider:microsoft"), "there is something to be found");
    assert.ok(!isKeyStored && !said.includes(key), "the key is nowhere");
    assertOnlyServiceAsked();
});

test("one request holds up to sixteen pictures, and a run is taken back as a whole", async () => {
    const page = await ready(20, CREDENTIALS.google.key);
    assert.equal(await tagAllWith(page, "google"), 20);
    await waitUntilIdle(page);
    assert.deepEqual(services.refusals, []);
    assert.deepEqual(
        services.log.map(({ pictures }) => pictures.length),
        [16, 4],
    );
    await waitForIdle(page);
    const isCloud = (/** @type {any} */ { tags }) =>
        tags.some((/** @type {any} */ { from }) => from === "provider:google");
    assert.equal((await exportReports(page)).filter(isCloud).length, 20);
    await page.keyboard.press("Control+z");
    await waitForIdle(page);
    assert.equal((await exportReports(page)).filter(isCloud).length, 0);
    await page.keyboard.press("Control+Shift+z");
    await waitForIdle(page);
    assert.equal((await exportReports(page)).filter(isCloud).length, 20);
    // Under a list of words nothing of theirs shows, and nothing is lost.
    await showOnly(page, "mine alone");
    assert.deepEqual(new Set((await exportReports(page)).flatMap(({ tags }) => tags)), new Set());
    await showAll(page);
    assert.equal((await exportReports(page)).filter(isCloud).length, 20);
    assertOnlyServiceAsked();
});

test("a wrong key stops the job before it costs anything, and the local tags stay", async () => {
    const page = await ready(5, "wrong-key-0Ab1");
    await tagAllWith(page, "google");
    await waitForJob(page, "paused");
    assert.equal(services.nBilled, 0);
    await page.click('[data-do="job-failures"]');
    assert.equal(await page.getAttribute(".job [data-code]", "data-code"), "provider_key_wrong");
    await closeDialog(page);
    const said = (await cards(page)).map(({ state, tags }) => [state, tags[0]?.id]);
    assert.deepEqual(said.slice(0, 2), [
        ["done", "espresso"],
        ["done", undefined],
    ]);
    await page.click('[data-do="cancel-job"]');
    await page.waitForSelector('[data-line="job"]', { state: "detached" });
    assert.equal(services.log.length, 1);
    assertOnlyServiceAsked();
});

test("a provider that fails stops neither another one nor the local model", async () => {
    const page = await ready(40, "wrong-key-0Ab1");
    await page.setViewportSize(HIGH.viewport);
    await waitForIdle(page);
    services.wait(50);
    await tagAllWith(page, "google");
    await waitForJob(page, "paused");
    await tagAllWith(page, "microsoft");
    await addFiles(page, [painted("later.png", "rocket")]);
    await waitUntilIdle(page);
    await waitUntilDone(page);
    const later = (await cards(page)).find(({ path }) => path === "later.png");
    assert.deepEqual([later?.state, later?.tags[0]?.id], ["done", "rocket"]);
    assert.equal(await page.locator('[data-line="job"][data-status="paused"]').count(), 1);
    const answered = services.log.filter(({ ended }) => ended === "answered");
    assert.deepEqual([answered.length, new Set(answered.map(({ service }) => service)).size], [40, 1]);
    await page.close(); // a job of it has stopped, and its window is high
    assertOnlyServiceAsked();
});
