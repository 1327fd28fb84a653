/** The trainer as the page ships it, with examples that are made up: clouds of embeddings, one a tag, as near to each other as those of real sets. */
import { Trainer } from "/core/trainer.js";
import { openSession, startTagger } from "./engines.js";

const N_FEATURES = 1280;
const BACKBONE = { id: "efficientnet-lite0", version: "1.0.0" };
const N_TAGGED = 2_000;

/** @param {Record<string, string>} names */
function startTrainer(names) {
    const address = (/** @type {string} */ name) => new URL(`/page/${names[name]}`, location.href);
    const module = WebAssembly.compileStreaming(fetch(address("train.wasm")));
    return new Trainer({
        startWorker: async () => new Worker(address("trainer.js")),
        loadModule: () => module,
    });
}

/** Numbers that look like chance, the same each time. @param {number} seed @returns {() => number} in [0, 1) */
function numbers(seed) {
    let at = seed >>> 0;
    return () => {
        at = (Math.imul(at, 1664525) + 1013904223) >>> 0;
        return at / 2 ** 32;
    };
}

/** @param {number} nTags @param {number} perTag */
function makeSet(nTags, perTag) {
    const random = numbers(7);
    const n = nTags * perTag;
    const centres = Array.from({ length: nTags }, () => Float32Array.from({ length: N_FEATURES }, () => random() ** 3));
    /** @param {Int8Array} row @param {Float32Array} centre */
    const near = (row, centre) => {
        for (let at = 0; at < N_FEATURES; at++) row[at] = 60 * (centre[at] ?? 0) + 60 * random() ** 3;
    };
    const vectors = new Int8Array(2 * n * N_FEATURES);
    for (let view = 0; view < 2 * n; view++)
        near(vectors.subarray(view * N_FEATURES, (view + 1) * N_FEATURES), centres[(view >> 1) % nTags]);
    const others = new Int8Array(1_000 * N_FEATURES);
    const plain = new Float32Array(N_FEATURES).fill(0.25);
    for (let row = 0; row < 1_000; row++) near(others.subarray(row * N_FEATURES, (row + 1) * N_FEATURES), plain);
    const sha256s = new Uint8Array(32 * n);
    for (let id = 0; id < n; id++) new DataView(sha256s.buffer).setUint32(32 * id, id + 1);
    return {
        backbone: BACKBONE,
        n_features: N_FEATURES,
        tags: Array.from({ length: nTags }, (_, tag) => ({ id: `own:tag ${tag}`, name: `tag ${tag}` })),
        ids: Uint32Array.from({ length: n }, (_, id) => id),
        sha256s,
        sides: new Uint32Array(n).fill(800),
        n_views: new Uint8Array(n).fill(2),
        views: { scales: new Float32Array(2 * n).fill(0.02), vectors },
        n_given: new Uint16Array(n).fill(1),
        given: Uint16Array.from({ length: n }, (_, id) => id % nTags),
        n_rejected: new Uint16Array(n),
        rejected: new Uint16Array(0),
        other_ids: Uint32Array.from({ length: 1_000 }, (_, id) => n + id),
        others: { scales: new Float32Array(1_000).fill(0.02), vectors: others },
    };
}

/** One example of a set, of which somebody said that it is another tag. @param {ReturnType<typeof makeSet>} set @param {number} id @param {number} tag */
const corrected = (set, id, tag) => ({
    ...set,
    ids: Uint32Array.of(id),
    sha256s: set.sha256s.slice(32 * id, 32 * id + 32),
    sides: Uint32Array.of(800),
    n_views: Uint8Array.of(2),
    views: {
        scales: set.views.scales.slice(0, 2),
        vectors: set.views.vectors.slice(2 * id * N_FEATURES, (2 * id + 2) * N_FEATURES),
    },
    n_given: Uint16Array.of(1),
    given: Uint16Array.of(tag),
    n_rejected: Uint16Array.of(1),
    rejected: Uint16Array.of(id % set.tags.length),
    other_ids: new Uint32Array(0),
    others: { scales: new Float32Array(0), vectors: new Int8Array(0) },
});

const OPTIONS = { seed: 1, title: "", comment: "", name: "Bench", id: "bench", version: 1, made_ms: 0 };

/** @param {() => Promise<unknown>} act */
async function timed(act) {
    const begun = performance.now();
    await act();
    return performance.now() - begun;
}

/** @param {{names: Record<string, string>, nTags: number, perTag: number, nMany: number, plan: {rounds: number, nDrafts: number}}} wanted */
export async function measure({ names, nTags, perTag, nMany, plan }) {
    const set = makeSet(nTags, perTag);
    const background = await (await fetch(`/page/${names["background.bin"]}`)).arrayBuffer().catch(() => null);
    const trainer = startTrainer(names);
    /** @type {Record<"held" | "trained" | "guidelines" | "tagged" | "drafts", number[]>} */
    const times = { held: [], trained: [], guidelines: [], tagged: [], drafts: [] };
    let head = "";
    for (let round = 0; round <= plan.rounds; round++) {
        const held = await timed(() => trainer.call("hold", { set, background }));
        const trained = await timed(async () => {
            ({ head } = await trainer.call("train", { options: OPTIONS }));
        });
        const guidelines = await timed(() => trainer.call("guidelines", {}));
        const embeddings = {
            scales: set.views.scales.slice(0, N_TAGGED),
            vectors: set.views.vectors.slice(0, N_TAGGED * N_FEATURES),
        };
        const tagged = await timed(() => trainer.call("tag", { head, backbone: BACKBONE, embeddings }));
        if (round === 0) continue; // the browser still compiles what runs for the first time
        times.held.push(held);
        times.trained.push(trained);
        times.guidelines.push(guidelines);
        times.tagged.push(tagged / N_TAGGED);
    }
    const first = await timed(() => trainer.call("change", { changed: null, last: head }));
    for (let draft = 0; draft < plan.nDrafts; draft++) {
        const changed = corrected(set, 11 * draft, (draft + 1) % nTags);
        times.drafts.push(await timed(() => trainer.call("change", { changed, last: head })));
    }
    trainer.stop();
    return { ...times, first, many: await many(names, nMany, background) };
}

/** A session with many examples: the trainer after a training and a draft, a tagger that embeds, and the session. @param {Record<string, string>} names @param {number} n @param {ArrayBuffer | null} background */
async function many(names, n, background) {
    const [trainer, tagger, session] = [startTrainer(names), await startTagger(names), await openSession(names)];
    const set = makeSet(100, n / 100);
    await trainer.call("hold", { set, background });
    let head = "";
    const ms = await timed(async () => {
        ({ head } = await trainer.call("train", { options: OPTIONS }));
    });
    await trainer.call("change", { changed: null, last: head });
    const { bytes } = await /** @type {any} */ (performance).measureUserAgentSpecificMemory();
    const module = await trainer.memory();
    // The browser's figure has no memory of WebAssembly in it.
    const all = bytes + module + tagger.memory() + session.client.memory;
    for (const one of [trainer, tagger, session.client]) one.stop();
    return { n, ms, all, module };
}
