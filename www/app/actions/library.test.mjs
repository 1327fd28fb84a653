import assert from "node:assert/strict";
import test from "node:test";
import * as state from "../state.js";
import { createLibraryActions } from "./library.js";

test("of all that another tab has set, this one hears", async () => {
    const kept = { page: 1, strict_words: 2, tag_as_added: 3 };
    /** @type {[string, unknown][]} */
    const taken = [];
    await new Promise((resolve) => {
        const take = (/** @type {string} */ name) => (/** @type {unknown} */ set) => {
            taken.push([name, set]);
            if (taken.length === 3) resolve(null);
        };
        const settings = {
            takeSet: take("set"),
            takeWords: take("words"),
            takeAsAdded: take("as added"),
        };
        const library = { collection: 1, shown: async () => {}, call: async () => kept };
        const none = /** @type {any} */ ({});
        const { noteChange } = createLibraryActions(
            /** @type {any} */ ({ library, pool: none, session: none, platform: none }),
            ...[none, none, none],
            /** @type {any} */ (settings),
            none,
        );
        state.collection.value = /** @type {any} */ ({ id: 1 });
        noteChange(/** @type {any} */ ({ settings: true }));
        setTimeout(resolve, 2_000).unref();
    });
    assert.deepEqual(taken, [
        ["set", kept],
        ["words", kept],
        ["as added", kept],
    ]);
    state.collection.value = null;
});
