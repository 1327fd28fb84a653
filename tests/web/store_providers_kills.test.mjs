/**
 * Requests to providers while the browser or the tab is killed: what was answered is kept, what was on its way is lost and said to be, and
 * nothing is there by halves.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serve } from "../../www/tools/serve.mjs";
import { LastingBrowser, killTab } from "./lasting_browser.mjs";
import { withProviders } from "./provider_store.mjs";
import { inStore, ready } from "./store.mjs";
import { storePage } from "./store_page.mjs";

const N_KILLS = process.env["TAGSMITH_LONG"] ? 20 : 4;
const N_FILES = 400;

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
before(async () => (server = await serve({ dir: await storePage(), port: 0 })));
after(() => server?.close());

/** Runs in the page: asks about file after file of a job, without an end, and tells what was sent and what was answered. */
async function askOn(/** @type {any} */ store, /** @type {any} */ library) {
    const { tellSent, tellAnswered } = /** @type {any} */ (globalThis);
    const { ask, end, found } = library.provider;
    const [{ run }] = await store.call("jobs", {});
    const waiting = (await store.call("awaited", { run })).filter((/** @type {any} */ one) => !one.failure);
    void (async () => {
        for (const { file } of waiting) {
            const id = await ask(store, run, [file]);
            void tellSent(file);
            await end(store, id, [found(file, ["sun"], { title: `Sun ${file}` })]);
            void tellAnswered(file);
        }
    })().catch(() => {});
}

/** Runs in the page. */
async function stateOf(/** @type {any} */ store, /** @type {any} */ library) {
    const [{ run, ...job }] = await store.call("jobs", {});
    const awaited = await store.call("awaited", { run });
    const shown = await library.provider.shown(store);
    const of = (/** @type {any} */ test) => awaited.filter(test).map((/** @type {any} */ { file }) => file);
    return {
        lost: of((/** @type {any} */ { failure }) => failure?.code === "provider_answer_lost"),
        waiting: of((/** @type {any} */ one) => !one.failure && !one.is_asked),
        asked: of((/** @type {any} */ one) => one.is_asked),
        found: Object.keys(shown).filter((id) => shown[id].length === 2),
        ends: (await store.call("requests", { n: 1000 })).map((/** @type {any} */ one) => one.outcome),
        ...{ nDone: job.n_done, damaged: (await store.call("verify", {})).damaged },
    };
}

test(`${N_KILLS} times killed while a job asks: every picture was answered, is lost or waits, and is one of these`, async () => {
    /** @type {{sent: number[], answered: number[]}} */
    const told = { sent: [], answered: [] };
    const browser = await LastingBrowser.start(server.url, async (page) => {
        await page.exposeFunction("tellSent", (/** @type {number} */ file) => void told.sent.push(file));
        await page.exposeFunction("tellAnswered", (/** @type {number} */ file) => void told.answered.push(file));
    });
    const open = async () => {
        const page = await browser.open();
        await ready(page);
        await withProviders(page);
        return page;
    };
    try {
        let page = await open();
        await page.evaluate((n) => void Object.assign(globalThis, { n }), N_FILES);
        await inStore(page, async (store, library) => {
            const { n } = /** @type {any} */ (globalThis);
            const { collection, first } = await library.fill(store, n);
            const files = Array.from({ length: n }, (_, idx) => first + idx);
            await store.call("begin_job", { run: library.provider.run("sky"), collection, files });
        });
        for (let n = 0; n < N_KILLS; n++) {
            const { length } = told.answered;
            await inStore(page, askOn);
            while (told.answered.length < length + 3 + ((n * 7) % 20))
                await new Promise((later) => setTimeout(later, (n * 3) % 8));
            if (n % 2 === 0) await browser.kill();
            else await killTab(page);
            if (n % 2 === 0) await browser.start();
            page = await open();
            const state = await inStore(page, stateOf);
            const found = new Set(state.found.map(Number));
            assert.deepEqual(state.damaged, [], `kill ${n}`);
            assert.deepEqual(state.asked, [], `kill ${n}: nobody waits for anything`);
            assert.deepEqual(
                told.answered.filter((file) => !found.has(file)),
                [],
                `kill ${n}: what was answered is kept`,
            );
            const [lost, waiting] = [new Set(state.lost), new Set(state.waiting)];
            for (const file of told.sent)
                assert.ok(found.has(file) !== lost.has(file), `kill ${n}: ${file} was answered or is lost`);
            assert.equal(found.size + lost.size + waiting.size, N_FILES, `kill ${n}`);
            assert.deepEqual([state.nDone, lost.size <= n + 1], [found.size, true], `kill ${n}`);
            const [nAnswered, nLost] = ["answered", "lost"].map(
                (one) => state.ends.filter((/** @type {string} */ end) => end === one).length,
            );
            assert.deepEqual([nAnswered, nLost], [found.size, lost.size], `kill ${n}: the log says the same`);
        }
        console.log(`${told.sent.length} sent, ${told.answered.length} answered before ${N_KILLS} kills`);
    } finally {
        await browser.end();
    }
});
