/**
 * Own taggers to test the store with: `globalThis.library` (store.mjs) gets `library.own`. It goes into the page as it is, so it uses nothing
 * from outside.
 */
import { inStore } from "./store.mjs";

/** @param {import("playwright-core").Page} page */
export const withOwnTaggers = (page) => inStore(page, installOwnTaggers);

/** @param {any} _ @param {any} library */
async function installOwnTaggers(_, library) {
    const TAGS = [
        { id: "own:bag", name: "bag", threshold: 0.5 },
        { id: "t3", name: "tag 3", threshold: 0.25 },
    ];
    library.own = {
        backbone: "m 1",
        nFeatures: 64,
        tags: TAGS,
        /** @param {any} store @param {string} id */
        make: (store, id) => store.call("make_own_tagger", { id, name: `The ${id}`, settings: { collections: [1] } }),
        /** What a training makes. @param {object} [more] */
        head: (more = {}) => ({
            ...{
                seed: 7,
                backbone: "m 1",
                n_examples: 12,
                tags: TAGS,
                file: '{"format":"head"}',
                report: { map: 0.5 },
            },
            ...more,
        }),
        /** A training, and the version that it makes. @param {any} store @param {string} tagger @param {object} [more] @returns {Promise<number>} */
        async train(store, tagger, more = {}) {
            const asked = { own_tagger: tagger, by: "person", title: "First", comment: "" };
            const { id } = await store.call("begin_training", asked);
            await store.call("end_training", { id, head: library.own.head(more) });
            return id;
        },
        /** Both tags of each file, with these confidences. @param {number[]} ids @param {[number, number]} confidences of the tags */
        found: (ids, [first, second]) => ({
            ids: Uint32Array.from(ids),
            lengths: Uint32Array.from(ids, () => 2),
            places: Uint16Array.from(ids.flatMap(() => [0, 1])),
            confidences: Float32Array.from(ids.flatMap(() => [first, second])),
        }),
        /** @param {any} store @param {number} head @param {number[]} ids @param {[number, number]} confidences */
        async tag(store, head, ids, confidences) {
            const { run } = await store.call("begin_head_run", { head });
            await store.call("record_found", { run, found: library.own.found(ids, confidences) });
            return run;
        },
        /** In brief. @param {any} store */
        async taggers(store) {
            const all = await store.call("own_taggers", {});
            return all.map((/** @type {any} */ one) => {
                const head = (/** @type {any} */ { number, is_in_use: isInUse, n_assets: n }) =>
                    `${number}${isInUse ? " in use" : ""}: ${n}`;
                const training = (/** @type {any} */ { number, is_running: isRunning, failure }) =>
                    `${number} ${failure?.code ?? (isRunning ? "runs" : "interrupted")}`;
                return { id: one.id, heads: one.heads.map(head), trainings: one.trainings.map(training) };
            });
        },
    };
}
