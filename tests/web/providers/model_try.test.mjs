/** A model of this device tried with other numbers, before anything is another by it: nobody is asked, and nothing is written. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { findings } from "../accessibility.mjs";
import { addFiles, cards, setThreshold, usePage, waitForIdle, waitUntilDone } from "../harness.mjs";
import { painted } from "../painted.mjs";

const site = usePage({ model: "painted" });

/** @param {import("../harness.mjs").Page} page @param {string} change */
const nOf = async (page, change) =>
    Number(await page.getAttribute(`.try-counts [data-change="${change}"]`, "data-value"));

test("a model is tried with another threshold without a request, its effect is beside each picture, and it holds once it is wanted", async () => {
    const page = await site.open("?workers=1");
    await addFiles(page, [
        painted("a.png", "cup"),
        painted("b.png", "wall"),
        painted("c.png", "cup", { width: 61, height: 60 }),
    ]);
    await waitUntilDone(page);
    await setThreshold(page, 90);
    await waitForIdle(page);
    const tags = async () => (await cards(page)).map(({ tags }) => tags.map(({ id }) => id).sort());
    const before = await tags();
    await page.click('[data-menu="more"]');
    await page.click('[data-do="models"]');
    await page.click('[data-model="bundled"] [data-do="try-model"]');
    await page.waitForSelector('dialog[open][data-dialog="try_model"]');
    assert.equal(await page.locator('[data-do="use-tried"]').isEnabled(), false);
    await page.click('[data-do="try-model-now"]');
    await page.waitForSelector('[data-trial="ended"] .try-counts');
    assert.deepEqual(
        [await nOf(page, "added"), await nOf(page, "gone")],
        [0, 0],
        "the same model under the same numbers",
    );
    const said = async () => (await page.textContent('.try-head [role="status"]'))?.trim();
    assert.equal(await said(), "Nothing would change, and nothing has been saved.");
    await page.fill("#try-threshold", "2");
    await page.press("#try-threshold", "Tab");
    await page.waitForSelector('.try-counts [data-change="added"]:not([data-value="0"])');
    const nAdded = await nOf(page, "added");
    assert.match((await said()) ?? "", /^This would change [1-3] pictures? as shown\./);
    assert.deepEqual(await findings(page), []);
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog[open]", { state: "detached" });
    assert.deepEqual(await tags(), before, "closed, it is as it was");

    await page.click('[data-menu="more"]');
    await page.click('[data-do="models"]');
    await page.click('[data-model="bundled"] [data-do="try-model"]');
    await page.fill("#try-threshold", "2");
    await page.press("#try-threshold", "Tab");
    await page.click('[data-do="try-model-now"]');
    await page.waitForSelector('[data-trial="ended"] .try-counts');
    assert.equal(await nOf(page, "added"), nAdded);
    await page.click('[data-do="use-tried"]');
    await page.waitForSelector("dialog[open]", { state: "detached" });
    await waitForIdle(page);
    const n = (/** @type {string[][]} */ all) => all.flat().length;
    assert.equal(n(await tags()), n(before) + nAdded);
    assert.deepEqual(site.watch.foreign, []);
});
