/**
 * How the part "providers" looks, as tests/web/looks.test.mjs has it of the rest: like the kept pictures in tests/web/screens. The stand-in
 * answers, so what it says and bills is the same each time; what no two runs share (a moment, a time) is taken out before the picture.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { findings, tooWide } from "../accessibility.mjs";
import { addFiles, file, usePage, waitForIdle, waitForTransitions, waitUntilDone } from "../harness.mjs";
import { addTag, openPicture, rows, use } from "../inspect.mjs";
import { compareScreen, otherFonts } from "../screens.mjs";
import {
    closeDialog,
    openProviders,
    tagAllWith,
    turnOn,
    waitUntilAskable,
    waitUntilIdle,
    withSetups,
} from "./provider_page.mjs";
import { CREDENTIALS, startStandIn } from "./stand_in.mjs";

/** @typedef {import("../harness.mjs").Page} Page */

const site = usePage({ isWhole: true });
const SIZES = [
    { width: 1440, height: 900 },
    { width: 768, height: 1024 },
    { width: 360, height: 740 },
];
/** @type {import("./stand_in.mjs").StandIn} */
let services;
before(async () => void (services = await startStandIn()));
after(() => services.close());

/** Tagged by the model and by two services; of one picture the person has said something. @param {Page} page */
async function prepare(page) {
    await waitUntilAskable(page);
    await addFiles(
        page,
        ["coffee", "chelsea", "astronaut"].map((name) => file(`cases/${name}/picture.jpg`, `${name}.jpg`)),
    );
    await waitUntilDone(page);
    await openProviders(page);
    await page.click('[data-provider-row="google"] [data-do="open-provider"]');
    await waitForIdle(page); // what is typed while the set-up is still read is drawn over
    await page.fill("#provider-price", "1.5");
    await page.press("#provider-price", "Tab");
    await waitForIdle(page);
    await closeDialog(page);
    const ids = /** @type {const} */ (["google", "microsoft"]);
    for (const id of ids) await turnOn(page, id, CREDENTIALS[id]);
    for (const id of ids) {
        await tagAllWith(page, id);
        await waitUntilIdle(page);
    }
    await openPicture(page, "coffee.jpg");
    const ofServices = (await rows(page)).filter(({ kind }) => kind === "cloud");
    await addTag(page, ofServices[0]?.name ?? "");
    await use(page, "close");
    await page.waitForSelector(".details", { state: "detached" });
}

/** @param {Page} page @param {string} item of the menu @param {string} shown what waits to be there */
async function fromMenu(page, item, shown) {
    await page.click('[data-menu="more"]');
    await page.click(`[data-do="${item}"]`);
    await page.waitForSelector(shown);
}

/** One after the other, from a page without a dialog. @type {Record<string, (page: Page) => Promise<unknown>>} */
const STATES = {
    services: openProviders,
    async service(page) {
        await openProviders(page);
        await page.click('[data-provider-row="google"] [data-do="open-provider"]');
        await page.waitForSelector('.provider[data-provider="google"]');
    },
    ask: (page) => fromMenu(page, "tag-with", '[data-count="asked"]'),
    async request_log(page) {
        await openProviders(page);
        await page.click('[data-do="open-log"]');
        await page.waitForSelector("[data-request]");
    },
    compare: (page) => fromMenu(page, "compare", "[data-differing] img"),
    differing: (page) => fromMenu(page, "compare", "[data-differing] img"),
    async try(page) {
        await fromMenu(page, "tag-with", '[data-do="try"]:not([disabled])');
        await page.click('[data-do="try"]');
        await page.waitForSelector('[data-trial="ended"]');
        await page.waitForSelector('[data-do="send"]:not([disabled])');
    },
    async job(page) {
        services.behave("quota");
        await tagAllWith(page, "google");
        await page.waitForSelector('[data-line="job"] [data-do="job-failures"]');
    },
};

/** What is further down, and is to be seen. @type {Record<string, string>} */
const BELOW = { differing: ".compare-pairs", try: ".try-counts" };

test("the services, what is asked, compared and logged of them, and a job that stopped look as they were kept, fit every width and are accessible", async (testContext) => {
    const page = await site.open("?workers=1", {
        serviceWorkers: "allow",
        prepare: withSetups({ google: { host: services.url }, microsoft: { endpoint: services.url, version: "3.2" } }),
    });
    await prepare(page);
    const reason = await otherFonts(page);
    /** @type {Record<string, string[]>} */
    const wrong = {};
    for (const [state, bringAbout] of Object.entries(STATES)) {
        await bringAbout(page);
        await page.waitForSelector(".toast", { state: "detached" });
        await waitForIdle(page);
        for (const size of SIZES)
            for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
                await page.setViewportSize(size);
                await page.emulateMedia({ colorScheme });
                await waitForTransitions(page);
                await page.evaluate((below) => below && document.querySelector(below)?.scrollIntoView(), BELOW[state]);
                const place = `${state}-${size.width}-${colorScheme}`;
                const unlike = reason ? null : await compareScreen(page, place);
                const found = [...(unlike ? [unlike] : []), ...(await tooWide(page))];
                // What the dark scheme changes are colours, which do not hang on the width.
                if (colorScheme === "light" || size.width === 1440) found.push(...(await findings(page)));
                if (found.length > 0) wrong[place] = found;
            }
        await page.setViewportSize({ width: 1440, height: 900 });
        if (await page.locator("dialog[open]").count()) await closeDialog(page);
    }
    site.watch.forgetRequests();
    site.watch.allow(/Failed to load resource/);
    assert.deepEqual(wrong, {});
    if (reason) testContext.skip(`It fits and is accessible. ${reason}`);
});
