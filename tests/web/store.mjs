/** Tests of the store alone, on a page of their own (store_page.mjs). */
import { serve } from "../../www/tools/serve.mjs";
import { usePage } from "./harness.mjs";
import { storePage } from "./store_page.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** Takes part in the hooks of a test file. */
export function useStore() {
    const site = usePage({ start: async () => serve({ dir: await storePage(), port: 0 }) });
    return {
        site,
        openPage: async () => ready(await site.open()),
        /** Another tab. @param {Page} page */
        async openBeside(page) {
            const tab = await page.context().newPage();
            await tab.goto(site.url);
            return ready(tab);
        },
    };
}

/** A page that was loaded, with what tests say again and again in it. @param {Page} page */
export async function ready(page) {
    await page.waitForFunction(() => "tagsmith" in globalThis);
    await page.evaluate(installLibrary);
    return page;
}

/**
 * Runs in the page, with its store open.
 * @template T @param {Page} page @param {(store: any, library: any) => Promise<T>} act @returns {Promise<T>}
 */
export const inStore = (page, act) => page.evaluate(`library.act(${act})`);

/**
 * A library to test the store with, made in the page: `globalThis.library` has what a test says again and again. It goes into the page as it
 * is, so it uses nothing from outside.
 */
function installLibrary() {
    const { tagsmith } = /** @type {any} */ (globalThis);
    const N_TAGS = 1000;
    const model = { id: "m", version: "1", pipeline: 3 };
    /** @param {number} n */
    const hex = (n) => n.toString(16).padStart(64, "0");
    Object.assign(globalThis, {
        library: {
            model,
            hex,
            /** Something done with this tab's store, which is opened with the first. @param {(store: any, library: any) => unknown} act */
            async act(act) {
                const scope = /** @type {any} */ (globalThis);
                scope.changes ??= [];
                scope.store ??= await tagsmith.open({
                    onChange: (/** @type {any} */ change) => scope.changes.push(change),
                    onStalled: (/** @type {boolean} */ isStalled) => isStalled && scope.onStalled?.(),
                });
                return act(scope.store, scope.library);
            },
            run: {
                tagger: "m",
                version: "1",
                pipeline: 3,
                components: ["classes"],
                tags: Array.from({ length: N_TAGS }, (_, idx) => ({ id: `t${idx}`, name: `tag ${idx}` })),
                language: "en",
                settings: {},
            },
            /** Files of their own path and size, from an id on. @param {number} first @param {number} n */
            files: (first, n) =>
                Array.from({ length: n }, (_, idx) => ({
                    id: first + idx,
                    path: `folder/${first + idx}.jpg`,
                    size: 1000 + first + idx,
                    modified_ms: 5,
                })),
            /** What a run finds in a file: its content, and three candidates and a box, by its id. @param {number} file @param {number} run @param {any} [more] */
            result: (file, run, more = {}) => ({
                file,
                run,
                sha256: hex(file),
                size: 1000 + file,
                facts: { width: 10, height: 20, format: "jpeg" },
                timings: { decode: 1, resize: 2, infer: 3, tags: 4 },
                looks: 1,
                candidates: {
                    tags: Uint16Array.from([file % N_TAGS, (file + 1) % N_TAGS, (file + 2) % N_TAGS]),
                    scores: Float32Array.from([0.5, 0.25, 0.125]),
                    confidences: Float32Array.from([0.75, 0.5, 0.25]),
                    components: new Uint8Array(3),
                },
                boxes: {
                    tags: Uint16Array.from([file % N_TAGS]),
                    confidences: Float32Array.from([0.5]),
                    regions: Float32Array.from([0, 0.25, 0.5, 0.75]),
                    components: new Uint8Array(1),
                },
                embedding: { scale: 0.1, vector: new Int8Array(64).fill(file % 100), backbone: "m 1" },
                ...more,
            }),
            /** Adds `n` files and tags them. @param {any} store @param {number} n @param {any} [more] @returns {Promise<{collection: number, first: number, run: number}>} */
            async fill(store, n, more = {}) {
                const { library } = /** @type {any} */ (globalThis);
                const { collection } = await store.call("open", {});
                const first = await store.call("reserve_ids", { n });
                await store.call("add_files", { collection: collection.id, files: library.files(first, n) });
                const run = await store.call("begin_run", library.run);
                const results = Array.from({ length: n }, (_, idx) => library.result(first + idx, run, more));
                await store.call("record", { results });
                return { collection: collection.id, first, run };
            },
            /** Everything that is kept, as plain values to compare. @param {any} store */
            async all(store) {
                const { collection, steps } = await store.call("open", {});
                const files = await store.call("files", { collection: collection.id, model });
                const taggings = await store.call("taggings", { collection: collection.id, model });
                const plain = (/** @type {any} */ value) =>
                    ArrayBuffer.isView(value) ? Array.from(/** @type {any} */ (value)) : value;
                return JSON.parse(
                    JSON.stringify(
                        { collection, steps, files, taggings, tags: await store.call("tags", {}) },
                        (_, value) => plain(value),
                    ),
                );
            },
        },
    });
}
