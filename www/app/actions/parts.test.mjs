import assert from "node:assert/strict";
import test from "node:test";
import { loadLanguage, message } from "../../i18n/messages.js";
import * as state from "../state.js";
import { createParts } from "./parts.js";
import { standInContext } from "./stand_in.mjs";

/** @param {{reachable?: () => boolean, loadStyles?: (part: string) => Promise<void>}} [options] */
async function make({ reachable = () => true, loadStyles = async () => {} } = {}) {
    const { context } = await standInContext({}, { loadStyles });
    state.parts.value = new Set();
    /** @type {string[]} */
    const seen = [];
    /** @param {string} name */
    const loader = (name) => async () => {
        if (!reachable()) throw new TypeError("Failed to fetch");
        seen.push(`fetch ${name}`);
        return {
            start: () => {
                seen.push(`start ${name}`);
                return { [name]: true };
            },
            mount: () => void seen.push(`mount ${name}`),
        };
    };
    const parts = createParts(
        /** @type {any} */ ({ context }),
        /** @type {any} */ ({ work: loader("work"), dialogs: loader("dialogs") }),
    );
    return { ...parts, seen };
}

test("a part is fetched once, and after the one that it builds on", async () => {
    const { loadPart, seen } = await make();
    assert.deepEqual(await Promise.all([loadPart("dialogs"), loadPart("dialogs")]), [
        { dialogs: true },
        { dialogs: true },
    ]);
    await loadPart("work");
    assert.deepEqual(seen.slice(0, 2).sort(), ["fetch dialogs", "fetch work"]);
    assert.deepEqual(seen.slice(2), ["start work", "mount work", "start dialogs", "mount dialogs"]);
    assert.deepEqual([...state.parts.value].sort(), ["dialogs", "work"]);
});

test("nothing of a part is shown before its styles are there", async () => {
    let arrive = () => {};
    const { loadPart, seen } = await make({ loadStyles: () => new Promise((resolve) => (arrive = resolve)) });
    const part = loadPart("work");
    await new Promise(setImmediate);
    assert.deepEqual([seen, state.parts.value.size], [["fetch work"], 0]);
    arrive();
    await part;
    assert.ok(seen.includes("mount work"));
});

test("a part that cannot be fetched is told of, and what waited for it is done when it can", async () => {
    let isReachable = false;
    const { openPart, retryPart } = await make({ reachable: () => isReachable });
    state.dialog.value = "models";
    /** @type {unknown[]} */
    const done = [];
    await openPart("dialogs", (actions) => void done.push(actions));
    assert.deepEqual([state.problem.value?.code, state.dialog.value, done], ["part_unreachable", null, []]);
    isReachable = true;
    retryPart();
    await new Promise(setImmediate);
    assert.deepEqual([state.problem.value, state.dialog.value, done], [null, "models", [{ dialogs: true }]]);
});

test("a language that is chosen while a part is on its way has its words too", async () => {
    const { loadPart } = await make();
    const part = loadPart("work");
    await loadLanguage("sv");
    state.language.value = "sv";
    await part;
    assert.notEqual(message("sv", "no_tags"), message("en", "no_tags"));
    state.language.value = "en";
});
