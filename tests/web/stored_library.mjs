/**
 * A library in the store alone (store_page.mjs), made and read as a whole by a test. Runs with `globalThis.tagsmith` of that page; what it
 * gives is plain, so that two readings can be compared.
 * @import { Store } from "../../www/db/client.js"
 */

/** @typedef {import("playwright-core").Page} Page */

const MODEL = { id: "painted", version: "1.0.0", pipeline: 1 };

/** Opens the store anew, and forgets the one before. @param {Page} page */
export async function openStored(page) {
    await closeStored(page);
    await page.evaluate(async () => {
        const { tagsmith } = /** @type {any} */ (globalThis);
        tagsmith.store = await tagsmith.open();
    });
    const { collection, ...opened } = await callStored(page, "open");
    return { ...opened, collection: collection.id };
}

/** @param {Page} page */
export const closeStored = (page) =>
    page.evaluate(() => {
        const { tagsmith } = /** @type {any} */ (globalThis);
        tagsmith.store?.close();
        tagsmith.store = null;
    });

/**
 * One call of the store that is open; an error begins with its code.
 * @param {Page} page @param {string} name @param {object} [params] plain values only @returns {Promise<any>}
 */
export const callStored = (page, name, params = {}) =>
    page.evaluate(
        ([name, params]) =>
            /** @type {any} */ (globalThis).tagsmith.store.call(name, params).catch((/** @type {any} */ error) => {
                throw new Error(`${error.code}: ${error.message}`);
            }),
        /** @type {const} */ ([name, params]),
    );

/** Files with tags, embeddings and thumbnails, each with others, and something that a person said of every third. @param {Page} page @param {number} n */
export async function recordAssets(page, n) {
    const { collection } = await openStored(page);
    await page.evaluate(
        async ([collection, n, model]) => {
            /** @type {Store} */
            const store = /** @type {any} */ (globalThis).tagsmith.store;
            const tags = Array.from({ length: 30 }, (_, idx) => ({ id: `tag-${idx}`, name: `tag ${idx}` }));
            const { id: tagger, version, pipeline } = model;
            const run = await store.call("begin_run", {
                ...{ tagger, version, pipeline, tags, components: ["classes", "head:general"] },
                ...{ language: "en", settings: { threshold: 0.3 } },
            });
            const first = await store.call("reserve_ids", { n });
            const ids = Array.from({ length: n }, (_, idx) => first + idx);
            const files = ids.map((id, idx) => ({
                id,
                path: `Holiday/${idx}.png`,
                size: 1000 + idx,
                modified_ms: 5_000 + idx,
            }));
            await store.call("add_files", { collection, files });
            const thumbnail = new Blob(["not really a picture"], { type: "image/webp" });
            const results = ids.map((file, idx) => ({
                ...{
                    file,
                    run,
                    size: 1000 + idx,
                    sha256: (idx + 1).toString(16).padStart(64, "0"),
                    looks: /** @type {1} */ (1),
                    thumbnail,
                },
                facts: { width: 40 + idx, height: 30, format: "png" },
                timings: { decode: idx / 8, resize: 1, infer: 2, tags: 0.5 },
                candidates: {
                    tags: Uint16Array.from({ length: 10 }, (_, place) => (idx + place * 3) % 30),
                    scores: Float32Array.from({ length: 10 }, (_, place) => 0.9 / (place + 1)),
                    confidences: Float32Array.from(
                        { length: 10 },
                        (_, place) => (0.8 + (idx % 10) / 100) / (place + 1),
                    ),
                    components: Uint8Array.from({ length: 10 }, (_, place) => place % 2),
                },
                boxes: {
                    tags: Uint16Array.of(idx % 30),
                    confidences: Float32Array.of(0.75),
                    regions: Float32Array.of(0, 0.25, 0.5, 0.5),
                    components: Uint8Array.of(1),
                },
                embedding: {
                    scale: 0.5,
                    vector: Int8Array.from({ length: 1280 }, (_, at) => (at * 7 + idx) % 127),
                    backbone: "painted 1.0.0",
                },
            }));
            await store.call("record", { results });
            const changes = ids.flatMap((id, idx) => {
                const own = [{ id: `own:word ${idx}`, name: `Word ${idx}` }];
                return idx % 3 === 0
                    ? [{ id, corrections: { own, rejected: [`tag-${idx % 30}`], reviewed: idx % 2 === 0 } }]
                    : [];
            });
            const step = {
                id: store.newId(),
                key: "undo_added",
                params: { n: 1 },
                kind: "corrections",
                data: { changes: [] },
            };
            await store.call("correct", { changes: /** @type {any} */ (changes), step });
        },
        /** @type {const} */ ([collection, n, MODEL]),
    );
    return collection;
}

/** Everything that the store says of its open collection, as text. @param {Page} page @param {number} collection @returns {Promise<string>} */
export const readStored = (page, collection) =>
    page.evaluate(
        async ([collection, model]) => {
            /** @type {Store} */
            const store = /** @type {any} */ (globalThis).tagsmith.store;
            try {
                const { steps, settings } = await store.call("open", { collection });
                const all = {
                    ...{ steps, settings },
                    order: await store.call("order", { collection }),
                    files: await store.call("files", { collection, model }),
                    taggings: await store.call("taggings", { collection, model }),
                    tags: await store.call("tags", {}),
                    runs: await store.call("runs", {}),
                };
                return JSON.stringify(all, (_, value) =>
                    ArrayBuffer.isView(value) ? Array.from(/** @type {any} */ (value)) : value,
                );
            } catch (error) {
                throw new Error(`${/** @type {any} */ (error).code}: ${error}`);
            }
        },
        /** @type {const} */ ([collection, MODEL]),
    );

/** The database as it lies in the browser's private file system, while no store has it open. @param {Page} page @returns {Promise<Buffer>} */
export async function readDatabase(page) {
    const handle = await page.evaluateHandle(findDatabase);
    const base64 = await handle.evaluate(async (handle) => {
        const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
        let text = "";
        for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
        return btoa(text);
    });
    return Buffer.from(base64, "base64");
}

/** Puts it back, as it was or damaged. @param {Page} page @param {Buffer} content */
export async function writeDatabase(page, content) {
    const handle = await page.evaluateHandle(findDatabase);
    await handle.evaluate(async (handle, base64) => {
        const writer = await handle.createWritable();
        await writer.write(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
        await writer.close();
    }, content.toString("base64"));
}

/** The pool writes the name of a file before its content. @returns {Promise<FileSystemFileHandle>} */
async function findDatabase() {
    const folders = /** @type {any[]} */ ([await navigator.storage.getDirectory()]);
    for (const folder of folders)
        for await (const handle of folder.values()) {
            if (handle.kind === "directory") folders.push(handle);
            else if ((await (await handle.getFile()).slice(0, 12).text()) === "/library.db\0") return handle;
        }
    throw new Error("There is no library.");
}
