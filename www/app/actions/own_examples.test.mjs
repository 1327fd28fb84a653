import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { signal } from "../../vendor/signals.js";
import { ownTaggers } from "../own_state.js";
import { addingExamples, examplesAdded } from "../own_view_state.js";
import * as state from "../state.js";
import { byTag, createOwnExamples } from "./own_examples.js";

/** @param {string} path */
const found = (path) => ({ path, file: new File([path], path.split("/").at(-1) ?? "") });

test("a word that was typed is the tag of all; without one, each has its folder's name", () => {
    const all = [found("set/shoes/1.png"), found("set/bags/1.png"), found("loose.png"), found("set/shoes/2.png")];
    const paths = (/** @type {string} */ typed) =>
        [...byTag(typed, all)].map(([word, files]) => [word, files.map(({ path }) => path)]);
    assert.deepEqual(paths(" logo\u202e "), [["logo", all.map(({ path }) => path)]]);
    assert.deepEqual(paths(""), [
        ["shoes", ["set/shoes/1.png", "set/shoes/2.png"]],
        ["bags", ["set/bags/1.png"]],
    ]);
});

/**
 * A grid that takes in what isn't there; `at`: the id of the next.
 * @param {readonly import("../../platform/platform.d.ts").FoundFile[]} files @param {{trainer?: any, addFiles?: (all: readonly any[], addition: unknown) => void}} [how]
 */
function world(files, { trainer = {}, addFiles } = {}) {
    /** @type {any[]} */
    const done = [];
    let at = 10;
    const take = (/** @type {readonly any[]} */ all) => {
        for (const { file, path } of all)
            if (!state.orderedIds.value.some((id) => state.pictureOf(id)?.path === path)) put(at++, { file, path });
    };
    const actions = {
        addFiles: async (/** @type {readonly any[]} */ all, /** @type {unknown} */ addition) =>
            (addFiles ?? take)(all, addition),
        newAddition: () => ({ begun: 3, left: {} }),
        whenAdded: async () => {},
        async addTags(/** @type {unknown} */ words, /** @type {unknown} */ ids, /** @type {unknown} */ known) {
            done.push([words, ids, known]);
            return null;
        },
        changeTrainingSet: async (/** @type {string} */ id, /** @type {unknown} */ change) =>
            void done.push([id, change]),
        openTrainingSet: async (/** @type {string} */ id) => void done.push(id),
    };
    const platform = { chosenFiles: () => [...files] };
    const session = {
        tagRef: async (/** @type {string} */ word, /** @type {boolean} */ byName) => ({ id: `own:${word}`, byName }),
    };
    const made = createOwnExamples(/** @type {any} */ ({ platform, session }), /** @type {any} */ (actions), {
        trainer,
    });
    return { ...made, done, choose: (typed = "") => made.chooseExamples("t", typed, /** @type {any} */ ({})) };
}

/** @param {number} id @param {{path: string, file: File, facts?: any}} of */
function put(id, { path, file, facts }) {
    const { size, lastModified: modified_ms } = file;
    state.pictures.set(id, signal(/** @type {any} */ ({ id, path, file, size, modified_ms, facts })));
    state.orderedIds.value = [...state.orderedIds.value, id];
}

beforeEach(() => {
    state.pictures.clear();
    state.orderedIds.value = [];
    state.collection.value = /** @type {any} */ ({ id: 7 });
    ownTaggers.value = /** @type {any} */ ([{ id: "t", settings: { collections: [1] } }]);
});

test("what came in carries its tag, and so does what was here already; the collection is learnt from", async () => {
    const files = [found("a/1.png"), found("a/2.png"), found("b/3.png"), found("b/no picture")];
    const { choose, done } = world(files, {
        addFiles(all) {
            put(12, all[0]);
            put(13, all[2]);
        },
    });
    // Another file of this content, as archives have it: its name and date say nothing.
    put(11, { path: "elsewhere/2.png", file: new File(["a/2.png"], "2.png", { lastModified: 5 }) });
    await choose();
    assert.deepEqual(done, [
        [[], [12, 11], [{ id: "own:a", byName: true }]],
        [[], [13], [{ id: "own:b", byName: true }]],
        ["t", { collections: [1, 7] }],
        "t",
    ]);
    assert.deepEqual(examplesAdded.value, { tagger: "t", n: 3, nLeft: 1, leftOut: [], failure: null });
    assert.equal(addingExamples.value, null);
});

test("examples come in as the switch says: the wish for the next batch is for another", async () => {
    /** @type {unknown[]} */
    const additions = [];
    const { choose } = world([found("a/1.png")], { addFiles: (_, addition) => void additions.push(addition) });
    await choose();
    assert.deepEqual(additions, [{ begun: 3, isRegardless: false, left: {} }]);
});

test("a tagger with a set of its own learns what came, too: the pictures, and their tags", async () => {
    const settings = { collections: [7], files: [3], tags: ["own:a"] };
    ownTaggers.value = /** @type {any} */ ([{ id: "t", settings }]);
    const { choose, done } = world([found("a/1.png"), found("b/2.png")]);
    await choose();
    assert.deepEqual(done.at(-2), ["t", { files: [3, 10, 11], tags: ["own:a", "own:b"] }]);
});

test("what has no tag does not come in, and has one when it is chosen again with a word", async () => {
    const files = [found("1.png"), found("2.png")];
    const { choose, done } = world(files);
    await choose();
    assert.deepEqual([state.orderedIds.value, examplesAdded.value?.n, examplesAdded.value?.nLeft], [[], 0, 2]);
    await choose("logo");
    await choose("logo");
    const tags = done.filter(([words]) => Array.isArray(words));
    assert.deepEqual(
        tags.map(([words, ids]) => [words, ids]),
        [
            [["logo"], [10, 11]],
            [["logo"], [10, 11]],
        ],
    );
    assert.deepEqual([examplesAdded.value?.n, examplesAdded.value?.nLeft], [2, 0]);
});

test("two archives come in one after the other: the trainer has one open", async () => {
    /** @type {string[]} */
    const asked = [];
    /** @type {string} */
    let open = "";
    const trainer = {
        async call(/** @type {string} */ name, /** @type {any} */ { archive }) {
            await new Promise((resolve) => setImmediate(resolve));
            if (name === "plan_set") open = archive.name;
            asked.push(`${name} ${open}`);
            const plan = { name: open, tags: [{ name: open }], pictures: [{ entry: 0, tags: [0] }], left_out: [] };
            return name === "plan_set" ? { plan, paths: ["x.png"] } : new ArrayBuffer(1);
        },
    };
    const files = [found("one.zip")];
    const { choose } = world(files, { trainer });
    const first = choose();
    files[0] = found("two.zip");
    await Promise.all([first, choose()]);
    const of = (/** @type {string} */ name) => [`plan_set ${name}`, `read_set ${name}`, `close_set ${name}`];
    assert.deepEqual(asked, [...of("one.zip"), ...of("two.zip")]);
});
