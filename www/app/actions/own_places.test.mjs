import assert from "node:assert/strict";
import test from "node:test";
import { loadWords } from "../../i18n/messages.js";
import { ownTaggers } from "../own_state.js";
import { headComparison, ownPage, ownPictures, shownReport } from "../own_view_state.js";
import * as state from "../state.js";
import { createOwnPlaces } from "./own_places.js";

/** @param {Record<string, unknown>} [more] @param {Record<string, unknown>} [library] */
function make(more = {}, library = {}) {
    /** @type {unknown[]} */
    const done = [];
    const noted =
        (/** @type {string} */ name, /** @type {unknown} */ answer = null) =>
        async (/** @type {unknown[]} */ ...params) => {
            done.push([name, ...params]);
            return answer;
        };
    const actions = {
        addTags: noted("addTags"),
        changeTrainingSet: noted("change"),
        closeExampleCamera: () => {},
        closeTrainingSet: () => void done.push(["close"]),
        makeOwnTagger: noted("make", "new"),
        openTrainingSet: noted("open"),
        ...more,
    };
    ownPage.value = { name: "list" };
    const session = { tagRef: async (/** @type {string} */ word) => ({ id: `own:${word}` }) };
    const places = createOwnPlaces(/** @type {any} */ ({ library, session }), /** @type {any} */ (actions));
    return { ...places, done };
}

/** Saturdays at half past midnight. */
const WHEN = { weekly: { day: 6, minute: 30 }, after_n: null, once_ms: null };

test("pictures that teach a tag carry it, and a tagger of that name learns from where they are", async () => {
    state.collection.value = /** @type {any} */ ({ id: 3 });
    ownTaggers.value = /** @type {any} */ ([{ id: "other" }]);
    const { askToTeach, teach, done } = make();
    askToTeach([1, 2]);
    assert.equal(state.dialog.value, "own_tags");
    assert.equal(await teach("  our logo ", null), null);
    const settings = { collections: [3], files: [], tags: null, ...WHEN, keeps_squares: true, without_moved: false };
    assert.deepEqual(done, [
        ["addTags", ["our logo"], [1, 2]],
        ["make", { name: "our logo", settings }],
        ["open", "new"],
    ]);
    assert.deepEqual(ownPage.value, { name: "tagger", id: "new" });
});

await loadWords("en", "own_tags");

test("a new tagger may learn one tag alone, or a selection with the tags it has", async () => {
    state.collection.value = /** @type {any} */ ({ id: 3 });
    ownTaggers.value = /** @type {any} */ ([{ id: "other" }]);
    for (const [typed, how, of] of /** @type {const} */ ([
        ["logo", { isOnlyTag: true }, { files: [], tags: ["own:logo"] }],
        ["logo", { areOnlyPictures: true }, { files: [1, 2], tags: null }],
        ["", { areOnlyPictures: true, isOnlyTag: true }, { files: [1, 2], tags: null }],
    ])) {
        const { askToTeach, teach, done } = make();
        askToTeach([1, 2]);
        assert.equal(await teach(typed, null, how), null);
        const { files, tags } = /** @type {any} */ (done.find((one) => /** @type {any} */ (one)[0] === "make"))[1]
            .settings;
        assert.deepEqual({ files, tags }, of);
        assert.equal(/** @type {any} */ (done[0])[0], typed === "" ? "make" : "addTags");
    }
    const { askToTeach, teach, done } = make();
    askToTeach([1]);
    await teach(" ", null, { isOnlyTag: true });
    assert.deepEqual(done, [], "no tag, no tagger");
});

test("a tagger that learns elsewhere learns from the collection of its new examples, too", async () => {
    state.collection.value = /** @type {any} */ ({ id: 3 });
    ownTaggers.value = /** @type {any} */ ([
        { id: "other", settings: { collections: [1] } },
        { id: "here", settings: { collections: [3] } },
        { id: "chosen", settings: { collections: [3], files: [8], tags: ["own:bag"] } },
    ]);
    for (const [tagger, changed] of /** @type {const} */ ([
        ["other", [["change", "other", { collections: [1, 3] }]]],
        ["chosen", [["change", "chosen", { files: [8, 1], tags: ["own:bag", "own:logo"] }]]],
        ["here", []],
    ])) {
        const { askToTeach, teach, done } = make();
        askToTeach([1]);
        await teach("logo", tagger);
        assert.deepEqual(done, [["addTags", ["logo"], [1]], ...changed, ["open", tagger]]);
    }
});

test("pictures that are spoken of while others are fetched come, too", async () => {
    /** @type {number[][]} */
    const asked = [];
    /** @type {(() => void)[]} */
    const answers = [];
    const call = async (/** @type {string} */ _, /** @type {{ids: number[]}} */ { ids }) => {
        asked.push(ids);
        await new Promise((resolve) => answers.push(() => resolve(null)));
        return { ids, paths: ids.map((id) => `a/${id}.jpg`), facts: ids.map(() => null) };
    };
    ownTaggers.value = [];
    ownPictures.value = new Map();
    const { wantPictures } = make({}, { call, collection: 3, preferred: {} });
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    wantPictures([1]);
    await turn();
    wantPictures([1, 2]);
    answers[0]?.();
    await turn();
    answers[1]?.();
    await turn();
    assert.deepEqual(asked, [[1], [2]]);
    assert.deepEqual(
        [...ownPictures.value].map(([id, { name }]) => [id, name]),
        [
            [1, "1.jpg"],
            [2, "2.jpg"],
        ],
    );
});

test("what cannot be a tag makes no tagger, and says why", async () => {
    const failure = { code: "tag_invalid", detail: "" };
    const { askToTeach, teach, done } = make({ addTags: async () => ({ failure, rest: [] }) });
    askToTeach([1]);
    assert.deepEqual(await teach("x", null), failure);
    assert.equal(await teach("   ", null), null, "nothing typed is nothing asked");
    assert.deepEqual([done, ownPage.value.name], [[], "teach"]);
});

test("a report that comes when somebody has gone on is not shown", async () => {
    /** @type {(report: unknown) => void} */
    let arrive = () => {};
    const { showReport, showTaggers } = make({ reportOf: () => new Promise((resolve) => (arrive = resolve)) });
    const shown = showReport("t", 5);
    showTaggers();
    arrive({ tags: [] });
    await shown;
    assert.equal(shownReport.value, null);
    const none = make({ reportOf: async () => null });
    await none.showReport("t", 5);
    const { failure } = /** @type {{failure: {code: string}}} */ (/** @type {unknown} */ (shownReport.peek()));
    assert.equal(failure.code, "own_report_missing");
});

test("of two versions only the pictures are listed on which they differ", async () => {
    const said = (/** @type {string} */ id) => ({ id, name: id, confidence: 0.9 });
    const all = [
        { id: 1, a: [said("x"), said("y")], b: [said("y"), said("x")] },
        { id: 2, a: [said("x")], b: [] },
    ];
    ownTaggers.value = [];
    const { showComparison } = make({ compareHeads: async () => all, reportOf: async () => null });
    await showComparison(
        /** @type {any} */ ({ id: "t" }),
        /** @type {any} */ ({ id: 1 }),
        /** @type {any} */ ({ id: 2 }),
    );
    assert.deepEqual([headComparison.value?.n, headComparison.value?.differing], [2, [all[1]]]);
    state.dialog.value = null;
});
