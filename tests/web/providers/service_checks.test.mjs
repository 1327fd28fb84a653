/**
 * The check of a set-up, in the page, at the stand-in: each fault of a configuration is told apart, by its code and in words with a remedy.
 * The stand-in is no proof of how a live service behaves.
 */
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { findings } from "../accessibility.mjs";
import { usePage, waitForIdle, waitUntilReady } from "../harness.mjs";
import { closeDialog, openProviders, turnOn, waitUntilAskable, withSetups } from "./provider_page.mjs";
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

/** What each fault is called. @type {Record<string, string>} */
const FAULTS = {
    wrong_key: "provider_key_wrong",
    no_rights: "provider_not_permitted",
    quota: "provider_quota_used_up",
    throttled: "provider_throttled",
    unavailable: "provider_unavailable",
    html: "provider_answer_unreadable",
    cors_refused: "provider_blocked",
    cut_before_billing: "provider_answer_lost",
};

test("each of eight faults of a configuration is told apart by its code and its words", async () => {
    const page = await ready("google", { host: services.url }, CREDENTIALS.google);
    const sound = await check(page);
    assert.deepEqual(
        sound.map(({ step, ok }) => [step, ok]),
        ["form", "reach", "sign_in", "rights", "answer"].map((step) => [step, "true"]),
    );
    const seen = new Map();
    for (const [fault, code] of Object.entries(FAULTS)) {
        services.behave(/** @type {any} */ (fault), { times: 5 });
        site.watch.expect(/Failed to load resource|CORS|net::ERR/);
        const failed = (await check(page)).find(({ ok }) => ok === "false");
        assert.equal(failed?.code, code, fault);
        assert.ok(
            (failed?.words.match(/\./g) ?? []).length >= 2,
            `${fault}: a sentence and a remedy: ${failed?.words}`,
        );
        seen.set(failed?.words, fault);
        services.behave(null);
    }
    assert.equal(seen.size, Object.keys(FAULTS).length, "no two are told in the same words");
    assert.deepEqual(await findings(page), []);
});

test("after a failed check of Adobe's the way to its status page is shown, and every check is a row of the log", async () => {
    const setup = { service_url: `${services.url}/na`, authorization_server: services.url, sign_in: "token" };
    const page = await ready("adobe", setup, { token: "expired.or.wrong" });
    site.watch.expect(/Failed to load resource/);
    const steps = await check(page);
    assert.ok(steps.some(({ ok }) => ok === "false"));
    assert.equal(await page.getAttribute('a[href="https://status.adobe.com"]', "rel"), "noreferrer");
    await page.click('[data-do="back-to-providers"]');
    await page.click('[data-do="open-log"]');
    await page.waitForSelector("[data-request]");
    assert.equal(await page.locator("[data-request]").count(), 1);
    await closeDialog(page);
});
