/**
 * A library of many assets, recorded through the store as the page records what its taggers find: ten candidates and an embedding each.
 * @import { NewFile, StoreCalls, TaggedFile } from "/db/protocol.js"
 *
 * @typedef {{call: <K extends keyof StoreCalls>(name: K, params: StoreCalls[K][0]) => Promise<StoreCalls[K][1]>}} Store
 */

const N_CANDIDATES = 10;
/** Of the bundled backbone. */
const N_FEATURES = 1280;
/** So many results in one call, and so many calls on their way: what waits goes into one transaction, as with any number of taggers. */
const CHUNK_SIZE = 250;
const N_CALLS = 8;
/** So many have a thumbnail: more than any bench scrolls past slowly. */
const N_THUMBNAILS = 500;

/**
 * @param {Store} store @param {{collection: number, n: number, tags: {id: string, name: string}[], model: {id: string, version: string, pipeline: number}}} wanted
 * @returns {Promise<{ms: number, made: number}>} what recording took; of that, what went by on this thread with making up results
 */
export async function fillLibrary(store, { collection, n, tags, model }) {
    const run = await store.call("begin_run", {
        tagger: model.id,
        version: model.version,
        pipeline: model.pipeline,
        components: ["classes", "head:general"],
        tags,
        language: "en",
        settings: {},
    });
    const first = await store.call("reserve_ids", { n });
    const random = randomly(20);
    const thumbnail = await drawThumbnail();
    /** @type {Promise<unknown>[]} */
    const calls = [];
    let made = 0;
    const begun = performance.now();
    for (let from = 0; from < n; from += CHUNK_SIZE) {
        const start = performance.now();
        /** @type {NewFile[]} */
        const files = [];
        /** @type {TaggedFile[]} */
        const results = [];
        for (let idx = from; idx < Math.min(from + CHUNK_SIZE, n); idx++) {
            const size = 2_000_000 + random.below(4_000_000);
            const path = `holidays ${2010 + (idx % 15)}/day ${idx % 200}/IMG_${String(idx).padStart(6, "0")}.jpg`;
            files.push({ id: first + idx, path, size, modified_ms: 1_600_000_000_000 + idx * 60_000 });
            const picture = idx < N_THUMBNAILS ? { thumbnail } : {};
            results.push({ file: first + idx, run, size, ...makeResult(random, idx, tags.length, model), ...picture });
        }
        made += performance.now() - start;
        void store.call("add_files", { collection, files });
        calls.push(store.call("record", { results }));
        if (calls.length >= N_CALLS) await calls.shift();
    }
    await Promise.all(calls);
    const ms = performance.now() - begun;
    await store.call("end_run", { run });
    return { ms, made };
}

/** The same numbers every time. @param {number} seed */
function randomly(seed) {
    let at = seed;
    const next = () => {
        at = (Math.imul(at, 1_664_525) + 1_013_904_223) >>> 0;
        return at / 2 ** 32;
    };
    return { next, below: (/** @type {number} */ n) => Math.floor(next() * n) };
}

/** @param {ReturnType<typeof randomly>} random @param {number} idx @param {number} nTags @param {{id: string, version: string}} model */
function makeResult(random, idx, nTags, { id, version }) {
    const tags = new Set(/** @type {number[]} */ ([]));
    while (tags.size < N_CANDIDATES) tags.add(random.below(nTags));
    const confidences = Float32Array.from(tags, () => random.next() ** 2)
        .sort()
        .reverse();
    const hasBox = idx % 3 === 0;
    const [first = 0] = tags;
    return {
        sha256: idx.toString(16).padStart(8, "0").repeat(8),
        facts: { width: 4032, height: 3024, format: "jpeg" },
        timings: { decode: 40 + random.below(20), resize: 1.5, infer: 50, tags: 0.25 },
        looks: /** @type {const} */ (2),
        candidates: {
            tags: Uint16Array.from(tags),
            scores: confidences.map((confidence) => confidence * 0.9),
            confidences,
            components: Uint8Array.from(tags, (_, place) => place % 2),
        },
        boxes: {
            tags: Uint16Array.from(hasBox ? [first] : []),
            confidences: Float32Array.from(hasBox ? [0.8] : []),
            regions: Float32Array.from(hasBox ? [0.1, 0.1, 0.5, 0.5] : []),
            components: new Uint8Array(hasBox ? 1 : 0),
        },
        embedding: {
            scale: 0.05,
            vector: Int8Array.from({ length: N_FEATURES }, () => random.below(255) - 127),
            backbone: `${id} ${version}`,
        },
    };
}

/** A small picture as the taggers make them. @returns {Promise<Blob>} */
function drawThumbnail() {
    const canvas = new OffscreenCanvas(256, 192);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
    for (let idx = 0; idx < 200; idx++) {
        context.fillStyle = `hsl(${idx * 7} 60% 50%)`;
        context.fillRect((idx * 37) % 256, (idx * 53) % 192, 40, 30);
    }
    return canvas.convertToBlob({ type: "image/webp", quality: 0.7 });
}
