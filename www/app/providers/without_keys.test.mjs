import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutKeys } from "./without_keys.js";

test("a key in a header or an address is not kept with the set-up", () => {
    const headers = [
        ["Authorization", "Bearer sk-very-secret"],
        ["x-api-key", "very-secret"],
        ["Accept", "application/json"],
    ];
    const { setup, hadKey } = withoutKeys({
        headers,
        url: "https://one.test/tag?model=a&api_key=very-secret",
        prompt: "?key=1",
    });
    assert.equal(hadKey, true);
    assert.deepEqual(setup, {
        headers: [
            ["Authorization", "Bearer {key}"],
            ["x-api-key", "{key}"],
            ["Accept", "application/json"],
        ],
        url: "https://one.test/tag?model=a",
        prompt: "?key=1",
    });
    assert.equal(
        withoutKeys({ endpoint: "one.test/vision?subscription-key=very-secret" }).setup["endpoint"],
        "one.test/vision",
    );
});

test("what holds no key stays as it was typed", () => {
    const setup = {
        headers: [["Authorization", "Bearer {key}"], ["Authorization", ""], ["odd"], 7],
        url: "https://one.test/tag?language={language}",
        model: null,
    };
    assert.deepEqual(withoutKeys(setup), { setup, hadKey: false });
    assert.deepEqual(withoutKeys({ headers: "odd", url: 7 }), { setup: { headers: "odd", url: 7 }, hadKey: false });
});
