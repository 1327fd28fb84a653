import assert from "node:assert/strict";
import test from "node:test";
import { extension as english } from "./en_extension.js";
import { extension as swedish } from "./sv_extension.js";

/** `path → placeholders` of every text. @param {object} words @param {string} [at] @returns {[string, string][]} */
const texts = (words, at = "") =>
    Object.entries(words).flatMap(([key, value]) => {
        if (typeof value !== "string") return texts(value, `${at}${key}.`);
        const names = [...value.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        return /** @type {[string, string][]} */ ([[at + key, names.sort().join()]]);
    });

test("the extension says everything in both languages, and every failure what to do", () => {
    assert.deepEqual(texts(swedish).sort(), texts(english).sort());
    for (const { failures } of [english, swedish])
        for (const { title, remedy } of Object.values(failures)) {
            assert.ok(title.endsWith("."), title);
            assert.ok(remedy.endsWith("."), remedy);
        }
    assert.doesNotMatch(JSON.stringify([english, swedish]), /!/);
});
