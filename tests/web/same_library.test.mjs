/** One library, two readers: what the page exports of it, and what the command line exports of its backup, byte for byte. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { askStore, openFromMore } from "./collections.mjs";
import { run } from "./command_line.mjs";
import { HIGH, card, tagSome } from "./grid.mjs";
import { exportAs, setThreshold, usePage, waitForIdle } from "./harness.mjs";
import { addTag, openPicture } from "./inspect.mjs";
import { PAINTED_ID, writePaintedModels } from "./painted.mjs";
import { unzip } from "./unzip.mjs";
import { wordsOfScripts } from "./words_of_scripts.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const site = usePage({ model: "painted" });
/** Written by both as one file. */
const TABLES = /** @type {const} */ (["csv", "json", "jsonl", "csv-excel"]);
/** Written by the page into a ZIP, by the command line into a folder. */
const PER_PICTURE = /** @type {const} */ (["captions", "xmp"]);

/** @type {string} */
let folder;
before(async () => {
    folder = mkdtempSync(join(tmpdir(), "tagsmith-library-"));
    await writePaintedModels(folder);
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** Everything that changes what an export says: threshold, corrections of every kind, words of many scripts, a rule. @param {Page} page */
async function edit(page) {
    await tagSome(page);
    await setThreshold(page, 12);
    await page.focus(`${card("cat.jpg")} .card-name`);
    for (const key of ["a", "x", "r"]) await page.keyboard.press(key);
    await openPicture(page, "cup.jpg");
    for (const { name } of wordsOfScripts(12)) await addTag(page, name);
    await addTag(page, 'one, "two" & <three>');
    await page.keyboard.press("Escape");
    await page.click('[data-do="manage-tags"]');
    await page.locator('[data-do="hide-tag"]').first().click();
    await waitForIdle(page);
    await page.keyboard.press("Escape");
    await waitForIdle(page);
}

/** What two providers say of some pictures, in runs that add and replace, and texts of theirs and of a person. @param {Page} page */
async function askOthers(page) {
    const [{ collection }] = await askStore(page, [["open", {}]]);
    const [ids] = await askStore(page, [["order", { collection: collection.id }]]);
    const files = Object.values(ids).slice(0, 3);
    /** @param {string} provider @param {string} mode @param {string} name @param {boolean} has_confidence */
    const ask = async (provider, mode, name, has_confidence) => {
        const components = [`provider:${provider}`];
        const settings = { mode, name: provider, has_confidence };
        const run = {
            kind: "provider",
            tagger: provider,
            version: "v1",
            pipeline: 1,
            components,
            tags: [],
            language: "en",
            settings,
        };
        const [id] = await askStore(page, [
            ["begin_job", { run, collection: collection.id, files, job: Math.random() }],
        ]);
        const request = 1_000_000 + id;
        const counts = { n_pictures: files.length, n_units: 3, n_bytes: 3000 };
        const begin = { id: request, run: id, purpose: "tag", provider, host: "https://sky.example", files, ...counts };
        await askStore(page, [["begin_request", begin]]);
        const results = files.map((file, idx) => ({
            file,
            found: {
                tags: [
                    { id: `own:${name}`, name, language: "en", score: 0.5 + idx / 10, confidence: 0.5 + idx / 10 },
                    { id: "lynx", name: "lynx", language: "en", score: 0.75, confidence: 0.75 },
                ],
                texts: [
                    { field: "title", text: `${name} ${idx} & <more>, "quoted"` },
                    { field: "alt_text", text: "Två\nrader" },
                ],
                language: "sv",
            },
        }));
        const end = { id: request, status: 200, outcome: "answered", n_billed: 3, n_maybe: 0, detail: null, results };
        await askStore(page, [["end_request", end]]);
    };
    await ask("sky", "add", "evening sun", true);
    await ask("sea", "add", "gone", true);
    await ask("sea", "replace", "high water", false);
    const changes = [
        { file: files[0], field: "description", text: "A person's" },
        { file: files[1], field: "title", text: "" },
    ];
    await askStore(page, [["set_texts", { changes }]]);
    await page.reload();
    await waitForIdle(page);
}

/** @param {Page} page @returns {Promise<string>} where it lies */
async function saveBackup(page) {
    await openFromMore(page, "storage");
    const [download] = await Promise.all([page.waitForEvent("download"), page.click('[data-do="save-backup"]')]);
    const path = join(folder, "page.tagsmith");
    writeFileSync(path, readFileSync(await download.path()));
    await page.keyboard.press("Escape");
    await waitForIdle(page);
    return path;
}

test("the page and the command line export a library byte for byte alike, in every format of text", async () => {
    const page = await site.open("", HIGH);
    await edit(page);
    await askOthers(page);
    const library = await saveBackup(page);
    const model = ["--model", join(folder, PAINTED_ID)];
    for (const format of TABLES) {
        const { path } = await exportAs(page, format);
        const theirs = run("library", library, "--format", format, ...model);
        assert.ok(theirs.length > 100);
        assert.match(theirs.toString("utf8"), /high water/, "what a provider found");
        assert.doesNotMatch(theirs.toString("utf8"), /gone/, "and what took its place");
        assert.equal(theirs.toString("utf8"), readFileSync(path, "utf8"), format);
    }
    for (const format of PER_PICTURE) {
        const ours = unzip((await exportAs(page, format)).path);
        const out = join(folder, format);
        run("library", library, "--format", format, "--output", out, ...model);
        const theirs = readdirSync(out, { recursive: true }).map(String);
        assert.deepEqual(theirs.sort(), Object.keys(ours).sort());
        for (const name of theirs)
            assert.equal(readFileSync(join(out, name), "utf8"), ours[name], `${format}: ${name}`);
    }
});
