import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { ownTagging, ownTaggers, untagged } from "../own_state.js";
import { settings } from "../state.js";
import { createOwnTagging } from "./own_tagging.js";
import { CodedError, forget, ownWorld } from "./own_world.mjs";

const TAGS = [
    { id: "own:boot", name: "boot", threshold: 0.5 },
    { id: "own:sandal", name: "sandal", threshold: 0.8 },
];
const HEAD = {
    ...{ id: 4, own_tagger: "mine", number: 2, title: "", backbone: "stand-in 1", tags: TAGS, is_in_use: true },
    made_ms: 1,
};

/** Each picture is said to be a boot, the surer the higher its id, and a sandal. @param {{embeddings: {scales: Float32Array, vectors: Int8Array}}} asked */
const said = ({ embeddings: { scales, vectors } }) => ({
    lengths: Uint32Array.from(scales, () => 2),
    tags: Uint16Array.from([...scales].flatMap(() => [0, 1])),
    confidences: Float32Array.from([...scales].flatMap((_, idx) => [(vectors[4 * idx] ?? 0) / 100, 0.75])),
});

/** @param {Parameters<typeof ownWorld>[0] & {ready?: number[], without?: number[], isFollowing?: boolean}} [how] */
function begin({ ready = [21, 60], without = [], isFollowing = true, ...how } = {}) {
    const done = new Set();
    const world = ownWorld({
        heads: [HEAD],
        ...how,
        trainer: { tag: said, facts: () => ({ n_features: 4 }), ...how.trainer },
        store: {
            not_found_by: ({ files }) => ({
                ready: Uint32Array.from(ready.filter((id) => !done.has(id) && (!files || files.includes(id)))),
                without: Uint32Array.from(without.filter((id) => !done.has(id) && !files)),
            }),
            begin_head_run: () => ({ run: 33, tags: TAGS }),
            head_file: () => "{}",
            record_found({ found }) {
                for (const id of found.ids) done.add(id);
                return { files: [...found.ids] };
            },
            embeddings: ({ files }) => ({
                ...{ files: Uint32Array.from(files), names: [] },
                scales: Float32Array.from(files, () => 1),
                vectors: Int8Array.from([...files].flatMap((id) => [id, 0, 0, 1])),
            }),
            files: () => ({ ids: new Uint32Array(), paths: [], sizes: [], modified_ms: [] }),
            squares: ({ files }) => ({ files: Uint32Array.from(files), squares: files.map(() => new Uint8Array(1)) }),
            ...how.store,
        },
    });
    const history = { newStep: mock.fn((key, params, more) => ({ id: 1, key, params, ...more })), remember: mock.fn() };
    const actions = createOwnTagging(world.context, world.teaching, /** @type {any} */ (history), () => isFollowing);
    return { ...world, actions, history };
}

beforeEach(forget);

test("what the version in use has not seen is tagged by its embedding, kept as a run, and on the page at once", async () => {
    const { actions, asked, history, session, pool } = begin();
    await actions.tagWith("mine");
    const [, kept] = asked.find(([name]) => name === "record_found") ?? [];
    assert.equal(kept.run, 33);
    assert.deepEqual(
        [[...kept.found.ids], [...kept.found.places]],
        [
            [21, 60],
            [0, 1, 0, 1],
        ],
    );
    const put = /** @type {any} */ (session.putHead.mock.calls[0])?.arguments[0];
    assert.deepEqual([put.head, put.run, put.tags, [...put.ids]], ["mine", 33, TAGS, [21, 60]]);
    assert.deepEqual(history.newStep.mock.calls[0]?.arguments, [
        "did_tag_own",
        { n: 2, name: "Mine" },
        { kind: "run", data: { run: 33, undone: false } },
    ]);
    assert.deepEqual([ownTagging.value?.status, ownTagging.value?.nDone], ["ended", 2]);
    assert.deepEqual(untagged.value.get("mine"), { ready: 0, without: 0 });
    assert.equal(pool.embed.mock.calls.length, 0);
});

test("a picture without an embedding is embedded first; one that cannot be is told, and the others go on", async () => {
    const embed = (/** @type {number} */ id) => {
        if (id === 70) throw new CodedError("picture_damaged", "It ends.");
        return { views: [{ scale: 1, vector: new Int8Array(4) }], square: new Blob(), longer_side: 1 };
    };
    const { actions, asked } = begin({ ready: [], without: [70, 71], embed });
    await actions.tagWith("mine");
    const found = asked.flatMap(([name, params]) => (name === "record_found" ? [...params.found.ids] : []));
    assert.deepEqual([found, ownTagging.value?.nFailed, ownTagging.value?.nDone], [[71], 1, 2]);
});

test("who wants to stop at errors is stopped there with all that was found, and gets past it with another press", async () => {
    const embed = (/** @type {number} */ id) => {
        if (id === 3) throw new CodedError("picture_damaged", "It ends.");
        return { views: [{ scale: 1, vector: new Int8Array(4) }], square: new Blob(), longer_side: 1 };
    };
    const { actions, asked } = begin({ ready: [], without: Array.from({ length: 20 }, (_, idx) => idx + 1), embed });
    const nFound = () => new Set(asked.flatMap(([name, { found }]) => (name === "record_found" ? [...found.ids] : [])));
    const { value: before } = settings;
    settings.value = { ...before, is_stopping_at_errors: true };
    await actions.tagWith("mine");
    assert.deepEqual([nFound().size, ownTagging.value?.status, ownTagging.value?.nFailed], [15, "stopped", 1]);
    await actions.tagWith("mine");
    settings.value = before;
    assert.deepEqual([nFound().size, nFound().has(3), ownTagging.value?.status], [19, false, "ended"]);
});

test("where everything is tagged there is no run, and none without a version", async () => {
    const nothing = begin({ ready: [] });
    await nothing.actions.tagWith("mine");
    assert.equal(
        nothing.asked.some(([name]) => name === "begin_head_run"),
        false,
    );
    assert.equal(ownTagging.value?.status, "ended");
    const none = begin({ heads: [] });
    await none.actions.tagWith("mine");
    assert.equal(ownTagging.value?.failure?.code, "own_tagger_untrained");
});

test("a version for another network is refused", async () => {
    const { actions } = begin({ heads: [{ ...HEAD, backbone: "other 1" }] });
    await actions.tagWith("mine");
    assert.equal(ownTagging.value?.failure?.code, "own_head_other_backbone");
});

test("cancelled, what is tagged stays and no more is", async () => {
    /** @type {ReturnType<typeof begin>} */
    const world = begin({
        ready: Array.from({ length: 1200 }, (_, idx) => idx + 1),
        trainer: {
            tag(asked) {
                world.actions.cancelOwnTagging();
                return said(asked);
            },
        },
    });
    await world.actions.tagWith("mine");
    assert.equal(world.asked.filter(([name]) => name === "record_found").length, 1);
    assert.equal(ownTagging.value?.status, "stopped");
});

test("pictures that come are tagged together, without a step of the history, unless they are not to be", async () => {
    for (const isFollowing of [true, false]) {
        mock.timers.enable({ apis: ["setTimeout"] });
        const { actions, asked, history, context } = begin({ isFollowing });
        await context.library.call("own_taggers", {});
        await actions.countUntagged();
        (await import("../own_state.js")).ownTaggers.value = await context.library.call("own_taggers", {});
        for (const id of [21, 60]) actions.followSoon(id);
        mock.timers.tick(500);
        mock.timers.reset();
        for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
        const found = asked.flatMap(([name, params]) => (name === "record_found" ? [[...params.found.ids]] : []));
        assert.deepEqual(found, isFollowing ? [[21, 60]] : []);
        assert.equal(history.newStep.mock.calls.length, 0);
    }
});

test("two versions are compared by what each would show", async () => {
    const { actions } = begin();
    const head = /** @type {any} */ (HEAD);
    const other = {
        ...head,
        id: 5,
        tags: [
            { ...TAGS[0], threshold: 0.1 },
            { ...TAGS[1], threshold: 0.7 },
        ],
    };
    const compared = await actions.compareHeads(head, other, [21, 60]);
    const ids = compared.map(({ id, a, b }) => [id, a.map((tag) => tag.id), b.map((tag) => tag.id)]);
    assert.deepEqual(ids, [
        [21, [], ["own:boot", "own:sandal"]],
        [60, ["own:boot"], ["own:boot", "own:sandal"]],
    ]);
});

test("the first pictures that a network embeds are tagged, though nothing was known of it before", async () => {
    let nEmbedded = 0;
    const { actions, asked } = begin({
        ...{ ready: [], without: [70, 71] },
        store: {
            n_features_of: () => (nEmbedded > 0 ? 4 : 0),
            record_embeddings: ({ embedded }) => void (nEmbedded += embedded.length),
        },
    });
    await actions.tagWith("mine");
    const read = asked.filter(([name]) => name === "embeddings").map(([, { n_features: n }]) => n);
    assert.deepEqual([read, nEmbedded], [[4], 2]);
});

test("a press while pictures that came are tagged waits for these, and tags the rest", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    let open = () => {};
    const gate = new Promise((resolve) => (open = () => resolve(null)));
    const begun = mock.fn(async () => {
        if (begun.mock.calls.length === 0) await gate;
        return { run: 33, tags: TAGS };
    });
    const { actions, asked, context } = begin({ store: { begin_head_run: begun } });
    ownTaggers.value = await context.library.call("own_taggers", {});
    actions.followSoon(21);
    mock.timers.tick(500);
    mock.timers.reset();
    const pressed = actions.tagWith("mine");
    open();
    await pressed;
    const found = asked.flatMap(([name, params]) => (name === "record_found" ? [[...params.found.ids]] : []));
    assert.deepEqual([found, ownTagging.value?.status], [[[21], [60]], "ended"]);
});
