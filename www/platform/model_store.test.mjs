import assert from "node:assert/strict";
import test from "node:test";
import { openModels } from "./model_store.js";

const BASE = "https://page.test/tags/";
const FILES = /** @type {any} */ ({ card: `${BASE}model.json` });

/** A cache with these entries by address, and what becomes of each way to use it. @param {Record<string, unknown>} entries @param {object} [methods] */
function useCache(entries, methods = {}) {
    const cache = {
        keys: async () => Object.keys(entries).map((url) => ({ url })),
        match: async (/** @type {string} */ url) =>
            entries[url] === undefined ? undefined : new Response(String(entries[url])),
        put: async () => {},
        delete: async () => true,
        ...methods,
    };
    Object.assign(globalThis, { caches: { open: async () => cache } });
    return openModels(/** @type {any} */ ({ baseURI: BASE }), FILES);
}

const card = (/** @type {string} */ name) => JSON.stringify({ name, model: { bytes: 7, sha256: name } });

test("an odd entry of the cache is passed over, and costs no model", async () => {
    const odd = ["%E0%A4%A", "..", "a%2", "", "x/y"].map((name) => [`${BASE}models/${name}/model.json`, card("odd")]);
    const wrong = ["null", "7", "not json", '{"model":true}', '{"model":{"sha256":{}}}'];
    const models = useCache({
        ...Object.fromEntries(odd),
        ...Object.fromEntries(wrong.map((json, n) => [`${BASE}models/wrong${n}/model.json`, json])),
        [`${BASE}models/good/model.json`]: card("good"),
        [`${BASE}models/g%C3%B6%C3%B6d/model.json`]: card("gööd"),
        "https://page.test/other/models/good/model.json": card("elsewhere"),
    });
    assert.deepEqual((await models.list()).map(({ key }) => key).sort(), ["good", "gööd"]);
});

test("what the storage refuses is told from what a network does, and from want of room", async () => {
    const refused = () => Promise.reject(new DOMException("gone", "UnknownError"));
    const full = () => Promise.reject(new DOMException("full", "QuotaExceededError"));
    const model = { card: card("a"), vocabulary: "{}", model: new ArrayBuffer(7) };
    const broken = useCache({}, { keys: refused, match: refused, delete: refused });
    await assert.rejects(broken.list(), { code: "storage_failed" });
    await assert.rejects(broken.get("a"), { code: "storage_failed" });
    await assert.rejects(broken.delete("a"), { code: "storage_failed" });
    await assert.rejects(useCache({}, { put: refused, delete: refused }).put(model), { code: "storage_failed" });
    await assert.rejects(useCache({}, { put: full }).put(model), { code: "storage_full" });
    await assert.rejects(useCache({}).get("a"), { code: "own_model_missing" });
});
