import assert from "node:assert/strict";
import { test } from "node:test";
import { asAddedIn, isTaggedAsAdded, smartKey } from "./as_added.js";

test("pictures are tagged as they come, unless a library says otherwise", () => {
    for (const [when, expected] of /** @type {const} */ ([
        [undefined, [true, true]],
        ["nonsense", [true, true]],
        ["always", [true, true]],
        ["smart", [true, false]],
        ["never", [false, false]],
    ])) {
        const known = asAddedIn({
            tag_as_added: when,
            [smartKey(3)]: true,
            [smartKey(4)]: false,
            "smart_tags x": true,
        });
        assert.deepEqual([isTaggedAsAdded(known, 3), isTaggedAsAdded(known, 4)], expected, String(when));
    }
});
