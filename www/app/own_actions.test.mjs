import assert from "node:assert/strict";
import { test } from "node:test";
import { followLibrary } from "./own_actions.js";
import { storedOwn } from "./state.js";

test("what own tags do by themselves waits until the library is on the page, and comes again with another one", async () => {
    /** @type {string[]} */
    const done = [];
    const did = (/** @type {string} */ name) => async () => void done.push(name);
    /** @type {(() => void)[]} */
    const waiting = [];
    const library = { shown: () => new Promise((shown) => waiting.push(() => shown(undefined))) };
    const names = /** @type {const} */ ([
        "refreshOwnTaggers",
        "goOnByItself",
        "countUntagged",
        "lookAtSchedule",
        "restoreDrafts",
    ]);
    const actions = Object.fromEntries(names.map((name) => [name, did(name)]));
    const later = () => new Promise((resolve) => setTimeout(resolve));
    followLibrary(/** @type {any} */ (library), /** @type {any} */ (actions));
    await later();
    assert.deepEqual(done.splice(0), ["refreshOwnTaggers"], "a training that began now would be of no library");
    waiting.shift()?.();
    await later();
    assert.deepEqual(done.splice(0).sort(), [...names].slice(1).sort());
    storedOwn.value = { n: 1, at: storedOwn.value.at + 1 };
    await later();
    assert.deepEqual(done, ["refreshOwnTaggers"]);
});
