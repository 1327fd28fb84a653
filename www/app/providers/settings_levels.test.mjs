import assert from "node:assert/strict";
import { test } from "node:test";
import { resolve } from "./settings_levels.js";

test("each field is as the narrowest level has it that says anything of it", () => {
    const resolved = resolve([
        { level: "default", values: { enabled: false, threshold: 0.5, max_tags: 20, language: "en", mode: "add" } },
        { level: "everywhere", values: { enabled: true, threshold: 0.6, language: "sv" } },
        { level: "collection", values: { threshold: 0.7, max_tags: undefined } },
        { level: "job", values: { mode: "replace" } },
    ]);
    assert.deepEqual(resolved, {
        enabled: { value: true, from: "everywhere" },
        threshold: { value: 0.7, from: "collection" },
        max_tags: { value: 20, from: "default" },
        language: { value: "sv", from: "everywhere" },
        mode: { value: "replace", from: "job" },
    });
});

test("nothing, none and nought are values, and only what is undefined is not set", () => {
    const levels = [
        { level: "everywhere", values: { enabled: true, threshold: 0.5, language: "sv", project: "mine" } },
        { level: "collection", values: { enabled: false, threshold: 0, language: "", project: null } },
    ];
    assert.deepEqual(
        Object.values(resolve(levels)).map(({ value, from }) => [value, from]),
        [
            [false, "collection"],
            [0, "collection"],
            ["", "collection"],
            [null, "collection"],
        ],
    );
});

test("a field with a name of the language's own is a field like any other", () => {
    const resolved = resolve([{ level: "job", values: JSON.parse('{"constructor": 1, "__proto__": 2}') }]);
    assert.equal(resolved["constructor"]?.value, 1);
    assert.equal(Object.getPrototypeOf(resolved), Object.prototype);
});
