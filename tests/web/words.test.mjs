/** Only my words: a list from a file or typed, what shows under it, and what becomes of everything else. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { findings, tooWide } from "./accessibility.mjs";
import {
    addFiles,
    cards,
    exportAs,
    exportReports,
    setThreshold,
    usePage,
    waitForIdle,
    waitUntilDone,
} from "./harness.mjs";
import { closeWords, openWords } from "./only_words.mjs";
import { painted } from "./painted.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const site = usePage({ model: "painted" });

/** As Lightroom writes it. */
const LIGHTROOM = "[MINE]\r\n\tpets\r\n\t\tPuss\r\n\t\t\t{tabby cat}\r\n\tthree legs\r\n\tmoon\r\n";

/** Every name and id of a tag that an export has. @param {Page} page */
async function exported(page) {
    const tags = (await exportReports(page)).flatMap(({ tags }) => tags);
    return new Set(tags.flatMap(({ id, name, parents }) => [id, name, ...parents]));
}

/** @param {Page} page @param {string} words */
async function search(page, words) {
    await page.fill('[data-do="search"]', words);
    await waitForIdle(page);
    return (await cards(page)).length;
}

test("under a list of one's own nothing shows, is found or exported but its words, until it is off or undone", async () => {
    const page = await site.open();
    await addFiles(page, [painted("cat.png", "cat"), painted("cup.png", "cup")]);
    await waitUntilDone(page);
    await setThreshold(page, 2);
    const before = await exported(page);
    assert.ok(before.has("tabby-cat") && before.has("espresso"));

    await openWords(page);
    await page.setInputFiles('[data-do="choose-words"]', {
        name: "keywords.txt",
        mimeType: "text/plain",
        buffer: Buffer.from(LIGHTROOM),
    });
    await page.waitForSelector('[data-format="text"] [data-do="use-words"]');
    await page.click('[data-do="use-words"]');
    await page.waitForSelector('[data-suggestion="espresso"]');
    assert.deepEqual(await findings(page), []);
    assert.deepEqual(await tooWide(page), []);
    assert.equal(await page.locator('[data-mapped="tabby-cat"]').count(), 1, "by its alias");
    await closeWords(page);

    const words = ["own:pets", "own:puss", "own:three legs", "own:moon", "pets", "Puss", "three legs", "moon"];
    assert.ok(
        [...(await exported(page))].every((one) => words.includes(one)),
        [...(await exported(page))].join(),
    );
    assert.ok((await exported(page)).has("own:puss"));
    const { text } = await exportAs(page, "csv");
    assert.ok(text.includes("Puss") && !text.includes("espresso") && !text.includes("MINE"), text);
    assert.deepEqual(
        [
            await search(page, "puss"),
            await search(page, "tabby"),
            await search(page, "espresso"),
            await search(page, ""),
        ],
        [1, 1, 0, 2],
    );

    await openWords(page);
    await page.click('[data-suggestion="espresso"] [data-do="take-word-in"]');
    await page.waitForSelector('[data-suggestion="espresso"]', { state: "detached" });
    await closeWords(page);
    assert.ok((await exported(page)).has("own:espresso"));
    await page.keyboard.press("Control+z");
    await waitForIdle(page);
    assert.ok(!(await exported(page)).has("own:espresso"), "undone");

    await page.reload();
    await page.waitForSelector(".card");
    await waitForIdle(page);
    assert.ok((await exported(page)).has("own:puss") && !(await exported(page)).has("tabby-cat"), "kept");

    await openWords(page);
    await page.click('[data-do="restrict-tags"]');
    await closeWords(page);
    assert.deepEqual(await exported(page), before, "nothing was lost");
});

test("typed words begin a list, near-duplicates become one, and a file that is none is refused", async () => {
    const page = await site.open();
    await openWords(page);
    await page.fill('[data-do="type-words"]', "Dogs\nDog\n\tTerrier");
    await page.click('[data-do="add-words"]');
    await page.waitForSelector('[data-near="own:dogs own:dog"]');
    await page.locator('[data-near="own:dogs own:dog"] [data-do="join-words"]').first().click();
    await page.waitForSelector("[data-near]", { state: "detached" });
    await page.setInputFiles('[data-do="choose-words"]', {
        name: "a.rdf",
        mimeType: "",
        buffer: Buffer.from("<rdf:RDF"),
    });
    await page.waitForSelector('.failure-box[data-code="words_invalid"]');
    assert.match(await page.innerText(".words-list"), /2 words/);
});
