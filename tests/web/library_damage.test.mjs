/**
 * Each page of the database damaged in turn, in the browser that keeps it: what is read afterwards is what was written, or it is refused, or
 * the check says which table is damaged. Never another answer in silence. Natively, cli/tests do the same with every page.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serve } from "../../www/tools/serve.mjs";
import { LastingBrowser } from "./lasting_browser.mjs";
import { storePage } from "./store_page.mjs";
import {
    callStored,
    closeStored,
    openStored,
    readDatabase,
    readStored,
    recordAssets,
    writeDatabase,
} from "./stored_library.mjs";

const N_ASSETS = 50;
/** So many pages further is the next that is damaged in one way, and the one after it in the next. */
const EVERY = 3;
/** Each page is damaged in every way. */
const IS_LONG = Boolean(process.env["TAGSMITH_LONG"]);
/** Before it, the pool keeps the file's name. */
const OFFSET = 4096;
const PAGE_SIZE = 8192;

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
/** @type {LastingBrowser} */
let browser;
before(async () => {
    server = await serve({ dir: await storePage(), port: 0 });
    browser = await LastingBrowser.start(server.url);
});
after(async () => {
    await browser?.end();
    await server?.close();
});

/** What may happen to a page of a file, in turn. @type {Record<string, (content: Buffer, from: number, seed: number) => void>} */
const DAMAGES = {
    "a bit": (content, from, seed) => {
        const at = from + (((seed * 2_654_435_761) >>> 0) % PAGE_SIZE);
        content[at] = Number(content[at]) ^ (1 << (seed % 8));
    },
    zeros: (content, from) => void content.fill(0, from, from + PAGE_SIZE),
    "another page": (content, from, seed) => {
        const nPages = (content.length - OFFSET) / PAGE_SIZE;
        const other = OFFSET + (((from / PAGE_SIZE + 1 + seed) % nPages) | 0) * PAGE_SIZE;
        content.copyWithin(from, other, other + PAGE_SIZE);
    },
};

test("a damaged page of the database is refused or found, or nothing of it shows", async () => {
    const page = await browser.open();
    await page.waitForFunction(() => "tagsmith" in globalThis);
    const collection = await recordAssets(page, N_ASSETS);
    const expected = await readStored(page, collection);
    await closeStored(page);
    const whole = await readDatabase(page);
    const nPages = (whole.length - OFFSET) / PAGE_SIZE;
    assert.ok(nPages >= 10 && Number.isInteger(nPages), `${nPages} pages`);
    const outcomes = { refused: 0, found: 0, same: 0 };
    const rescues = { none: 0, some: 0, all: 0 };
    for (let idx = 0; idx < nPages; idx++) {
        for (const [place, [kind, damage]] of Object.entries(DAMAGES).entries()) {
            if (!IS_LONG && (idx % EVERY !== 0 || place !== (idx / EVERY + 1) % 3)) continue;
            const damaged = Buffer.from(whole);
            damage(damaged, OFFSET + idx * PAGE_SIZE, idx);
            if (damaged.equals(whole)) continue;
            await writeDatabase(page, damaged);
            const outcome = await outcomeOf(page, collection, expected);
            assert.ok(outcome in outcomes, `page ${idx}, ${kind}: ${outcome}`);
            outcomes[/** @type {keyof typeof outcomes} */ (outcome)]++;
            if (outcome !== "same") rescues[await rescueOf(page, collection, expected, `page ${idx}, ${kind}`)]++;
        }
    }
    await writeDatabase(page, whole);
    await openStored(page);
    assert.equal(await readStored(page, collection), expected, "and without damage everything is there");
    console.log(`${nPages} pages: ${JSON.stringify({ ...outcomes, rescues })}`);
    assert.ok(rescues.some > 0 && rescues.all > 0, JSON.stringify(rescues));
    assert.ok(outcomes.refused > 0 && outcomes.found > 0, JSON.stringify(outcomes));
});

/**
 * What is there after a rescue is what was written, as far as the rescue says that it is certain, and no damage is left.
 * @param {import("./harness.mjs").Page} page @param {number} collection @param {string} expected @param {string} what
 * @returns {Promise<"none" | "some" | "all">} of what was there, and is certain
 */
async function rescueOf(page, collection, expected, what) {
    await openStored(page).catch(() => {});
    try {
        const { tables } = await callStored(page, "inspect_rescue");
        await callStored(page, "rescue");
        assert.deepEqual((await callStored(page, "verify")).damaged, [], what);
        const [was, is] = [JSON.parse(expected), JSON.parse(await readStored(page, collection))];
        const of = (/** @type {string} */ name) =>
            tables.find((/** @type {{name: string}} */ table) => table.name === name);
        const isCertain = (/** @type {string[]} */ ...names) => names.every((name) => of(name).is_certain);
        for (const { name, n_before: before, n_kept: kept, is_certain: is } of tables) {
            const isThere = is && !["step", "tagging", "embedding", "correction"].includes(name);
            assert.ok(before === null || (isThere ? kept === before : kept <= before), `${what}: ${name}`);
        }
        if (isCertain("tag")) assert.deepEqual(is.tags, was.tags, what);
        if (isCertain("file")) assert.deepEqual([is.order, is.files.paths], [was.order, was.files.paths], what);
        if (isCertain("file", "tag", "correction", "given_text"))
            assert.deepEqual(is.files.corrections, was.files.corrections, what);
        if (isCertain("setting")) assert.deepEqual(is.settings, was.settings, what);
        const isTagged = isCertain("asset", "file", "run", "tag", "tagging");
        assert.deepEqual(is.taggings, isTagged ? was.taggings : { ...is.taggings, ids: [], candidates: [] }, what);
        return isTagged && isCertain("correction", "embedding") ? "all" : "some";
    } catch (error) {
        if (!/^Error: .*library_damaged:/s.test(String(error))) throw error;
        return "none";
    } finally {
        await closeStored(page);
    }
}

/** @param {import("./harness.mjs").Page} page @param {number} collection @param {string} expected */
async function outcomeOf(page, collection, expected) {
    try {
        await openStored(page);
        const { damaged } = await callStored(page, "verify");
        if (damaged.length > 0) return "found";
        return (await readStored(page, collection)) === expected ? "same" : "another answer, in silence";
    } catch (error) {
        return /library_(damaged|newer):/.test(String(error)) ? "refused" : String(error);
    } finally {
        await closeStored(page);
    }
}
