import assert from "node:assert/strict";
import test, { mock } from "node:test";
import { DEFAULTS } from "../settings.js";
import * as state from "../state.js";
import { createSettings, restoreSettings } from "./settings.js";
import { createSnapshot } from "./snapshot.js";
import { standInContext, until } from "./stand_in.mjs";
import { createUndo } from "./undo.js";

async function make() {
    const { context, sent, stored, storeCalls, platform } = await standInContext();
    const history = createUndo(context.library);
    const snapshot = createSnapshot(context);
    const policy = () => sent.findLast((update) => update.policy !== null)?.policy;
    return {
        ...createSettings(context, snapshot, history),
        ...snapshot,
        ...history,
        context,
        platform,
        stored,
        sent,
        storeCalls,
        policy,
    };
}

test("what is set is remembered, and holds for the tags at once", async () => {
    const { set, stored, policy, platform, sent } = await make();
    set({ max_tags: 3, deny: ["cat"] });
    await until(() => policy()?.max_tags === 3);
    assert.deepEqual(policy(), { threshold: 0.3, max_tags: 3, allow: [], deny: [], language: "en" });
    const rules = sent.findLast((update) => update.rules !== null)?.rules;
    assert.deepEqual(rules, [{ tag: { id: "cat", name: "cat" }, action: { kind: "hide" } }]);
    assert.deepEqual(stored.get("settings"), { ...DEFAULTS, max_tags: 3, deny: ["cat"] });
    state.settings.value = DEFAULTS;
    restoreSettings(platform);
    assert.equal(state.settings.value.max_tags, 3);
});

test("what makes no sense is not set", async () => {
    const { set } = await make();
    set({ max_tags: 99 });
    assert.equal(state.settings.value.max_tags, null);
});

test("the number of relaunches holds at once", async () => {
    const { set, context } = await make();
    set({ relaunches: 1, relaunch_window_s: 60 });
    assert.deepEqual([context.relaunch.take(), context.relaunch.take()], [true, false]);
});

test("everything is put back but the model, and that can be undone", async () => {
    const { set, resetSettings, undo, redo, platform, storeCalls } = await make();
    const settings = { threshold: 0.5, allow: ["cat"], is_finding_objects: false, model: "own-1" };
    set(settings);
    platform.saveSetting("exports", { place: "folder" });
    resetSettings();
    assert.deepEqual(state.settings.value, { ...DEFAULTS, model: "own-1" });
    assert.equal(platform.loadSetting("exports"), null, "those of exports too");
    undo();
    assert.deepEqual(state.settings.value, { ...DEFAULTS, ...settings });
    assert.deepEqual(platform.loadSetting("exports"), { place: "folder" });
    redo();
    assert.deepEqual(state.settings.value, { ...DEFAULTS, model: "own-1" });
    assert.equal(platform.loadSetting("exports"), null);
    const told = () => storeCalls.filter(({ name, params }) => params.step || params.move || name.endsWith("_step"));
    await until(() => told().length === 3);
    assert.deepEqual(
        told().map(({ name, params }) => [name, params.settings.page.settings.threshold, params.move?.is_undone]),
        [
            ["save_settings", null, undefined],
            ["save_settings", 0.5, true],
            ["save_settings", null, false],
        ],
        "each with its step or move, in one call",
    );
});

test("a threshold that moves is compared with where it was before the first move, until it rests", async () => {
    const { setThreshold, sent } = await make();
    const last = () => sent.at(-1);
    for (const wanted of [0.4, 0.555, 7]) setThreshold(wanted);
    await until(() => last()?.policy?.threshold === 0.99);
    assert.equal(last()?.before?.threshold, 0.3);
    mock.timers.tick(7_999);
    setThreshold(0.5); // moved again in time
    mock.timers.tick(7_999);
    await until(() => last()?.policy?.threshold === 0.5);
    assert.equal(last()?.before?.threshold, 0.3);
    mock.timers.tick(1);
    await until(() => last()?.before === null);
    assert.equal(last()?.policy?.threshold, 0.5);
});

test("what is set goes into the library, and what is newer there holds, but for the model", async () => {
    const { set, takeKept, storeCalls, policy } = await make();
    set({ max_tags: 3, model: "own-1" });
    await until(() => storeCalls.some(({ name }) => name === "save_settings"));
    const { settings } = storeCalls.find(({ name }) => name === "save_settings")?.params ?? {};
    assert.deepEqual([settings.page.settings.max_tags, settings.page.settings.model], [3, undefined]);
    takeKept({ page: { at: settings.page.at - 1, settings: { max_tags: 9 } } });
    assert.equal(state.settings.value.max_tags, 3, "older");
    takeKept({ page: { at: settings.page.at + 1, settings: { max_tags: 5, rules: "none", model: "other" } } });
    assert.deepEqual([state.settings.value.max_tags, state.settings.value.model], [5, "own-1"]);
    await until(() => policy()?.max_tags === 5);
});
