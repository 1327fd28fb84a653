import assert from "node:assert/strict";
import test from "node:test";
import { FILE_STATES } from "../db/protocol.js";
import { asNewFile, entriesOf, entryOfFile } from "./entries.js";

/** @param {readonly {state: import("../db/protocol.js").FileState, looks?: number}[]} rows ids from 1 */
const files = (rows) =>
    /** @type {import("../db/protocol.js").Files} */ ({
        ids: Uint32Array.from(rows, (_, idx) => idx + 1),
        paths: rows.map((_, idx) => `trip/${idx + 1}.jpg`),
        sizes: Float64Array.from(rows, () => 10),
        modified_ms: Float64Array.from(rows, () => 20),
        states: Uint8Array.from(rows, ({ state }) => FILE_STATES.indexOf(state)),
        looks: Uint8Array.from(rows, ({ looks = 0 }) => looks),
        facts: rows.map(({ looks }) => (looks ? { sha256: "00", width: 4, height: 3, format: "jpeg" } : null)),
        failures: { 2: { code: "picture_empty", detail: "" } },
        corrections: { 1: { own: [{ id: "own:sea", name: "sea" }], rejected: [] } },
    });

test("pictures are as they were left: tagged, failed with the reason, left out; what was to be tagged is told apart", () => {
    const { entries, waiting } = entriesOf(
        files([{ state: "tagged", looks: 2 }, { state: "failed" }, { state: "stopped" }, { state: "waiting" }]),
    );
    assert.deepEqual(
        entries.map(({ state }) => state),
        ["done", "failed", "stopped", "stopped"],
    );
    assert.deepEqual(waiting, [4]);
    const [first, second] = entries;
    assert.deepEqual([first?.name, first?.file, first?.looks, first?.facts?.width], ["1.jpg", null, 2, 4]);
    assert.equal(first?.corrections?.own[0]?.name, "sea");
    assert.equal(second?.error?.code, "picture_empty");
});

test("a picture whose only run was undone is not tagged, and what it looks like is still known", () => {
    const undone = files([{ state: "tagged", looks: 0 }]);
    undone.facts[0] = { sha256: "00", width: 4, height: 3, format: "jpeg" };
    const [entry] = entriesOf(undone).entries;
    assert.deepEqual([entry?.state, entry?.looks, entry?.facts?.sha256], ["undone", undefined, "00"]);
});

test("the store is told of a file that comes in what it needs to know it again", () => {
    const file = new File(["content"], "a.jpg", { lastModified: 5 });
    const kept = { id: 3, path: "trip/a.jpg", size: 7, modified_ms: 5 };
    assert.deepEqual(asNewFile(entryOfFile(3, { file, path: "trip/a.jpg" }, "queued")), { ...kept, state: "waiting" });
    assert.deepEqual(asNewFile(entryOfFile(3, { file, path: "trip/a.jpg" }, "stopped")), { ...kept, state: "stopped" });
});
