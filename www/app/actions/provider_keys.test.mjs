/** Keys between the page and its memory, in a browser that keeps nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { keyPlaces } from "../provider_state.js";
import { createProviderKeys } from "./provider_keys.js";

const platform = /** @type {any} */ ({ store: { scope: "https://tagsmith.test/" } });

test("of several secrets the others stay when one is typed anew", async () => {
    const keys = createProviderKeys({ platform });
    await keys.setKey("adobe", { secret: "first-secret" });
    await keys.setKey("adobe", { token: "a-token" });
    assert.deepEqual(keys.secretsOf("adobe"), { secret: "first-secret", token: "a-token" });
    assert.equal(keyPlaces.value.get("adobe"), "memory");
});

test("what is forgotten is not sent with what is set up under the same id next", async () => {
    const keys = createProviderKeys({ platform });
    await keys.setKey("http-1", { key: "of-one-server" });
    await keys.forgetKey("http-1");
    assert.deepEqual(keys.secretsOf("http-1"), {});
});
