import assert from "node:assert/strict";
import test from "node:test";
import { signal } from "../../vendor/signals.js";
import * as state from "../state.js";
import { createCorrections } from "./corrections.js";
import { createRules } from "./rules.js";
import { createSettings } from "./settings.js";
import { createSnapshot } from "./snapshot.js";
import { file, standInContext, until } from "./stand_in.mjs";
import { createUndo } from "./undo.js";

const SEA = { id: "own:sea", name: "sea" };

test("a rule is kept with what it changes on pictures and with its step, in one call, and so is taking it back", async () => {
    const { context, storeCalls } = await standInContext();
    const corrections = { own: [SEA], rejected: [] };
    const picture = { id: 1, path: "a.jpg", name: "a.jpg", file: file("a.jpg"), size: 0, modified_ms: 0, corrections };
    state.pictures.set(1, signal({ ...picture, state: /** @type {const} */ ("done") }));
    state.orderedIds.value = [1];
    const history = createUndo(context.library);
    const settings = createSettings(context, createSnapshot(context), history);
    const { removeEverywhere } = createRules(context, createCorrections(context, history), settings, history);
    removeEverywhere({ id: "cat", name: "cat" });
    removeEverywhere(SEA);
    history.undo();
    history.undo();
    const told = () => storeCalls.filter(({ name, params }) => params.step || params.move || name.endsWith("_step"));
    await until(() => told().length === 4);
    assert.deepEqual(
        told().map(({ name, params }) => [name, params.changes.length, params.settings.page.settings.deny]),
        [
            ["correct", 0, ["cat"]],
            ["correct", 1, ["cat"]],
            ["correct", 1, ["cat"]],
            ["correct", 0, []],
        ],
    );
    assert.deepEqual(state.pictureOf(1)?.corrections, corrections);
});
