import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import * as state from "../state.js";
import { createAsAdded } from "./as_added.js";

beforeEach(() => (state.asAdded.value = { when: "always", smart: new Set() }));

test("what is set before a library is open holds, whatever that says, and is kept in it", async () => {
    /** @type {(() => void)[]} */
    const waiting = [];
    /** @type {unknown[]} */
    const written = [];
    const actions = createAsAdded(
        /** @type {any} */ ({
            shown: () => new Promise((shown) => waiting.push(() => shown(null))),
            write: (/** @type {string} */ name, /** @type {unknown} */ params) => void written.push([name, params]),
        }),
    );
    actions.setTagAsAdded("smart");
    actions.setTagAsAdded("never");
    assert.deepEqual(written, []);
    actions.takeAsAdded({ tag_as_added: "always", "smart_tags 3": true });
    assert.deepEqual(state.asAdded.value, { when: "never", smart: new Set([3]) });
    for (const open of waiting) open();
    await null;
    await null;
    assert.deepEqual(written, [["save_settings", { settings: { tag_as_added: "never" } }]], "once, the last wish");
    actions.takeAsAdded({ tag_as_added: "smart" });
    assert.equal(state.asAdded.value.when, "smart", "another tab may say something else from then on");
});
