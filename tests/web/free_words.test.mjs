/** Ten thousand free words of forty scripts: kept by the store, read again after the tab is closed, and out of a backup in another browser. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serve } from "../../www/tools/serve.mjs";
import { LastingBrowser } from "./lasting_browser.mjs";
import { storePage } from "./store_page.mjs";
import { callStored, openStored, recordAssets } from "./stored_library.mjs";
import { wordsOfScripts } from "./words_of_scripts.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const N_WORDS = 10_000;
const N_FILES = 50;

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
before(async () => (server = await serve({ dir: await storePage(), port: 0 })));
after(() => server?.close());

/** What people gave to the files, in its order, with the words of the tag table. @param {Page} page @param {number} collection */
async function wordsIn(page, collection) {
    const { corrections } = await callStored(page, "files", { collection });
    const tags = await callStored(page, "tags");
    const byRef = new Map(tags.map((/** @type {any} */ { ref, name, language }) => [ref, { name, language }]));
    const files = /** @type {any[]} */ (Object.values(corrections));
    return files.flatMap(({ own }) => own.map((/** @type {any} */ tag) => ({ ...tag, ...byRef.get(tag.id) })));
}

test(`${N_WORDS} words of 40 scripts survive the store, and a backup`, async () => {
    const words = wordsOfScripts(N_WORDS).map(({ name, script }, idx) => ({
        ...{ id: `own:${name}`, name },
        ...(idx % 2 === 0 && { language: script.slice(0, 2).toLowerCase() }),
    }));
    const browser = await LastingBrowser.start(server.url);
    const other = await LastingBrowser.start(server.url);
    try {
        let page = await openPage(browser);
        const collection = await recordAssets(page, N_FILES);
        const ids = Object.values(await callStored(page, "order", { collection }));
        const per = N_WORDS / N_FILES;
        const changes = ids.map((id, idx) => ({
            id,
            corrections: { own: words.slice(idx * per, (idx + 1) * per), rejected: [], reviewed: false },
        }));
        await callStored(page, "correct", { changes });
        await page.close();
        page = await openPage(browser);
        await openStored(page);
        assertSame(await wordsIn(page, collection), words);

        const backup = await page.evaluate(async () => {
            const file = await Reflect.get(globalThis, "tagsmith").store.call("backup", { thumbnails: true });
            const address = await new Promise((read) => {
                const reader = Object.assign(new FileReader(), { onload: () => read(reader.result) });
                reader.readAsDataURL(file);
            });
            return String(address);
        });
        const elsewhere = await openPage(other);
        await openStored(elsewhere);
        await elsewhere.evaluate(async (backup) => {
            const bytes = Uint8Array.from(atob(backup.split(",")[1] ?? ""), (char) => char.charCodeAt(0));
            await Reflect.get(globalThis, "tagsmith").store.call("restore", { file: new Blob([bytes]) });
        }, backup);
        const restored = await openStored(elsewhere);
        assertSame(await wordsIn(elsewhere, restored.collection), words);
    } finally {
        await browser.end();
        await other.end();
    }
});

/** @param {LastingBrowser} browser */
async function openPage(browser) {
    const page = await browser.open();
    await page.waitForFunction(() => "tagsmith" in globalThis);
    return page;
}

/** @param {any[]} found @param {{id: string, name: string, language?: string}[]} words */
function assertSame(found, words) {
    assert.equal(found.length, words.length);
    for (const [idx, { id, name, language = null }] of words.entries())
        assert.deepEqual(
            { id: found[idx].id, name: found[idx].name, language: found[idx].language },
            { id, name, language },
        );
}
