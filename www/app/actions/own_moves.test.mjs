import assert from "node:assert/strict";
import test from "node:test";
import { packMoved } from "../own/moved.js";
import { ownFailure } from "../own_state.js";
import { createOwnMoves } from "./own_moves.js";

const FACTS = {
    ...{
        id: "shoes-1",
        name: "Shoes",
        version: 7,
        title: "Spring",
        comment: "",
        backbone: { id: "net", version: "1.0.0" },
    },
    tags: [
        { tag: { id: "own:hat", name: "Hat" }, threshold: 0.4, n_examples: 12 },
        { tag: { id: "own:bag", name: "Bag" }, threshold: 0.5, n_examples: 30 },
    ],
};

const NO_NUMBERS = { sha256s: new Uint8Array(32), sides: Uint32Array.of(0), n_views: Uint8Array.of(1) };
const SET = {
    ...NO_NUMBERS,
    ...{ backbone: { id: "net", version: "1.0.0" }, n_features: 2, tags: [{ id: "own:hat", name: "Hat" }] },
    ...{ ids: Uint32Array.of(0), views: { scales: Float32Array.of(1), vectors: Int8Array.of(1, 2) } },
    ...{
        n_given: Uint16Array.of(1),
        given: Uint16Array.of(0),
        n_rejected: Uint16Array.of(0),
        rejected: new Uint16Array(),
    },
};

/** @param {Partial<typeof FACTS>} [facts] @param {boolean} [isRemoved] whether the tagger is here, and was removed @param {object} [set] more of what it learnt from */
function world(facts = {}, isRemoved = false, set = {}) {
    /** @type {[string, any][]} */
    const asked = [];
    const answers = /** @type {Record<string, unknown>} */ ({
        begin_training: { id: 5, number: 3 },
        own_taggers: [],
        head_file: '{"head":1}',
        read_tagger_file: { head: '{"id":"x","version":7,"weights":"AAAA"}', lights: [], set: { ...SET, ...set } },
        facts: { ...FACTS, ...facts },
        tagger_file: "the file",
        own_tags_onnx: new Uint8Array([1, 2]),
        guidelines: { tags: [{ tag: { id: "own:hat" }, checks: [{ guideline: "examples", light: "red", n: 5 }] }] },
    });
    const call = async (/** @type {string} */ name, /** @type {unknown} */ params) => {
        asked.push([name, params]);
        if (name === "remove_own_tagger") isRemoved = /** @type {any} */ (params).removed;
        if (name === "begin_training" && isRemoved) return null;
        return answers[name] ?? null;
    };
    /** @type {[string, string, Blob][]} */
    const saved = [];
    const saveFile = async (
        /** @type {string} */ name,
        /** @type {string} */ type,
        /** @type {() => Promise<Blob>} */ make,
    ) => {
        saved.push([name, type, await make()]);
        return name;
    };
    const context = {
        library: { call },
        platform: { saveFile },
        engine: Promise.resolve({ card: "card", model: new ArrayBuffer(4) }),
    };
    const teaching = {
        trainer: { call },
        alone: (/** @type {() => unknown} */ act) => act(),
        forgetHeld: () => void asked.push(["forgetHeld", null]),
        held: () => ({ tagger: { id: "shoes-1" } }),
        readSet: async (/** @type {unknown} */ _, /** @type {string} */ backbone) => ({ backbone }),
        columns: async (/** @type {{backbone: string}} */ { backbone }) =>
            answers["columns"] ?? { ids: [], of: backbone },
        backboneNow: async () => ({ id: "net", version: "1.0.0", name: "net 1.0.0", nFeatures: 8 }),
    };
    const moves = createOwnMoves(/** @type {any} */ (context), /** @type {any} */ (teaching), {
        refreshOwnTaggers: async () => {},
        refreshShown: async () => void asked.push(["refreshShown", null]),
        offerTraining: async (id, { name }, set) => void asked.push(["offerTraining", [id, name, set]]),
        dropOffer: () => {},
    });
    return {
        ...moves,
        answers,
        asked,
        saved,
        named: (/** @type {string} */ name) => asked.find((one) => one[0] === name)?.[1],
    };
}

test("a file that comes in is the version in use of its tagger, under the number that the library gives", async () => {
    const { addTaggerFile, named } = world();
    assert.equal(await addTaggerFile(new File(["{}"], "a.tagger.json")), "shoes-1");
    assert.equal(named("make_own_tagger").name, "Shoes");
    assert.deepEqual([named("begin_training").by, named("begin_training").title], ["import", "Spring"]);
    const { id, head } = named("end_training");
    assert.deepEqual([id, head.n_examples, head.backbone, head.report], [5, 1, "net 1.0.0", null]);
    assert.deepEqual(JSON.parse(head.file), { id: "shoes-1", version: 3, weights: "AAAA" });
    assert.deepEqual(head.tags[0], { id: "own:hat", name: "Hat", threshold: 0.4 });
    assert.equal(ownFailure.value, null);
    const { moved } = named("change_own_tagger").settings;
    assert.deepEqual([moved.n, moved.backbone, moved.columns.vectors], [1, "net 1.0.0", "AQI="]);
});

test("of more examples than can be kept nothing is taken", async () => {
    const { addTaggerFile, asked } = world({}, false, { ids: new Uint32Array(10_001) });
    assert.equal(await addTaggerFile(new File(["{}"], "a.tagger.json")), null);
    assert.equal(ownFailure.value?.code, "own_set_large");
    assert.ok(!asked.some(([name]) => name === "make_own_tagger"));
});

test("what comes with a second file joins what came with the first, unless that was left out", async () => {
    const { addTaggerFile, answers, asked, named } = world();
    answers["moved_examples"] = packMoved(/** @type {any} */ ({ ...SET, sha256s: new Uint8Array(32).fill(1) }));
    await addTaggerFile(new File(["{}"], "a.tagger.json"));
    const { moved, without_moved: isWithout } = named("change_own_tagger").settings;
    assert.deepEqual([moved.n, isWithout], [2, false]);
    assert.equal(named("end_training").head.n_examples, 1, "of this file");
    answers["own_taggers"] = [{ id: "shoes-1", settings: { without_moved: true } }];
    await addTaggerFile(new File(["{}"], "a.tagger.json"));
    const { settings } = asked.findLast(([name]) => name === "change_own_tagger")?.[1] ?? {};
    assert.deepEqual([settings.moved.n, settings.without_moved], [1, false]);
});

test("a file is not written with more examples than one is read with", async () => {
    const { answers, saveVersion, saved } = world();
    const save = (/** @type {number} */ n) => {
        answers["columns"] = { ids: new Uint32Array(n) };
        const row = /** @type {any} */ ({ id: 5, number: 3, backbone: "net 0.9" });
        return saveVersion(/** @type {any} */ ({ id: "shoes-1", name: "Shoes" }), row, "tagger", true);
    };
    await save(10_001);
    assert.deepEqual([ownFailure.value?.code, saved.length], ["own_set_large", 0]);
    await save(10_000);
    assert.deepEqual([ownFailure.value, saved.length], [null, 1]);
});

test("a file of a tagger that was removed puts it back", async () => {
    const { addTaggerFile, named } = world({}, true);
    assert.equal(await addTaggerFile(new File(["{}"], "a.tagger.json")), "shoes-1");
    assert.deepEqual([named("remove_own_tagger"), named("end_training")?.id], [{ id: "shoes-1", removed: false }, 5]);
    assert.equal(named("refreshShown"), null, "what it found shows again");
});

test("one of another network is refused before anything is kept, with the offer to train it again", async () => {
    const { addTaggerFile, asked, named } = world({ backbone: { id: "net", version: "2.0.0" } });
    assert.equal(await addTaggerFile(new File(["{}"], "a.tagger.json")), null);
    assert.equal(ownFailure.value?.code, "own_head_other_backbone");
    assert.deepEqual(
        asked.map(([name]) => name),
        ["read_tagger_file", "facts", "offerTraining"],
    );
    assert.deepEqual(named("offerTraining"), ["shoes-1", "Shoes", SET]);
});

test("an id that the store does not take is replaced", async () => {
    const { addTaggerFile, named } = world({ id: "../Shoes" });
    const id = await addTaggerFile(new File(["{}"], "a.tagger.json"));
    assert.match(String(id), /^[a-z0-9-]{1,64}$/);
    assert.equal(named("make_own_tagger").id, id);
});

test("a version is saved as what travels, or with its network", async () => {
    const { asked, saveVersion, saved, named } = world();
    const tagger = /** @type {any} */ ({ id: "shoes-1", name: "Röda / skor" });
    const row = /** @type {any} */ ({ id: 5, number: 3, backbone: "net 0.9" });
    await saveVersion(tagger, row, "tagger");
    assert.equal(named("tagger_file").set, null, "unless the person wants it");
    await saveVersion(tagger, row, "onnx");
    assert.deepEqual(
        saved.map(([name]) => name),
        ["Röda-skor-3.tagger.json", "Röda-skor-3.onnx"],
    );
    assert.equal(await saved[0]?.[2].text(), "the file");
    assert.deepEqual(named("tagger_file").lights, [{ tag: "own:hat", guideline: "examples", light: "red" }]);
    await saveVersion(tagger, row, "tagger", true);
    assert.deepEqual(asked.findLast(([name]) => name === "tagger_file")?.[1].set.of, "net 0.9");
    assert.deepEqual([named("own_tags_onnx").card, named("own_tags_onnx").head], ["card", '{"head":1}']);
});

test("what comes with a file is another set: the trainer does not go on with the one before", async () => {
    const { addTaggerFile, asked } = world();
    await addTaggerFile(new File(["{}"], "a.tagger.json"));
    assert.equal(asked.filter(([name]) => name === "forgetHeld").length, 1);
});
