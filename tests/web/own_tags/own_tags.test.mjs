/** Own tags from the first example to the roll-back, with the model as it is shipped: what is drawn is learnt, found, undone, read about and taken back. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { findings, speak, tooWide } from "../accessibility.mjs";
import { usePage, waitForIdle, waitForTransitions } from "../harness.mjs";
import { openWords, showOnly } from "../only_words.mjs";
import { compareScreen, otherFonts } from "../screens.mjs";
import {
    N_LEFT,
    N_TAUGHT,
    addDrawn,
    closeDialog,
    customTags,
    openTagger,
    tagAgain,
    teach,
    train,
} from "./own_page.mjs";

/** @typedef {import("../harness.mjs").Page} Page */

const site = usePage();
const SIZES = [
    { width: 1440, height: 900 },
    { width: 768, height: 1024 },
    { width: 360, height: 740 },
];
const HIGH = { width: 1440, height: 1600 };

/** Which of the pictures that were left have which tag. @param {Record<string, string[]>} tags @param {string} kind */
const found = (tags, kind) =>
    Array.from({ length: N_LEFT }, (_, idx) => tags[`${kind}-${N_TAUGHT + 1 + idx}.png`] ?? []);

test("two tags are taught on drawn pictures, trained, found on the others, undone, reported, and rolled back", async (context) => {
    const page = await site.open("?workers=1", { viewport: HIGH });
    await addDrawn(page);
    await teach(page, "stripes", "our stripes");
    await teach(page, "dots", "our dots", () => looks(page, "own_teach", context));
    await openTagger(page);
    assert.equal(await page.getAttribute('[data-count="examples"]', "data-value"), String(2 * N_TAUGHT));
    assert.deepEqual(
        (await page.$$eval("[data-own-tag]", (all) => all.map((one) => one.getAttribute("data-own-tag")))).sort(),
        ["own:our dots", "own:our stripes"],
    );
    await train(page, "First try");
    assert.equal(await page.getAttribute("[data-trained]", "data-left-out"), "0");
    await page.waitForSelector('[data-count="examples"][data-to-embed="0"]');
    assert.equal(await tagAgain(page), 2 * N_LEFT);
    await looks(page, "own_tagger", context);

    await closeDialog(page);
    const tagged = await customTags(page);
    assert.deepEqual(found(tagged, "stripes"), Array(N_LEFT).fill(["own:our stripes"]));
    assert.deepEqual(found(tagged, "dots"), Array(N_LEFT).fill(["own:our dots"]));
    await page.click('[data-do="undo"]');
    await waitForIdle(page);
    assert.deepEqual(Object.values(await customTags(page)).flat(), []);
    await page.click('[data-do="redo"]');
    await waitForIdle(page);
    assert.deepEqual(await customTags(page), tagged);

    await openTagger(page);
    await page.click('[data-do="open-report"]');
    await page.waitForSelector("[data-report-tag]");
    const rows = await page.$$eval("[data-report-tag]", (all) =>
        all.map((row) => [row.getAttribute("data-report-tag"), row.getAttribute("data-status")]),
    );
    assert.deepEqual(rows.sort(), [
        ["own:our dots", "incomplete"],
        ["own:our stripes", "incomplete"],
    ]);
    await looks(page, "own_report", context);
    const saving = page.waitForEvent("download");
    await page.click('[data-do="save-xlsx"]');
    const saved = await saving;
    assert.match(saved.suggestedFilename(), /\.xlsx$/);
    assert.equal((await readFile(await saved.path())).subarray(0, 2).toString(), "PK");
    await page.click('[data-do="own-back"]');
    await waitForIdle(page);

    await train(page, "Second try");
    assert.deepEqual(await versions(page), [
        ["Second try", true],
        ["First try", false],
    ]);
    await page.click('[data-do="compare-versions"]');
    await page.waitForSelector("[data-comparison]");
    assert.equal(await page.getAttribute("[data-comparison]", "data-comparison"), String(2 * (N_TAUGHT + N_LEFT)));
    await looks(page, "own_comparison", context);
    await page.click('[data-do="own-back"]');
    await page.click('[data-do="use-version"]');
    await waitForIdle(page);
    assert.deepEqual(await versions(page), [
        ["Second try", false],
        ["First try", true],
    ]);
    await page.click('[data-do="own-back"]');
    await page.waitForSelector('[data-do="open-tagger"]');
    await looks(page, "own_list", context);
    await closeDialog(page);
    await showOnly(page, "our stripes\n\tour stripe\nzebra");
    await openWords(page);
    await looks(page, "own_words", context);
});

/** Each with whether it is in use. @param {Page} page */
const versions = (page) =>
    page.$$eval('[data-section="versions"] .library-row', (rows) =>
        rows.map((row) => [
            row.querySelector(".library-name bdi")?.textContent,
            row.querySelector(".library-badge") !== null,
        ]),
    );

/** It looks as it was kept, fits and is accessible. @param {Page} page @param {string} state @param {import("node:test").TestContext} context */
async function looks(page, state, context) {
    const reason = await otherFonts(page);
    await page.waitForSelector(".toast", { state: "detached" });
    await page.$eval(".dialog-body", (body) => body.scrollTo(0, 0));
    /** @type {Record<string, string[]>} */
    const wrong = {};
    for (const size of SIZES)
        for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
            await page.setViewportSize(size);
            await page.emulateMedia({ colorScheme });
            await waitForTransitions(page);
            const place = `${state}-${size.width}-${colorScheme}`;
            const unlike = reason ? null : await compareScreen(page, place);
            const seen = [...(unlike ? [unlike] : []), ...(await tooWide(page))];
            // The rules look at what is there and at its colours: the narrowest has the former as no other, and each scheme the latter.
            if (size.width === (colorScheme === "light" ? 360 : 1440)) seen.push(...(await findings(page)));
            if (seen.length > 0) wrong[place] = seen;
        }
    await page.emulateMedia({ colorScheme: "light" });
    await speak(page, "sv");
    await waitForIdle(page);
    const inSwedish = [...(await tooWide(page)), ...(await findings(page))];
    if (inSwedish.length > 0) wrong[`${state}, Swedish`] = inSwedish;
    await speak(page, "en");
    await page.setViewportSize(HIGH);
    await waitForIdle(page);
    assert.deepEqual(wrong, {});
    if (reason) context.diagnostic(`It fits and is accessible. ${reason}`);
}
