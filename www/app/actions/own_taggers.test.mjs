import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { ownFailure, ownTaggers } from "../own_state.js";
import { createOwnTaggers } from "./own_taggers.js";
import { CodedError, forget, ownWorld } from "./own_world.mjs";

const HEADS = [
    { id: 8, own_tagger: "mine", number: 2, is_in_use: true, made_ms: 0 },
    { id: 4, own_tagger: "mine", number: 1, is_in_use: false, made_ms: 0 },
];
const REPORT = {
    made_ms: 0,
    tags: [{ best: [11], worst: [12] }],
    pairs: [{ ids: [13] }],
    suspects: [{ id: 11 }],
};

/** @param {Parameters<typeof ownWorld>[0]} [how] */
async function begin(how = {}) {
    const done = () => null;
    const world = ownWorld({
        heads: HEADS.map((head) => ({ ...head })),
        ...how,
        store: {
            ...{
                make_own_tagger: done,
                change_own_tagger: done,
                remove_own_tagger: done,
                use_head: done,
                delete_head: done,
            },
            head_report: () => REPORT,
            files: ({ ids }) => ({
                ids: Uint32Array.from(ids),
                paths: ids.map((/** @type {number} */ id) => `${id}.jpg`),
            }),
            ...how.store,
        },
    });
    const refresh = async () => void (ownTaggers.value = await world.context.library.call("own_taggers", {}));
    await refresh();
    /** @type {Record<string, any>} */
    const handlers = {};
    const history = {
        handle: (/** @type {string} */ kind, /** @type {any} */ handler) => (handlers[kind] = handler),
        newStep: (/** @type {string} */ key, /** @type {any} */ params, /** @type {any} */ more) => ({
            id: 1,
            key,
            params,
            ...more,
        }),
        remember: mock.fn(),
    };
    const others = {
        ...{
            refreshOwnTaggers: refresh,
            refreshShown: mock.fn(async () => {}),
            lookAtSchedule: mock.fn(async () => {}),
        },
        ...{ forgetDraft: mock.fn(), setSmartTags: mock.fn(), settle: mock.fn() },
        refreshTrainingSet: mock.fn(async () => {}),
    };
    const actions = createOwnTaggers(world.context, world.teaching, /** @type {any} */ (history), others);
    return { ...world, actions, handlers, history, others };
}

const SETTINGS = {
    ...{ collections: [3], files: [], tags: null, weekly: null, after_n: null, keeps_squares: true },
    without_moved: false,
};

beforeEach(forget);

test("a selection or some tags become what is learnt in one step, which is taken back and done again", async () => {
    const settings = { collections: [3], tags: ["own:a"], weekly: { day: 6, minute: 30 } };
    const { actions, asked, handlers, history, others, teaching } = await begin({ settings });
    const set = () => asked.filter(([name]) => name === "change_own_tagger").map(([, params]) => params);
    await teaching.hold(await teaching.readSet(await teaching.neededTagger("mine")));
    await actions.changeTrainingSet("mine", { files: [12, 11], tags: null });
    const after = { files: [12, 11], tags: null };
    const data = { own_tagger: "mine", set: { before: { files: [], tags: ["own:a"] }, after } };
    const [{ step, ...change }] = set();
    assert.deepEqual(change, { id: "mine", settings: after });
    assert.deepEqual([step.kind, step.data], ["own_tagger", data]);
    assert.deepEqual([history.remember.mock.calls.length, others.refreshTrainingSet.mock.calls.length], [1, 1]);
    assert.equal(teaching.held(), null, "what the trainer holds is the former set");
    for (const [way, settings] of /** @type {const} */ ([
        ["undo", data.set.before],
        ["redo", after],
    ])) {
        await handlers["own_tagger"][way](data, { id: 1, is_undone: way === "undo" });
        assert.deepEqual(set().at(-1), { id: "mine", settings, move: { id: 1, is_undone: way === "undo" } });
    }
    assert.equal(others.refreshTrainingSet.mock.calls.length, 3);
});

test("what came with a file is left out in a step, which puts it back", async () => {
    const { actions, asked, handlers } = await begin();
    await actions.changeTrainingSet("mine", { without_moved: true });
    const { step, ...change } = asked.findLast(([name]) => name === "change_own_tagger")?.[1] ?? {};
    assert.deepEqual(change, { id: "mine", settings: { without_moved: true } });
    await handlers["own_tagger"].undo(step.data, { id: 1, is_undone: true });
    const { settings } = asked.findLast(([name]) => name === "change_own_tagger")?.[1] ?? {};
    assert.deepEqual(settings, { without_moved: false });
});

test("a tagger is made with an id of its own, and its collections have smart tags from then on", async () => {
    const { actions, asked, others } = await begin();
    const ids = [
        await actions.makeOwnTagger({ name: "Shoes", settings: SETTINGS }),
        await actions.makeOwnTagger({ name: "Bags", settings: SETTINGS }),
    ];
    assert.ok(ids.every((id) => /^[a-z0-9-]{1,64}$/.test(id ?? "")) && ids[0] !== ids[1], String(ids));
    assert.equal(asked.find(([name]) => name === "make_own_tagger")?.[1].name, "Shoes");
    assert.deepEqual(others.setSmartTags.mock.calls[0]?.arguments, [3, true]);
});

test("what cannot be made is told, and has no id", async () => {
    const make = () => {
        throw new CodedError("library_full", "There is no room.");
    };
    const { actions } = await begin({ store: { make_own_tagger: make } });
    assert.equal(await actions.makeOwnTagger({ name: "Shoes", settings: SETTINGS }), null);
    assert.equal(ownFailure.value?.code, "library_full");
});

test("only the setting that changed is sent, and only a new schedule owes nothing for the time before", async () => {
    const { actions, asked, others } = await begin({ settings: { collections: [1], keeps_squares: false } });
    const sent = () => asked.findLast(([name]) => name === "change_own_tagger")?.[1];
    const before = Date.now();
    await actions.changeOwnTagger("mine", { settings: { weekly: { day: 6, minute: 30 } } });
    const { weekly_set_ms: setMs, ...news } = sent().settings;
    assert.ok(setMs >= before);
    assert.deepEqual(news, { weekly: { day: 6, minute: 30 } });
    await actions.changeOwnTagger("mine", { settings: { after_n: 7 } });
    assert.deepEqual(sent(), { id: "mine", settings: { after_n: 7 } });
    assert.equal(others.lookAtSchedule.mock.calls.length, 2);
    await actions.changeOwnTagger("mine", { name: "Boots" });
    assert.equal("settings" in sent(), false);
});

test("what is deleted for good shows no more, and is no step", async () => {
    const { actions, asked, history, others } = await begin({ store: { delete_own_tagger: () => ({ bytes: 1 }) } });
    assert.equal(await actions.deleteTaggerForGood("mine"), true);
    assert.ok(asked.some(([name, { id }]) => name === "delete_own_tagger" && id === "mine"));
    const n = [others.refreshShown, others.forgetDraft, history.remember].map(({ mock: { calls } }) => calls.length);
    assert.deepEqual(n, [1, 1, 0]);
});

test("a report is deleted by itself: its version stays", async () => {
    const forget = (/** @type {{head: number}} */ { head }) =>
        Object.assign(world.tagger.heads.find((/** @type {any} */ { id }) => id === head) ?? {}, { has_report: false });
    const world = await begin({ store: { delete_head_report: forget } });
    assert.equal(await world.actions.deleteReport(4), true);
    const left = ownTaggers.value?.[0]?.heads.map(({ id, has_report: hasReport }) => [id, hasReport]);
    assert.deepEqual(left, [
        [8, undefined],
        [4, false],
    ]);
});

test("a tagger that is removed, and a version put in use, are taken back and done again", async () => {
    const { actions, asked, handlers, history, others } = await begin();
    const last = (/** @type {string} */ name) => asked.findLast(([one]) => one === name)?.[1];
    await actions.deleteOwnTagger("mine");
    assert.deepEqual([last("remove_own_tagger").removed, last("remove_own_tagger").step.kind], [true, "own_tagger"]);
    const [removed] = /** @type {any} */ (history.remember.mock.calls[0])?.arguments ?? [];
    await handlers["own_tagger"].undo(removed.data, { id: 1, is_undone: true });
    assert.deepEqual([last("remove_own_tagger").removed, last("remove_own_tagger").move.is_undone], [false, true]);
    await actions.useHead(4);
    assert.equal(last("use_head").head, 4);
    const [used] = /** @type {any} */ (history.remember.mock.calls[1])?.arguments ?? [];
    assert.deepEqual([used.key, used.params], ["did_use_own_head", { name: "Mine", number: 1 }]);
    await handlers["own_tagger"].undo(used.data, { id: 1, is_undone: true });
    assert.equal(last("use_head").head, 8);
    await handlers["own_tagger"].redo(used.data, { id: 1, is_undone: false });
    assert.equal(last("use_head").head, 4);
    assert.ok(others.forgetDraft.mock.calls.length === 3 && others.refreshShown.mock.calls.length === 5);
    await actions.deleteHead(4);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(others.settle.mock.calls.length, 6, "drafts and what is untagged are looked up after each");
});

test("what could not be undone is no step of the history", async () => {
    const use = () => {
        throw new CodedError("library_full", "There is no room.");
    };
    const { actions, history } = await begin({ store: { use_head: use } });
    await actions.useHead(4);
    assert.deepEqual([history.remember.mock.calls.length, ownFailure.value?.code], [0, "library_full"]);
});

test("a report is saved as a spreadsheet in which pictures have their names", async () => {
    /** @type {any} */
    let asked;
    const report_file = (/** @type {any} */ params) => {
        asked = params;
        return new Uint8Array([80, 75]);
    };
    const { actions, context } = await begin({ trainer: { report_file } });
    /** @type {any[]} */
    const saved = [];
    context.platform.saveFile = async (
        /** @type {string} */ name,
        /** @type {string} */ type,
        /** @type {() => Promise<Blob>} */ make,
    ) => {
        saved.push(name, type, (await make()).size);
        return name;
    };
    await actions.saveReport(8, "xlsx");
    assert.equal(ownFailure.value, null);
    assert.deepEqual(saved, [
        "tagsmith-report-2-1970-01-01.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        2,
    ]);
    assert.deepEqual([asked.kind, JSON.parse(asked.report)], ["xlsx", REPORT]);
    assert.deepEqual(asked.words.pictures, { 11: "11.jpg", 12: "12.jpg", 13: "13.jpg" });
});
