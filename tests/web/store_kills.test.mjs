/** The store alone, killed while it writes: what it has answered is there afterwards, nothing is there by halves, and the ledger agrees. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serve } from "../../www/tools/serve.mjs";
import { LastingBrowser, killTab } from "./lasting_browser.mjs";
import { storePage } from "./store_page.mjs";
import { callStored, openStored, readStored, recordAssets } from "./stored_library.mjs";

const N_KILLS = process.env["TAGSMITH_LONG"] ? 20 : 3;

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
before(async () => (server = await serve({ dir: await storePage(), port: 0 })));
after(() => server?.close());

test(`${N_KILLS} times killed while it writes, tab or browser: everything answered is kept`, async () => {
    const answered = /** @type {number[]} */ ([]);
    const browser = await LastingBrowser.start(server.url, (page) =>
        page.exposeFunction("tellAnswered", (/** @type {number} */ id) => void answered.push(id)),
    );
    try {
        let page = await browser.open();
        await page.waitForFunction(() => "tagsmith" in globalThis);
        const collection = await recordAssets(page, 10);
        for (let n = 0; n < N_KILLS; n++) {
            const { length } = answered;
            await openStored(page);
            await page.evaluate(writeOn, collection);
            while (answered.length < length + 5 + ((n * 37) % 60))
                await new Promise((later) => setTimeout(later, (n * 7) % 10));
            if (n % 2 === 0) await browser.kill();
            else await killTab(page);
            if (n % 2 === 0) await browser.start();
            page = await browser.open();
            await page.waitForFunction(() => "tagsmith" in globalThis);
            await openStored(page);
            const kept = await callStored(page, "files", { collection });
            const states = new Map(Object.values(kept.ids).map((id, idx) => [id, kept.states[idx]]));
            const lost = answered.filter((id) => states.get(id) !== 1);
            assert.deepEqual(lost, [], `kill ${n}`);
            assert.deepEqual((await callStored(page, "verify")).damaged, [], `kill ${n}`);
        }
        console.log(`${answered.length} answers before ${N_KILLS} kills`);
    } finally {
        await browser.end();
    }
});

test("killed in the middle of a restore: the library is the former one or that of the backup, whole", async () => {
    const browser = await LastingBrowser.start(server.url);
    const open = async () => {
        const page = await browser.open();
        await page.waitForFunction(() => "tagsmith" in globalThis);
        return page;
    };
    try {
        let page = await open();
        const backups = [];
        for (const n of [10, 60]) {
            const collection = await recordAssets(page, n);
            backups.push(await page.evaluate(backUp));
            if (n === 10) await callStored(page, "start_anew");
            else assert.equal(collection, 1, "both have the same numbers");
        }
        await page.evaluate(keepBackups, backups);
        const wholes = [];
        /** @type {number[]} */
        const durations = [];
        for (const which of [0, 1]) {
            const begun = Date.now();
            await page.evaluate(restoreOne, which);
            durations.push(Date.now() - begun);
            wholes.push(await readStored(page, 1));
        }
        const ended = [0, 0];
        for (let n = 0, at = 1; n < N_KILLS; n++) {
            const restoring = page.evaluate(restoreOne, 1 - at).catch(() => {});
            await new Promise((later) => setTimeout(later, (Number(durations[1 - at]) * (n + 1)) / N_KILLS));
            await killTab(page);
            await restoring;
            page = await open();
            await page.evaluate(keepBackups, backups);
            await openStored(page);
            assert.deepEqual((await callStored(page, "verify")).damaged, [], `kill ${n}`);
            at = wholes.indexOf(await readStored(page, 1));
            assert.ok(at >= 0, `kill ${n}: it is neither of both`);
            ended[at] = (ended[at] ?? 0) + 1;
        }
        console.log(`${N_KILLS} kills in a restore: ${ended} ended in either`);
    } finally {
        await browser.end();
    }
});

/** Runs in the page. @returns {Promise<string>} */
async function backUp() {
    const blob = await Reflect.get(globalThis, "tagsmith").store.call("backup", { thumbnails: true });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let text = "";
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(text);
}

/** Runs in the page. @param {string[]} backups */
function keepBackups(backups) {
    const bytes = (/** @type {string} */ base64) => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    Object.assign(globalThis, { backups: backups.map((base64) => new Blob([bytes(base64)])) });
}

/** Runs in the page. @param {number} which of the backups */
async function restoreOne(which) {
    await Reflect.get(globalThis, "tagsmith").store.call("restore", {
        file: Reflect.get(globalThis, "backups")[which],
    });
}

/** Runs in the page: adds files and what came of them, one after the other without an end, and tells what was answered. @param {number} collection */
async function writeOn(collection) {
    const { store } = Reflect.get(globalThis, "tagsmith");
    const tell = Reflect.get(globalThis, "tellAnswered");
    const tags = [{ id: "cat", name: "cat" }];
    const run = await store.call("begin_run", {
        ...{ tagger: "painted", version: "1.0.0", pipeline: 1, components: ["classes"], tags },
        ...{ language: "en", settings: {} },
    });
    const write = async () => {
        for (;;) {
            const id = await store.call("reserve_ids", { n: 1 });
            await store.call("add_files", {
                collection,
                files: [{ id, path: `${id}.png`, size: id, modified_ms: id }],
            });
            const one = (/** @type {number} */ value) => Float32Array.of(value);
            const result = {
                ...{ file: id, run, size: id, sha256: id.toString(16).padStart(64, "0"), looks: 1 },
                facts: { width: 4, height: 3, format: "png" },
                timings: { decode: 1, resize: 1, infer: 1, tags: 1 },
                candidates: {
                    tags: Uint16Array.of(0),
                    scores: one(0.5),
                    confidences: one(0.5),
                    components: Uint8Array.of(0),
                },
                boxes: {
                    tags: new Uint16Array(),
                    confidences: one(0).slice(1),
                    regions: one(0).slice(1),
                    components: new Uint8Array(),
                },
            };
            await store.call("record", { results: [result] });
            tell(id);
        }
    };
    for (let idx = 0; idx < 8; idx++) void write();
}
