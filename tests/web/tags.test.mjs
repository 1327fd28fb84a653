/** What the tags are: three words with a promise, who says what, what lies above, six languages. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { addFiles, cards, exportReports, file, setThreshold, waitForIdle, usePage, waitUntilDone } from "./harness.mjs";
import { openPicture } from "./inspect.mjs";
import { rest } from "./rest.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const site = usePage();
const model = (/** @type {string} */ name) =>
    JSON.parse(readFileSync(new URL(`../../models/efficientnet-lite0/${name}`, import.meta.url), "utf8"));
const { settings } = model("model.json").policy;
/** @type {{id: string, names: Record<string, string>}[]} */
const VOCABULARY = model("vocabulary.json").tags;
const LANGUAGES = { en: "English", sv: "Swedish", de: "German", fr: "French", es: "Spanish", ja: "Japanese" };
const PICTURES = [
    file("cases/coffee/picture.jpg", "coffee.jpg"),
    file("cases/astronaut/picture.jpg", "astronaut.jpg"),
    file("cases/brick_grey_png/picture.png", "wall.png"),
];

/** @param {string} id @param {string} language */
const nameOf = (id, language) => VOCABULARY.find((tag) => tag.id === id)?.names[language] ?? assert.fail(id);

/** @param {Page} page */
async function tagThree(page) {
    await addFiles(page, PICTURES);
    await waitUntilDone(page);
}

const tagged = site.inTurn(async () => {
    const page = await site.open();
    await tagThree(page);
    return page;
});

/** The three pictures, as they are at the beginning. */
async function three() {
    const page = await tagged();
    await rest(page, Math.round(settings.balanced * 100));
    return page;
}

// The first, as it is about where one begins.
test("each of the operating points is its measured threshold, with a promise that goes when the slider is elsewhere", async () => {
    const page = await tagged();
    const promises = /** @type {const} */ ({
        generous: "76 in 100 tags are right on everyday photos",
        balanced: "86 in 100 tags are right on everyday photos",
        sure: "96 in 100 tags are right on everyday photos",
    });
    const words = async () => (await page.textContent('[data-count="threshold"]')) ?? "";
    assert.match(await words(), /86 in 100/, "balanced is where one begins");
    for (const [name, promise] of Object.entries(promises)) {
        await page.click(`[data-preset="${name}"]`);
        await waitForIdle(page);
        assert.equal(Number(await page.inputValue('[data-do="threshold"]')), Math.round(settings[name] * 100));
        assert.ok((await words()).includes(promise), await words());
        assert.equal(await page.getAttribute(`[data-preset="${name}"]`, "title"), promise);
        assert.equal(await page.locator('[data-preset][aria-pressed="true"]').count(), 1);
        for (const { tags } of await cards(page))
            for (const { confidence } of tags) assert.ok(confidence >= settings[name] - 1e-6);
    }
    await setThreshold(page, 50);
    assert.doesNotMatch(await words(), /right/, "nobody has measured that");
    assert.equal(await page.locator('[data-preset][aria-pressed="true"]').count(), 0);
});

test("a thing, a person and a building are said by three parts of the model, and what lies above is folded", async () => {
    const page = await three();
    const reports = await exportReports(page);
    const said = reports.map(
        ({ tags }) => tags.map((/** @type {any} */ { id, from, parents }) => ({ id, from, parents }))[0],
    );
    assert.deepEqual(said, [
        { id: "espresso", from: "classes", parents: ["drink", "food"] },
        { id: "person", from: "detector:nanodet-g", parents: [] },
        { id: "building", from: "head:general", parents: [] },
    ]);
    for (const { confidence, score } of reports.flatMap(({ tags }) => tags))
        assert.ok(confidence !== score && confidence <= 1 && score <= 1);
    await openPicture(page, "coffee.jpg");
    const row = await page.innerText('.details .tag-row[data-tag="espresso"]');
    assert.match(row.replace(/\s+/g, " "), /espresso drink · food/, "in its second line");
    assert.equal(await page.locator('.details .tag-row[data-tag="food"]').count(), 0);
    await page.click('[data-filter-tag="food"]');
    await waitForIdle(page);
    assert.deepEqual(
        (await cards(page)).map(({ path }) => path),
        ["coffee.jpg"],
        "but it counts as shown",
    );
});

test("tags and what lies above them have names in six languages", async () => {
    const page = await three();
    for (const [code, language] of Object.entries(LANGUAGES)) {
        await page.evaluate(
            (code) => localStorage.setItem("tagsmith.settings", JSON.stringify({ tag_language: code })),
            code,
        );
        await page.reload();
        await tagThree(page);
        const names = (await exportReports(page)).map(({ tags }) => tags[0].name);
        assert.deepEqual(
            names,
            ["espresso", "person", "building"].map((id) => nameOf(id, code)),
            language,
        );
        await openPicture(page, "coffee.jpg");
        const row = (await page.innerText('.details .tag-row[data-tag="espresso"]')).replace(/\s+/g, " ");
        assert.ok(row.includes(`${nameOf("drink", code)} · ${nameOf("food", code)}`), `${language}: ${row}`);
        const chip = (await cards(page)).find(({ path }) => path === "astronaut.jpg")?.tags[0];
        assert.equal(chip?.name, nameOf("person", code));
    }
});
