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
/** Each page is damaged in every way; else in one, and the next page in the next. */
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
    for (let idx = 0; idx < nPages; idx++) {
        for (const [place, [kind, damage]] of Object.entries(DAMAGES).entries()) {
            if (!IS_LONG && place !== idx % 3) continue;
            const damaged = Buffer.from(whole);
            damage(damaged, OFFSET + idx * PAGE_SIZE, idx);
            if (damaged.equals(whole)) continue;
            await writeDatabase(page, damaged);
            const outcome = await outcomeOf(page, collection, expected);
            assert.ok(outcome in outcomes, `page ${idx}, ${kind}: ${outcome}`);
            outcomes[/** @type {keyof typeof outcomes} */ (outcome)]++;
        }
    }
    await writeDatabase(page, whole);
    await openStored(page);
    assert.equal(await readStored(page, collection), expected, "and without damage everything is there");
    console.log(`${nPages} pages: ${JSON.stringify(outcomes)}`);
    assert.ok(outcomes.refused > 0 && outcomes.found > 0, JSON.stringify(outcomes));
});

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
