import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { schedule } from "../own_state.js";
import { asAdded } from "../state.js";
import { createOwnSchedule } from "./own_schedule.js";
import { forget, ownWorld } from "./own_world.mjs";

const WEEK_MS = 7 * 24 * 3_600_000;
const WEEKLY = { collections: [1], weekly: { day: 6, minute: 30 }, weekly_set_ms: 0 };

/** A week begins at each multiple of it: what src/train/due.rs says, where no clock changes. @param {any} asked */
function due({ schedule: { weekly, after_n: afterN }, history, now_ms: now }) {
    const last = Math.floor(now / WEEK_MS) * WEEK_MS;
    const isServed = history.trained_ms.some((/** @type {number} */ ms) => ms >= last && ms < last + WEEK_MS);
    const isOwed = weekly !== null && last > history.set_ms && !isServed;
    const isFull = afterN !== null && history.n_new >= afterN;
    return { why: isOwed ? "weekly" : isFull ? "after_n" : null, fell_due_ms: null, next_ms: weekly && last + WEEK_MS };
}

/** @param {Record<string, unknown>} settings @param {{nNew?: number, isTrained?: boolean}} [how] */
function begin(settings, { nNew = 0, isTrained = true } = {}) {
    const clock = { now: 0 };
    const heads = isTrained ? [{ id: 4, own_tagger: "mine", number: 1, is_in_use: true, made_ms: 0 }] : [];
    const world = ownWorld({ heads, settings, trainer: { due }, store: { taught_since: () => nNew } });
    /** @type {[string, number][]} */
    const trained = [];
    const training = {
        isTraining: () => false,
        async train(/** @type {string} */ id, /** @type {{by: string}} */ { by }) {
            trained.push([by, clock.now]);
            world.trainings.push({ id: trained.length, own_tagger: id, begun_ms: clock.now, ended_ms: clock.now });
        },
    };
    const actions = createOwnSchedule(world.context, world.teaching, training, () => clock.now);
    return { ...world, actions, clock, trained };
}

beforeEach(() => {
    forget();
    asAdded.value = { when: "always", smart: new Set([1]) };
    mock.timers.enable({ apis: ["setTimeout"] });
});
afterEach(() => mock.timers.reset());

test("what fell due while the page was closed is made up for once, however often it is looked", async () => {
    const { actions, clock, trained } = begin(WEEKLY);
    clock.now = 3 * WEEK_MS + 5;
    await actions.lookAtSchedule();
    clock.now += 1000;
    await actions.lookAtSchedule();
    assert.deepEqual(trained, [["weekly", 3 * WEEK_MS + 5]]);
    assert.deepEqual(schedule.value.get("mine"), { next_ms: 4 * WEEK_MS, nNew: 0, why: null });
});

test("a page that stays open trains when it is time, and a clock that is moved back trains nothing twice", async () => {
    const { actions, clock, trained } = begin(WEEKLY);
    clock.now = 2 * WEEK_MS - 60_000;
    await actions.lookAtSchedule();
    assert.deepEqual(
        trained.map(([, ms]) => ms),
        [2 * WEEK_MS - 60_000],
        "the week before was owed",
    );
    clock.now = 2 * WEEK_MS + 1;
    mock.timers.tick(60_000);
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(trained.length, 2);
    clock.now = 2 * WEEK_MS - 50_000;
    await actions.lookAtSchedule();
    clock.now = 2 * WEEK_MS + 50_000;
    await actions.lookAtSchedule();
    assert.equal(trained.length, 2);
});

test("after so many newly tagged pictures it is trained, and one without a schedule never", async () => {
    const few = begin({ collections: [1], after_n: 20 }, { nNew: 19 });
    await few.actions.lookAtSchedule();
    assert.deepEqual([few.trained, schedule.value.get("mine")?.nNew], [[], 19]);
    const never = begin({ collections: [1] }, { nNew: 100 });
    await never.actions.lookAtSchedule();
    assert.deepEqual([never.trained, never.workers.length], [[], 0], "nothing is fetched for it");
    asAdded.value = { when: "always", smart: new Set([2]) };
    const off = begin({ collections: [1], after_n: 1 }, { nNew: 100 });
    await off.actions.lookAtSchedule();
    assert.deepEqual(off.trained, [], "its collection has no smart tags on");
});

test("what could not even be begun is not tried on and on", async () => {
    const { actions, clock, context, teaching } = begin(WEEKLY);
    clock.now = WEEK_MS + 1;
    let nTried = 0;
    const training = { isTraining: () => false, train: async () => void nTried++ };
    await createOwnSchedule(context, teaching, training, () => clock.now).lookAtSchedule();
    assert.equal(nTried, 1);
    void actions;
});

test("what was never taught is not tried every week, and is once there is something to learn", async () => {
    for (const [nNew, expected] of /** @type {const} */ ([
        [4, 0],
        [5, 1],
    ])) {
        const { actions, clock, trained } = begin(WEEKLY, { nNew, isTrained: false });
        clock.now = 2 * WEEK_MS + 5;
        await actions.lookAtSchedule();
        assert.equal(trained.length, expected, `${nNew} pictures`);
    }
});

test("at a moment that was set it trains once, also without smart tags, and at the next visit where that was missed", async () => {
    asAdded.value = { when: "always", smart: new Set() };
    const onceMs = 3 * WEEK_MS + 7_000;
    const { actions, clock, trained } = begin({ ...WEEKLY, once_ms: onceMs });
    clock.now = onceMs - 1;
    await actions.lookAtSchedule();
    assert.deepEqual([trained, schedule.value.get("mine")?.next_ms], [[], onceMs]);
    clock.now = onceMs + WEEK_MS;
    await actions.lookAtSchedule();
    clock.now += 1000;
    await actions.lookAtSchedule();
    assert.deepEqual(trained, [["person", onceMs + WEEK_MS]]);
    assert.deepEqual(schedule.value.get("mine"), { next_ms: null, nNew: 0, why: null });
});
