/**
 * Everything that can be taken back is taken back whole: the page's actions with the built session module and the built store, and random
 * steps. Only the taggers are stand-ins: their candidates are random.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createCorrections } from "../../www/app/actions/corrections.js";
import { createFinding } from "../../www/app/actions/finding.js";
import { createPictures } from "../../www/app/actions/pictures.js";
import { createRules } from "../../www/app/actions/rules.js";
import { createSettings } from "../../www/app/actions/settings.js";
import { createSnapshot } from "../../www/app/actions/snapshot.js";
import { resetState } from "../../www/app/actions/stand_in.mjs";
import { createSecondLooks } from "../../www/app/actions/second_looks.js";
import { createTagging } from "../../www/app/actions/tagging.js";
import { createUndo } from "../../www/app/actions/undo.js";
import { createContext } from "../../www/app/context.js";
import * as state from "../../www/app/state.js";
import { builtFile, startSessionWorker, startStoreWorker } from "./session_worker.mjs";

const N_STEPS = process.env["TAGSMITH_LONG"] ? 950 : 500;
const N_PICTURES = 24;
const VOCABULARY = JSON.parse(builtFile("vocabulary.json").toString("utf8"));

/** The same numbers every time. @param {number} seed */
function randomly(seed) {
    let at = seed;
    const next = () => {
        at = (at * 1_664_525 + 1_013_904_223) >>> 0;
        return at / 2 ** 32;
    };
    const below = (/** @type {number} */ n) => Math.floor(next() * n);
    const one = (/** @type {readonly any[]} */ all) => all[below(all.length)];
    const some = (/** @type {readonly any[]} */ all) => all.filter(() => next() < 0.3);
    return { next, below, one, some };
}

/** @type {{terminate: () => void}[]} */
const workers = [];
after(() => workers.forEach((worker) => worker.terminate()));

/** @param {ReturnType<typeof randomly>} random */
async function openPage(random) {
    resetState();
    const url = (/** @type {string} */ name) =>
        new URL(`data:application/octet-stream;base64,${builtFile(name).toString("base64")}`);
    const wasm = (/** @type {string} */ name) => new URL(url(name).href.replace("octet-stream", "wasm"));
    const session = wasm("session.wasm");
    const platform = /** @type {any} */ ({
        engineFiles: () => ({
            engine: { simd128: session, relaxed: session }, // never run here
            card: url("model.json"),
            vocabulary: url("vocabulary.json"),
            model: new URL("data:text/plain,none"),
            session,
            companions: {},
            objects: {},
        }),
        machine: () => ({ cores: 2, memoryGb: 4 }),
        startWorker: async () => {
            const worker = startSessionWorker();
            workers.push(worker);
            return worker;
        },
        store: {
            scope: "https://tagsmith.test/",
            startWorker: async () => {
                const worker = startStoreWorker();
                workers.push(worker);
                return worker;
            },
            loadModule: async () => WebAssembly.compile(Uint8Array.from(builtFile("sqlite3.wasm"))),
        },
        loadSetting: () => null,
        saveSetting: () => {},
    });
    /** @type {unknown[]} */
    const errors = [];
    /** @type {(value?: unknown) => void} */
    let arrived = () => {};
    const context = createContext(platform, { workers: 1 }, null, {
        onReady: () => {},
        onSession: (ready) => {
            const { facts, pipeline_version: pipeline } = ready;
            context.library.useModel({ facts, pipeline, vocabulary: JSON.stringify(VOCABULARY) });
            snapshot.sessionReady(ready);
        },
        onSnapshot: (news, update) => {
            snapshot.applySnapshot(news, update);
            arrived();
        },
        onOff: (error) => errors.push(error),
        onFailed: (error) => errors.push(error),
        onObjectsLoaded: () => {},
        onObjectsOff: (error) => errors.push(error),
        onChange: () => {},
        onStalled: () => {},
        onStoreFailed: (error) => errors.push(error),
    });
    context.pool.pause(); // there is no network to run
    const store = await context.openStore();
    const { collection } = await store.call("open", {});
    context.library.show(store, collection.id, false);
    context.library.begin();
    await context.library.fetchIds(N_PICTURES);
    const history = createUndo(context.library);
    const snapshot = createSnapshot(context);
    const looks = createSecondLooks(context);
    const tagging = createTagging(context, looks);
    const settings = createSettings(context, snapshot, history);
    const corrections = createCorrections(context, history);
    const rules = createRules(context, corrections, settings, history);
    const pictures = createPictures(context, tagging, looks, history);
    const idle = async () => {
        await history.inOrder(async () => {}); // behind all that was asked for
        await context.session.tagsOf([]).next();
        await new Promise((resolve) => {
            arrived = resolve;
            context.session.listTags(null); // one more update
        });
        assert.deepEqual(errors, []);
    };
    void context.session.start();
    const found = Array.from({ length: N_PICTURES }, (_, idx) => {
        const file = new File([String(idx)], `${idx}.jpg`, { type: "image/jpeg" });
        return { file, path: `holiday/${idx}.jpg` };
    });
    pictures.addPictures(found);
    const settled = state.orderedIds.value.slice(0, -4);
    for (const id of settled) {
        const tagging = tagged(random, id);
        await context.library.record({ id, size: 1, tagging, looks: 1 });
        context.session.record({ id, tagging });
        const cell = state.pictures.get(id) ?? assert.fail("no such picture");
        cell.value = { ...cell.value, state: "done", looks: 1 };
    }
    state.counts.value = { ...state.counts.value, queued: 4, done: settled.length };
    snapshot.applyPolicy();
    await idle();
    return { context, corrections, finding: createFinding(context), history, idle, pictures, rules };
}

/** Some tags that a network might see, the surest first. @param {ReturnType<typeof randomly>} random @param {number} id of another content */
function tagged(random, id) {
    const n = 3 + random.below(6);
    const tags = new Set(Array.from({ length: n }, () => random.below(60)));
    const confidences = Array.from(tags, () => random.next()).sort((a, b) => b - a);
    return /** @type {any} */ ({
        sha256: String(id).padStart(64, "0"),
        width: 4,
        height: 3,
        format: "jpeg",
        tags: Uint16Array.from(tags),
        scores: Float32Array.from(confidences),
        confidences: Float32Array.from(confidences),
        components: new Uint8Array(tags.size),
        boxes: {
            tags: Uint16Array.from(tags).slice(0, 1),
            components: new Uint8Array(1),
            confidences: Float32Array.of(0.9),
            regions: Float32Array.of(0, 0, 0.5, 0.5),
        },
        timings_ms: { decode: 0, resize: 0, infer: 0, tags: 0 },
    });
}

test(`${N_STEPS} random steps, bulk edits and rules under filters among them, are each undone and redone to the same state`, async () => {
    const random = randomly(16);
    const page = await openPage(random);
    const { context, corrections, finding, history, idle, pictures, rules } = page;

    /** Everything that people would see, in every language of the page the same. */
    async function seen() {
        await idle();
        const tags = [];
        for await (const one of context.session.tagsOf(state.orderedIds.value)) tags.push(one);
        return structuredClone({
            tags,
            ids: state.orderedIds.value,
            rules: state.rules.value,
            reviewed: [...state.reviewed.value].filter((id) => state.pictures.has(id)).sort((a, b) => a - b),
            counts: state.counts.value,
            summary: { ...state.summary.value, histogram: [...(state.summary.value?.histogram ?? [])] },
        });
    }

    const words = ["Mallorca", "Anna, Bo", "dog", "strand", "2026", "katt"];
    const tag = async () => {
        const ids = state.orderedIds.value;
        for await (const { tags } of context.session.tagsOf(random.some(ids))) {
            const [first = null] = tags.length > 0 ? [random.one(tags)] : [];
            if (first) return first;
        }
        const { id, names } = random.one(VOCABULARY.tags);
        return { id, name: names.en, parents: [] };
    };
    const target = () =>
        random.next() < 0.5 ? random.some(state.gridIds.value) : [random.one(state.orderedIds.value)];
    /** @type {Record<string, () => unknown>} */
    const steps = {
        add: () => corrections.addTags(random.one(words).split(", "), target()),
        accept: async () => corrections.acceptTag(await tag(), target()),
        reject: async () => corrections.rejectTag(await tag(), target()),
        rejectBranch: async () => corrections.rejectBranch(await tag(), random.one(state.orderedIds.value)),
        acceptBest: () => corrections.acceptBest(target()),
        rejectLast: () => corrections.rejectLast(target()),
        review: () => corrections.review(target()),
        unreview: () => corrections.unreview(target()),
        reset: async () => corrections.resetTag(await tag(), target()),
        rename: async () => rules.renameTag(await tag(), random.one([...words, "something else"])),
        merge: async () => rules.mergeTag(await tag(), await tag()),
        hide: async () => rules.hideTag(await tag()),
        removeEverywhere: async () => rules.removeEverywhere(await tag()),
        dropRule: () => state.rules.value.length > 0 && rules.dropRule(random.one(state.rules.value)),
        removePictures: () => random.next() < 0.3 && pictures.removePictures([random.one(state.orderedIds.value)]),
    };
    /** What is no step of the history, and must not matter to it. @type {Record<string, () => unknown>} */
    const around = {
        words: () => finding.setQuery({ words: random.one(["", "a", "dog", "holiday", "1"]) }),
        filter: () => finding.setQuery({ filters: random.one([[], [{ kind: "untagged" }], [{ kind: "reviewed" }]]) }),
        sort: () => finding.setQuery({ sort: random.one(["added", "name", "least_sure", "most_tags"]) }),
    };

    const first = await seen();
    const done = /** @type {Record<string, number>} */ ({});
    let before = first;
    for (let n = 0; n < N_STEPS; n++) {
        if (n % 5 === 0) await random.one(Object.values(around))();
        const [name, step] = random.one(Object.entries(steps));
        const last = state.history.value.undo;
        await step();
        const after = await seen();
        if (state.history.value.undo === last && JSON.stringify(after) === JSON.stringify(before)) continue; // nothing to do
        done[name] = (done[name] ?? 0) + 1;
        history.undo();
        assert.deepEqual(await seen(), before, `step ${n}, ${name}, undone`);
        history.redo();
        assert.deepEqual(await seen(), after, `step ${n}, ${name}, done again`);
        before = after;
    }
    for (const name of Object.keys(steps)) assert.ok((done[name] ?? 0) > 2, `${name}: ${JSON.stringify(done)}`);
    while (state.history.value.undo !== null) {
        history.undo();
        await history.inOrder(async () => {});
    }
    assert.deepEqual(await seen(), first, "everything undone");
});
