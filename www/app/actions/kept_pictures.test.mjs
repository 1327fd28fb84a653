import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { signal } from "../../vendor/signals.js";
import * as state from "../state.js";
import { setViewport } from "./grid.js";
import { keepReading } from "./kept_pictures.js";
import { resetState, until } from "./stand_in.mjs";

beforeEach(resetState);

/** `asked`: thumbnails on their way, each to be let go. `told`: how many facts each call was for. @param {number} n pictures tagged before this visit */
function make(n) {
    const ids = Array.from({ length: n }, (_, idx) => idx + 1);
    for (const id of ids) {
        const picture = { id, path: `${id}.jpg`, name: `${id}.jpg`, file: null, size: 1, modified_ms: 0, looks: 1 };
        state.pictures.set(id, signal({ ...picture, state: /** @type {const} */ ("done") }));
    }
    /** @type {{id: number, come: () => void}[]} */
    const asked = [];
    /** @type {number[]} */
    const told = [];
    /** @param {string} _ @param {{ids: number[]}} wanted */
    const call = async (_, { ids }) => {
        told.push(ids.length);
        const each = (/** @type {any} */ value) => ids.map(() => value);
        const columns = { paths: each("a.jpg"), sizes: each(1), modified_ms: each(0), states: each(1), looks: each(1) };
        return { ids, ...columns, facts: ids.map((id) => ({ sha256: String(id) })), failures: {}, corrections: {} };
    };
    const url = (/** @type {string} */ sha256) =>
        new Promise((resolve) => asked.push({ id: Number(sha256), come: () => resolve(`blob:${sha256}`) }));
    const [seen, drawn] = [
        signal(/** @type {readonly number[]} */ ([])),
        signal(/** @type {readonly number[]} */ ([])),
    ];
    const library = /** @type {any} */ ({ call, collection: 1, preferred: {}, thumbnails: { url } });
    keepReading(library, { seen, drawn });
    /** Lets come what was asked for; which it was. @param {number} n */
    const answer = async (n) => {
        await until(() => asked.length >= n);
        const some = asked.splice(0);
        for (const { come } of some) come();
        return some.map(({ id }) => id);
    };
    /** @param {number[]} drawnIds @param {number[]} seenIds */
    const look = (drawnIds, seenIds = drawnIds) => {
        seen.value = seenIds;
        drawn.value = drawnIds;
    };
    return { ids, asked, told, answer, look };
}

test("what is seen comes first, some at a time, and what was scrolled away meanwhile is not read", async () => {
    const { ids, told, answer, look, asked } = make(30);
    look(ids.slice(0, 20), [5, 6, 7]);
    assert.deepEqual(await answer(3), [5, 6, 7]);
    assert.deepEqual(await answer(6), [1, 2, 3, 4, 8, 9]);
    assert.deepEqual(told, [20], "the facts of all in one call");
    await until(() => asked.length === 6);
    look([29, 30]);
    assert.deepEqual(await answer(6), [10, 11, 12, 13, 14, 15], "these were on their way");
    assert.deepEqual(await answer(2), [29, 30]);
    await until(() => state.pictureOf(30)?.thumbnail !== undefined);
    assert.equal(state.pictureOf(16)?.facts?.sha256, "16");
    assert.equal(state.pictureOf(16)?.thumbnail, undefined);
    look([16, 30]);
    assert.deepEqual(await answer(1), [16], "read when somebody comes back, and nothing twice");
});

test("nothing is read of what flies by; one jump is no flight", async () => {
    const { ids, answer, look, asked, told } = make(30);
    const jump = (/** @type {number} */ top) => setViewport({ width: 500, height: 400, top });
    jump(1_000);
    look(ids.slice(0, 2));
    assert.deepEqual([state.isFlying.value, await answer(2)], [false, [1, 2]]);
    await until(() => state.pictureOf(2)?.thumbnail !== undefined);
    for (const [step, id] of [10, 11, 12].entries()) {
        jump(2_000 + step * 1_000);
        look([id]);
        await new Promise(setImmediate); // long enough for anything to be asked for
    }
    assert.deepEqual([state.isFlying.value, asked.length, told.length], [true, 0, 1]);
    mock.timers.tick(100);
    assert.deepEqual(await answer(1), [12], "where it came to rest");
    jump(4_100);
    jump(4_200);
    assert.equal(state.isFlying.value, false, "what goes by more slowly is seen");
});
