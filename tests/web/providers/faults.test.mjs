/**
 * What is wrong with a set-up, produced by the stand-in one after the other and told apart by the page's check, by code and in words. What
 * a live service says where the same is wrong, nobody here has seen.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { usePage } from "../harness.mjs";
import { openProviders, turnOn, waitUntilAskable, withSetups } from "./provider_page.mjs";
import { CREDENTIALS, startStandIn } from "./stand_in.mjs";

/** @typedef {import("../harness.mjs").Page} Page */
/** @typedef {import("./stand_in.mjs").Fault} Fault */

const site = usePage({ model: "painted" });
/** @type {import("./stand_in.mjs").StandIn} */
let services;
before(async () => void (services = await startStandIn()));
after(() => services.close());

/** @type {Record<string, [Fault, string][]>} */
const FAULTS = {
    microsoft: [
        ["wrong_key", "provider_key_wrong"],
        ["wrong_region", "provider_region_wrong"],
        ["no_rights", "provider_not_permitted"],
        ["quota", "provider_quota_used_up"],
        ["throttled", "provider_throttled"],
        ["model_missing", "provider_model_missing"],
        ["unavailable", "provider_unavailable"],
        ["html", "provider_answer_unreadable"],
        ["cors_refused", "provider_blocked"],
    ],
    google: [
        ["wrong_key", "provider_key_wrong"],
        ["expired", "provider_key_expired"],
        ["no_rights", "provider_not_permitted"],
        ["cors_refused", "provider_blocked"],
    ],
};
const SETUPS = {
    microsoft: () => ({ endpoint: services.url, version: "3.2" }),
    google: () => ({ host: services.url }),
};

/** Presses the button, and reads the first step that does not hold. @param {Page} page */
async function check(page) {
    await page.click('[data-do="check-provider"]');
    await page.waitForSelector('[data-check="running"]', { timeout: 2_000 }).catch(() => {}); // or it was too quick to be seen
    await page.waitForSelector('[data-check="done"]');
    const failed = page.locator('[data-step][data-ok="false"]').first();
    if ((await failed.count()) === 0) return { code: null, words: "" };
    return { code: await failed.getAttribute("data-code"), words: await failed.locator("p").nth(1).innerText() };
}

for (const id of /** @type {const} */ (["microsoft", "google"]))
    test(`each fault of a set-up is told apart, with a remedy of its own, for ${id}`, async () => {
        const page = await site.open("", { serviceWorkers: "allow", prepare: withSetups({ [id]: SETUPS[id]() }) });
        await waitUntilAskable(page);
        await turnOn(page, id, CREDENTIALS[id]);
        await openProviders(page);
        await page.click(`[data-provider-row="${id}"] [data-do="open-provider"]`);
        assert.equal((await check(page)).code, null, "nothing is wrong");
        /** @type {Map<string, string>} */
        const said = new Map();
        for (const [fault, wanted] of FAULTS[id] ?? []) {
            services.behave(fault, { times: Infinity, where: "nowhere" });
            const { code, words } = await check(page);
            assert.equal(code, wanted, `${fault}: ${words}`);
            assert.ok(words.length > 20, `${fault} has no words: "${words}"`);
            said.set(words, fault);
            services.behave(null);
        }
        assert.equal(said.size, FAULTS[id]?.length, "no two are told in the same words");
        assert.deepEqual(services.refusals, []);
        site.watch.forgetRequests();
        site.watch.allow(/Failed to load resource/, /blocked by CORS policy/);
    });

test("a service that is not running is told from one that lets no page in", async () => {
    const gone = await startStandIn();
    await gone.close();
    const page = await site.open("", {
        serviceWorkers: "allow",
        prepare: withSetups({ microsoft: { endpoint: gone.url, version: "3.2" } }),
    });
    await waitUntilAskable(page);
    await turnOn(page, "microsoft", CREDENTIALS.microsoft);
    await openProviders(page);
    await page.click('[data-provider-row="microsoft"] [data-do="open-provider"]');
    assert.equal((await check(page)).code, "provider_unreachable");
    site.watch.forgetRequests();
    site.watch.allow(/ERR_CONNECTION_REFUSED/);
});
