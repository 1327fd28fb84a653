import assert from "node:assert/strict";
import test from "node:test";
import { signal } from "../../vendor/signals.js";
import { ownTaggers } from "../own_state.js";
import { examplesAdded } from "../own_view_state.js";
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

test("what came in carries its tag, what was here already is counted, and the collection is learnt from", async () => {
    const files = [found("a/1.png"), found("a/2.png"), found("b/3.png")];
    state.collection.value = /** @type {any} */ ({ id: 7 });
    ownTaggers.value = /** @type {any} */ ([{ id: "t", settings: { collections: [1] } }]);
    state.orderedIds.value = [];
    /** @type {unknown[]} */
    const done = [];
    const actions = {
        /** The second is here already. @param {readonly {path: string, file: File}[]} all */
        async addFiles(all) {
            for (const [idx, { file }] of all.entries())
                if (idx !== 1) state.pictures.set(10 + idx, signal(/** @type {any} */ ({ id: 10 + idx, file })));
            state.orderedIds.value = [10, 12];
        },
        whenAdded: async () => {},
        async addTags(/** @type {unknown} */ words, /** @type {unknown} */ ids, /** @type {unknown} */ known) {
            done.push([words, ids, known]);
            return null;
        },
        changeOwnTagger: async (/** @type {string} */ id, /** @type {unknown} */ change) =>
            void done.push([id, change]),
        openTrainingSet: async (/** @type {string} */ id) => void done.push(id),
    };
    const platform = { chosenFiles: () => files };
    const session = {
        tagRef: async (/** @type {string} */ word, /** @type {boolean} */ byName) => ({ id: `own:${word}`, byName }),
    };
    const { chooseExamples } = createOwnExamples(
        /** @type {any} */ ({ platform, session }),
        /** @type {any} */ (actions),
        /** @type {any} */ ({}),
    );
    await chooseExamples("t", "", /** @type {any} */ ({ value: "x" }));
    assert.deepEqual(done, [
        [[], [10], [{ id: "own:a", byName: true }]],
        [[], [12], [{ id: "own:b", byName: true }]],
        ["t", { settings: { collections: [1, 7] } }],
        "t",
    ]);
    assert.deepEqual(examplesAdded.value, { tagger: "t", n: 2, nLeft: 1, leftOut: [], failure: null });
    state.pictures.clear();
    state.orderedIds.value = [];
});
