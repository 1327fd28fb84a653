import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { signal } from "../../vendor/signals.js";
import * as state from "../state.js";
import { ownTaggers, training, trainingOver, trainingSet, waitingTrainings } from "../own_state.js";
import { createOwnSet } from "./own_set.js";
import { createTeaching } from "./own_teaching.js";
import { createOwnTraining } from "./own_training.js";
import { CodedError, EMBEDDED, forget, ownWorld } from "./own_world.mjs";

const FILES = [
    { id: 11, given: ["own:boot"] },
    { id: 12, given: ["own:boot"], views: 0 },
    { id: 13, given: ["own:sandal"], views: 1 },
];
const TRAINED = { head: "{}", report: '{"schema":1}' };
const FACTS = { tags: [{ tag: { id: "own:boot", name: "boot" }, threshold: 0.4 }] };

/** @param {Parameters<typeof ownWorld>[0]} how */
function begin(how = {}) {
    const trainer = { train: () => TRAINED, facts: () => FACTS, ...how.trainer };
    const world = ownWorld({ files: FILES, ...how, trainer });
    world.context.library.handles = { get: async () => new Map() };
    world.context.library.call = wrap(world.context.library.call);
    const settle = mock.fn();
    return { ...world, settle, actions: createOwnTraining(world.context, world.teaching, settle) };
}

/** Pictures are at hand by their squares. @param {any} call */
const wrap = (call) => async (/** @type {string} */ name, /** @type {any} */ params) => {
    if (name === "files") return { ids: new Uint32Array(), paths: [], sizes: [], modified_ms: [] };
    if (name === "squares")
        return { files: Uint32Array.from(params.files), squares: params.files.map(() => new Uint8Array(3)) };
    return call(name, params);
};

beforeEach(forget);

test("what is missing is embedded, the trainer learns, and the version is kept in one step", async () => {
    /** @type {any[]} */
    const held = [];
    const { actions, asked, pool, settle } = begin({ trainer: { hold: (params) => void held.push(params) } });
    const beganMs = Date.now();
    const head = await actions.train("mine", { title: "Spring", comment: "with boots" });
    assert.equal(head, 9);
    assert.deepEqual(
        pool.embed.mock.calls.map((call) => call.arguments[0]),
        [12, 13],
    );
    assert.deepEqual([...held[0].set.ids], [11, 12, 13]);
    const [, end] = asked.find(([name]) => name === "end_training") ?? [];
    const { read_ms: readMs, ...kept } = end.head;
    assert.ok(readMs >= beganMs && readMs <= Date.now());
    assert.equal(settle.mock.calls.length, 1);
    assert.deepEqual(kept, {
        ...{ seed: 1, backbone: "stand-in 1", n_examples: 3, tags: [{ id: "own:boot", name: "boot", threshold: 0.4 }] },
        ...{ file: "{}", report: { schema: 1 } },
    });
    assert.equal(training.value, null);
    assert.deepEqual(trainingOver.value, { tagger: "mine", head: 9, nLeftOut: 0, failure: null });
    assert.equal(ownTaggers.value?.[0]?.heads[0]?.is_in_use, true);
});

test("of a picture that the model has never tagged the facts of its file are kept, so that it can be an example", async () => {
    const picture = { sha256: "ab".repeat(32), size: 5, facts: { width: 9, height: 8, format: "png" } };
    const files = [
        { id: 21, asset: 0, given: ["own:boot"], views: 0 },
        { id: 22, given: ["own:boot"], views: 0 },
    ];
    const { context, pool, teaching, asked } = begin({ files });
    pool.embed.mock.mockImplementation(async (_, ...how) => ({
        ...EMBEDDED,
        picture: /** @type {any} */ (how)[1].isUnread ? picture : null,
    }));
    for (const { id } of files) state.pictures.set(id, signal(/** @type {any} */ ({ id, file: new Blob(["a"]) })));
    const { train } = createOwnTraining(context, teaching, mock.fn());
    await train("mine");
    const [, kept] = asked.find(([name]) => name === "record_embeddings") ?? [];
    assert.deepEqual(
        kept.embedded.map((/** @type {any} */ one) => [one.file, one.picture]),
        [
            [21, picture],
            [22, undefined],
        ],
    );
    state.pictures.clear();
});

test("how far it is rises, through all stages", async () => {
    /** @type {[string, number][]} */
    const seen = [];
    const { actions } = begin({
        trainer: {
            train(_, progress) {
                progress(0.5);
                return TRAINED;
            },
        },
    });
    const stop = training.subscribe((now) => now && seen.push([now.stage, now.share]));
    await actions.train("mine");
    stop();
    assert.deepEqual([...new Set(seen.map(([stage]) => stage))], ["reading", "embedding", "fitting", "keeping"]);
    assert.deepEqual(
        seen.map(([, share]) => share),
        seen.map(([, share]) => share).toSorted((a, b) => a - b),
    );
});

test("what cannot be embedded is left out, and told", async () => {
    const embed = (/** @type {number} */ id) => {
        throw new CodedError("picture_damaged", `${id} ends.`);
    };
    const { actions, pool } = begin({ embed });
    await actions.train("mine");
    assert.equal(pool.embed.mock.calls.length, 2);
    assert.deepEqual([trainingOver.value?.head, trainingOver.value?.nLeftOut], [9, 1], "13 has its embedding");
});

test("cancelled, the trainer is ended, nothing is kept of it, and the next one has another trainer", async () => {
    let nTrained = 0;
    const train = () => (nTrained++ === 0 ? new Promise(() => {}) : TRAINED);
    const { actions, trainings, workers } = begin({ trainer: { train } });
    const going = actions.train("mine");
    while (nTrained === 0) await new Promise((resolve) => setImmediate(resolve));
    await actions.cancelTraining();
    assert.equal(await going, null);
    assert.deepEqual([workers[0]?.isEnded, training.value, trainingOver.value], [true, null, null]);
    assert.deepEqual(
        trainings.map((one) => [one.head, one.ended_ms !== null, one.failure]),
        [[null, true, null]],
    );
    assert.equal(await actions.train("mine"), 9);
    assert.equal(workers.length, 2);
});

test("what fails says why, and is kept as failed", async () => {
    const train = () => {
        throw new CodedError("training_set_invalid", "There is nothing to learn.");
    };
    const { actions, trainings } = begin({ trainer: { train } });
    assert.equal(await actions.train("mine"), null);
    assert.equal(trainingOver.value?.failure?.code, "training_set_invalid");
    assert.equal(trainings[0].failure.code, "training_set_invalid");
});

test("one that was interrupted waits, and goes on as it was begun", async () => {
    const { actions, trainings, asked } = begin();
    trainings.push({
        id: 55,
        own_tagger: "mine",
        number: 4,
        title: "Autumn",
        comment: "",
        ended_ms: null,
        is_running: false,
    });
    await actions.refreshOwnTaggers();
    assert.deepEqual(
        waitingTrainings.value.map(({ id }) => id),
        [55],
    );
    const [waiting] = waitingTrainings.value;
    assert.ok(waiting);
    assert.equal(await actions.resumeTraining(waiting), 9);
    assert.equal(asked.filter(([name]) => name === "begin_training").length, 0);
    assert.equal(asked.find(([name]) => name === "end_training")?.[1].id, 55);
    assert.deepEqual(waitingTrainings.value, []);
});

test("one that was interrupted goes on by itself, what failed or was cancelled does not, and after three times it waits", async () => {
    const of = { own_tagger: "mine", number: 4, title: "Autumn", comment: "", is_running: false };
    const failure = { code: "training_failed", detail: "" };
    const never = () => new Promise(() => {});
    let train = /** @type {() => any} */ (never);
    const { actions, asked, context, trainings } = begin({ trainer: { train: () => train() } });
    trainings.push(
        { ...of, id: 55, ended_ms: null, failure: null },
        { ...of, id: 56, ended_ms: 9, failure },
        { ...of, id: 57, ended_ms: 9, failure: null },
    );
    const taken = () => asked.filter(([name]) => name === "take_training").map(([, { id }]) => id);
    for (let nth = 0; nth < 3; nth++) {
        // Each visit has the page's memory of the one before, and no more.
        const ofVisit = createTeaching(context);
        const visit = createOwnTraining(context, ofVisit, mock.fn());
        await visit.refreshOwnTaggers();
        void visit.goOnByItself();
        while (training.value?.stage !== "fitting") await new Promise((resolve) => setImmediate(resolve));
        assert.deepEqual([training.value.isResumed, waitingTrainings.value], [true, []]);
        context.library.libraryId = "closed"; // so that nothing of it is told
        ofVisit.trainer.stop();
        await new Promise((resolve) => setImmediate(resolve));
        context.library.libraryId = "L";
        forget();
    }
    await actions.refreshOwnTaggers();
    await actions.goOnByItself();
    assert.deepEqual([taken(), training.value, waitingTrainings.value.length], [[55, 55, 55], null, 1]);
    context.platform.saveSetting("own_gone_on", {});
    train = () => TRAINED;
    await actions.goOnByItself();
    assert.deepEqual([taken().length, trainingOver.value?.head, waitingTrainings.value], [4, 9, []]);
});

test("one at a time is trained, and one of a tagger that is gone is not begun", async () => {
    const { actions, asked } = begin({ store: { begin_training: () => null } });
    const both = await Promise.all([actions.train("mine"), actions.train("mine")]);
    assert.deepEqual(both, [null, null]);
    assert.equal(asked.filter(([name]) => name === "begin_training").length, 1);
    assert.equal(trainingOver.value?.failure?.code, "own_tagger_gone");
});

test("a set that is opened while a training begins does not become what it learns", async () => {
    /** @type {string[]} */
    const calls = [];
    const slow = (/** @type {string} */ name, /** @type {any} */ answer) => async () => {
        calls.push(`${name} begins`);
        await new Promise((resolve) => setTimeout(resolve, 20));
        calls.push(`${name} ends`);
        return answer;
    };
    const trainer = {
        ...{ hold: slow("hold", null), train: slow("train", TRAINED) },
        guidelines: slow("guidelines", { tags: [] }),
    };
    const { actions, context, teaching } = begin({ trainer });
    const set = createOwnSet(context, teaching);
    const opening = set.openTrainingSet("mine");
    while (calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([opening, actions.train("mine"), set.openTrainingSet("mine")]);
    assert.deepEqual([trainingOver.value?.head, trainingSet.value?.status], [9, "ready"]);
    const names = calls.map((call) => call.split(" ")[0]);
    assert.ok(
        names.every((name, idx) => idx % 2 === 0 || name === names[idx - 1]),
        calls.join(),
    );
    assert.equal(names[names.indexOf("train") - 1], "hold");
});

test("what can be made up for is to be looked at, and of what is out of reach only that counts of which nothing is known", async () => {
    const given = ["own:boot"];
    const files = [1, 0, 4, 3].map((views, idx) => ({ id: 11 + idx, given, views })); // 4: its square is kept
    const { context, teaching } = begin({ files, trainer: { guidelines: () => ({ tags: [] }) } });
    await createOwnSet(context, teaching).openTrainingSet("mine");
    const { nExamples, nToEmbed, nOutOfReach } = trainingSet.value ?? {};
    assert.deepEqual([nExamples, nToEmbed, nOutOfReach], [4, 1, 1]);
});

test("what is said while the trainer learns is no part of the version", async () => {
    let saidMs = 0;
    const train = async () => {
        await new Promise((resolve) => setTimeout(resolve, 3));
        saidMs = Date.now();
        return TRAINED;
    };
    const { actions, asked } = begin({ trainer: { train } });
    await actions.train("mine");
    const [, end] = asked.find(([name]) => name === "end_training") ?? [];
    assert.ok(end.head.read_ms < saidMs);
});

test("cancelled while it begins or reads, it is ended, and nothing is shown of it any more", async () => {
    for (const stopAt of ["begin_training", "own_taggers", "training_files"]) {
        forget();
        const { actions, context, trainings, pool } = begin();
        const { call } = context.library;
        context.library.call = async (/** @type {string} */ name, /** @type {any} */ params) => {
            if (name !== stopAt || !training.value) return call(name, params);
            const answer = await call(name, params);
            await actions.cancelTraining();
            return answer;
        };
        assert.equal(await actions.train("mine"), null);
        assert.deepEqual([training.value, trainingOver.value, actions.isTraining()], [null, null, false], stopAt);
        assert.ok(trainings[0].ended_ms !== null && pool.embed.mock.calls.length === 0, stopAt);
    }
});

test("of one whose library was replaced nothing is left, and another can begin", async () => {
    const { actions, context, teaching, trainings } = begin({
        trainer: {
            train() {
                context.library.libraryId = "M";
                return TRAINED;
            },
        },
    });
    assert.equal(await actions.train("mine"), null);
    assert.deepEqual([training.value, trainingOver.value, actions.isTraining()], [null, null, false]);
    assert.equal(teaching.held(), null, "what the trainer holds is of the other library");
    assert.equal(trainings[0].ended_ms, null, "it waits in its library");
});

test("what is asked of the trainer beside a training outlives that", async () => {
    let nAsked = 0;
    let isTraining = false;
    const trainer = {
        train: () => new Promise(() => (isTraining = true)),
        facts: () => (nAsked++ === 0 ? new Promise(() => {}) : FACTS),
    };
    const { actions, pool, teaching, workers } = begin({ trainer });
    const going = actions.train("mine");
    while (!isTraining) await new Promise((resolve) => setImmediate(resolve));
    const facts = teaching.trainer.call("facts", { head: "{}" });
    while (nAsked === 0) await new Promise((resolve) => setImmediate(resolve));
    await actions.cancelTraining();
    assert.deepEqual([await going, await facts, workers.length], [null, FACTS, 2]);
    const owner = /** @type {any} */ (pool.embed.mock.calls[0])?.arguments[2].owner;
    assert.equal(typeof owner, "symbol");
    assert.deepEqual(/** @type {any} */ (pool.cancelEmbeds.mock.calls[0])?.arguments, [owner]);
});
