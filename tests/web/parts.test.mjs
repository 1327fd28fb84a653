/** The parts of the page that are fetched after the empty page: when they are, and what happens where they do not come. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addFiles, cards, usePage, waitForIdle, waitUntilDone, waitUntilReady } from "./harness.mjs";
import { painted } from "./painted.mjs";

const site = usePage({ model: "painted" });

/** The scripts that the page names itself; whatever else it fetches is of a part. */
async function scriptsAtOnce() {
    const index = await (await fetch(site.url)).text();
    const names = [...index.matchAll(/(?:src|href)="([\w.]+\.js)"/g)].map(([, name = ""]) => name);
    assert.ok(names.length >= 2);
    return new Set(names);
}

/** @param {import("./harness.mjs").Page} page @returns {Promise<string[]>} */
const partsThere = (page) =>
    page.evaluate(() =>
        performance
            .getEntriesByName("tagsmith:part")
            .map((entry) => /** @type {PerformanceMeasure} */ (entry).detail)
            .sort(),
    );

test("the engine is asked for before any part, and every part is there before anyone asks", async () => {
    const atOnce = await scriptsAtOnce();
    const page = await site.open();
    await waitUntilReady(page);
    await page.waitForFunction(() => performance.getEntriesByName("tagsmith:part").length === 2);
    assert.deepEqual(await partsThere(page), ["dialogs", "work"]);
    const names = site.watch.requests.map((url) => new URL(url).pathname.slice(1));
    const engine = names.findIndex((name) => name.startsWith("engine-"));
    const parts = names.flatMap((name, idx) =>
        /^(part|work|dialogs)\..*(js|css)$/.test(name) && !atOnce.has(name) ? [idx] : [],
    );
    assert.ok(engine >= 0 && parts.length >= 6, names.join(" "));
    assert.deepEqual(
        parts.filter((idx) => idx < engine),
        [],
        names.join(" "),
    );
});

for (const [what, block] of /** @type {const} */ ([
    [
        "scripts",
        async () => {
            const atOnce = await scriptsAtOnce();
            return (/** @type {URL} */ { pathname }) =>
                /\/part\.\w{8}\.js$/.test(pathname) && !atOnce.has(pathname.slice(1));
        },
    ],
    [
        "styles",
        async () =>
            (/** @type {URL} */ { pathname }) =>
                /\/(work|dialogs)\.\w+\.css$/.test(pathname),
    ],
])) {
    test(`pictures that come while the ${what} of their part cannot be fetched are not lost`, async () => {
        site.watch.expect(/Failed to load resource|Failed to fetch/);
        const blocked = await block();
        const page = await site.open("", { prepare: (page) => page.route(blocked, (route) => route.abort()) });
        await waitUntilReady(page);
        assert.equal(await page.locator(".problem").count(), 0, "nobody has asked for it yet");
        await addFiles(page, [painted("a.png", "cup"), painted("b.png", "cat")]);
        await page.locator('.problem[data-code="part_unreachable"]').waitFor();
        assert.ok(await page.isVisible(".drop-area"), "what takes the place of the empty page is not there");
        const failing = page.waitForEvent("requestfailed"); // or the problem that is still drawn would be taken for the next
        await page.click('[data-do="try-again"]');
        await failing;
        await waitForIdle(page);
        await page.locator('.problem[data-code="part_unreachable"]').waitFor();
        await page.unroute(blocked);
        await page.click('[data-do="try-again"]');
        await waitUntilDone(page);
        assert.deepEqual(
            (await cards(page)).map(({ path, state }) => [path, state]),
            [
                ["a.png", "done"],
                ["b.png", "done"],
            ],
        );
        assert.equal(await page.locator(".problem, .drop-area").count(), 0);
    });

    test(`a dialog whose ${what} cannot be fetched opens when they can`, async () => {
        site.watch.expect(/Failed to load resource|Failed to fetch/);
        const blocked = await block();
        const page = await site.open("", { prepare: (page) => page.route(blocked, (route) => route.abort()) });
        await waitUntilReady(page);
        await page.click('[data-do="promise"]');
        await page.locator('.problem[data-code="part_unreachable"]').waitFor();
        await page.unroute(blocked);
        await page.click('[data-do="try-again"]');
        await page.locator('.dialog[open][data-dialog="help"]').waitFor();
        assert.equal(await page.locator(".problem").count(), 0);
    });
}
