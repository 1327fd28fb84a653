/**
 * The check of a set-up as people see it: every step, where help is, and its row in the request log. What is told apart: faults.test.mjs.
 */
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { findings } from "../accessibility.mjs";
import { usePage, waitForIdle, waitUntilReady } from "../harness.mjs";
import { adobeSetup, closeDialog, openProviders, turnOn, waitUntilAskable, withSetups } from "./provider_page.mjs";
import { CREDENTIALS, startStandIn } from "./stand_in.mjs";

/** @typedef {import("../harness.mjs").Page} Page */

const site = usePage({ model: "painted" });
/** @type {import("./stand_in.mjs").StandIn} */
let services;
before(async () => void (services = await startStandIn()));
after(() => services.close());
afterEach(() => {
    services.behave(null);
    services.forget();
});

/** @param {string} id @param {Record<string, unknown>} setup @param {Record<string, string>} secrets */
async function ready(id, setup, secrets) {
    const page = await site.open("", { serviceWorkers: "allow", prepare: withSetups({ [id]: setup }) });
    await waitUntilReady(page);
    await waitUntilAskable(page);
    await turnOn(page, id, secrets);
    await openProviders(page);
    await page.click(`[data-provider-row="${id}"] [data-do="open-provider"]`);
    return page;
}

/** What the check says: of each step its name, whether it held, and the code of what is wrong. @param {Page} page */
async function check(page) {
    await page.click('[data-do="check-provider"]');
    await page.waitForSelector('[data-check="done"]');
    await waitForIdle(page);
    return page.$$eval(".provider-steps > li", (steps) =>
        steps.map((step) => ({
            step: step.getAttribute("data-step"),
            ok: step.getAttribute("data-ok"),
            code: step.getAttribute("data-code"),
            words: step.textContent?.replace(/\s+/g, " ").trim() ?? "",
        })),
    );
}

test("a sound set-up passes every step, which is said to who cannot see it", async () => {
    const page = await ready("google", { host: services.url }, CREDENTIALS.google);
    const steps = await check(page);
    assert.deepEqual(
        steps.map(({ step, ok }) => [step, ok]),
        ["form", "reach", "sign_in", "rights", "answer"].map((step) => [step, "true"]),
    );
    assert.deepEqual(await findings(page), []);
    await page.click('[data-do="back-to-providers"]');
    await page.waitForSelector('[data-provider-row="google"] [data-state="ready"]');
    assert.match((await page.textContent('[data-provider-row="google"] .provider-state')) ?? "", /^Works\. Checked /);
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-do")), "open-provider");
    site.watch.forgetRequests();
});

test("after a failed check of Adobe's the way to its status page is shown, and every check is a row of the log", async () => {
    const page = await ready("adobe", adobeSetup(services.url), { token: "expired.or.wrong" });
    const steps = await check(page);
    assert.equal(steps.find(({ ok }) => ok === "false")?.step, "sign_in", JSON.stringify(steps));
    assert.equal(await page.getAttribute('a[href="https://status.adobe.com"]', "rel"), "noreferrer");
    await page.click('[data-do="back-to-providers"]');
    await page.click('[data-do="open-log"]');
    await page.waitForSelector("[data-request]");
    assert.equal(await page.locator("[data-request]").count(), 1);
    assert.ok(await page.locator("[data-request] [data-detail]").isVisible(), "the service's own words");
    assert.notEqual((await page.textContent("[data-request] [data-detail]"))?.trim(), "");
    assert.ok(services.looks.length > 0, "it was looked for first, with nothing that would need a row");
    assert.match(
        (await page.textContent(".request-log > .provider-why")) ?? "",
        /^Every request with a picture or a key .* not the empty one /,
    );
    assert.deepEqual(await findings(page), []);
    await closeDialog(page);
    site.watch.forgetRequests();
    site.watch.allow(/Failed to load resource/);
});

test("where somebody signs in, the request for the token is a row of its own, also where no page may read its answer", async () => {
    const setup = {
        ...adobeSetup(services.url),
        sign_in: "credentials",
        technical_account_id: "0123456789@techacct.adobe.com",
        scopes: "openid,AdobeID",
    };
    const page = await ready("adobe", setup, { secret: CREDENTIALS.adobe.secret });
    const steps = await check(page);
    assert.equal(steps.find(({ ok }) => ok === "false")?.code, "provider_blocked", JSON.stringify(steps));
    await page.click('[data-do="back-to-providers"]');
    await page.click('[data-do="open-log"]');
    await page.waitForSelector('[data-request][data-outcome="unreached"]');
    const rows = await page.$$eval("[data-request]", (all) =>
        all.map((row) => {
            // Its first cell is a heading; the name of its column stands before what a cell says.
            const sent = row.querySelectorAll("td")[2]?.lastElementChild;
            return [row.getAttribute("data-outcome"), sent?.textContent?.trim() ?? ""];
        }),
    );
    const [[token, bytes] = [], [tagged, none] = []] = rows;
    assert.deepEqual([rows.length, token, tagged, none], [2, "lost", "unreached", "0 kB"], JSON.stringify(rows));
    assert.match(String(bytes), /^[1-9]/);
    await closeDialog(page);
    site.watch.forgetRequests();
    site.watch.allow(/CORS|Failed to load resource/);
});
