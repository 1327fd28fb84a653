import assert from "node:assert/strict";
import test from "node:test";
import { CodedError } from "../core/protocol.js";
import { actions, start } from "./actions.js";
import { FACTS, found, resetState, standIn, tagged, until } from "./actions/stand_in.mjs";
import * as state from "./state.js";

/** Of what is tested here no part is needed. */
const noParts = /** @type {any} */ ({});

/** @param {Parameters<typeof standIn>} answers */
function begin(...answers) {
    resetState();
    const seen = standIn(...answers);
    start(seen.platform, noParts, { workers: 1, relaunches: 1 });
    return seen;
}

test("from the start of the page to the first tags", async () => {
    const { sent } = begin();
    actions.addFiles(found("a.jpg"));
    await until(() => state.counts.value.done === 1);
    await until(() => state.engine.value.status === "ready");
    assert.equal(state.engine.value.facts, FACTS);
    await until(() => sent.some(({ puts }) => puts.length > 0) && sent.some(({ policy }) => policy !== null));
    assert.equal(state.problem.value, null);
});

test("too many crashes switch the taggers off; asked to try again, the queue goes on", async () => {
    let isWell = false;
    const { workers } = begin({
        tag: async () => {
            await new Promise(setImmediate);
            if (!isWell) workers.findLast(({ role }) => role === "tagger")?.worker.crash("boom");
            return tagged();
        },
    });
    actions.addFiles(found("a.jpg", "b.jpg", "c.jpg"));
    await until(() => state.engine.value.status === "off");
    assert.equal(state.problem.value?.code, "local_model_off");
    isWell = true;
    actions.retryEngine();
    await until(() => !state.isRunning.value && state.finished.value === 3);
    assert.equal(state.problem.value, null);
});

test("a model that is gone is stood in for by the one that comes with the page, and the page says so", async () => {
    resetState();
    const { platform, stored } = standIn(
        {},
        {
            models: /** @type {any} */ ({ get: () => Promise.reject(new CodedError("own_model_missing", "gone")) }),
        },
    );
    stored.set("settings", { model: "own-1" });
    start(platform, noParts, { workers: 1 });
    await until(() => state.engine.value.status === "ready");
    assert.deepEqual(
        [state.modelInUse.value, state.problem.value?.code, state.problem.value?.subject],
        [null, "own_model_missing", "own-1"],
    );
    assert.equal(state.settings.value.model, "own-1", "what was chosen stays chosen");
});
