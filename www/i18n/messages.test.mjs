import assert from "node:assert/strict";
import test from "node:test";
import { LANGUAGES, bestLanguage, errorWords, loadLanguage, message } from "./messages.js";

const catalogues = Object.fromEntries(
    await Promise.all(LANGUAGES.map(async (language) => [language, await loadLanguage(language)])),
);

/** Every code that can reach the page (docs/ARCHITECTURE.md, "Error codes"). */
const CODES = `picture_empty picture_file_too_large picture_side_too_long picture_too_many_pixels picture_format_unknown
    picture_format_unsupported picture_damaged card_invalid vocabulary_invalid model_hash_mismatch model_invalid
    model_operator_unsupported model_mismatch inference_failed scores_invalid explanation_unavailable policy_invalid tag_invalid labels_invalid head_invalid file_unreadable keywords_not_writable xmp_invalid file_not_saved
    nothing_to_export engine_unsupported engine_unreachable language_unreachable part_unreachable worker_crashed local_model_off camera_refused camera_missing camera_busy
    self_test_missing self_test_other_build
    model_unreachable model_transfer_broken storage_full own_model_missing own_model_failed labels_missing picture_not_tagged`.split(
    /\s+/,
);

/** `path → placeholders` of every text in a catalogue. @param {object} words @param {string} [at] @returns {[string, string][]} */
function texts(words, at = "") {
    return Object.entries(words).flatMap(([key, value]) => {
        const path = at ? `${at}.${key}` : key;
        if (typeof value !== "string") return texts(value, path);
        assert.notEqual(value.trim(), "", `${path} is empty`);
        const names = [...value.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
        return /** @type {[string, string][]} */ ([[path, names.sort().join()]]);
    });
}

test("every catalogue has the same keys with the same placeholders", () => {
    for (const words of Object.values(catalogues)) assert.deepEqual(texts(words), texts(catalogues.en));
});

test("every error code has a title and a remedy in every language", () => {
    for (const { errors } of Object.values(catalogues)) {
        assert.deepEqual(Object.keys(errors).sort(), [...CODES].sort());
        for (const { title, remedy } of Object.values(errors)) assert.ok(title.endsWith(".") && remedy.endsWith("."));
    }
});

test("nothing is said with an exclamation mark", () => {
    for (const words of Object.values(catalogues)) assert.doesNotMatch(JSON.stringify(words), /!/);
});

test("plural forms and numbers follow the language", () => {
    assert.equal(message("en", "tags_shown", { n: 1 }), "1 tag");
    assert.equal(message("en", "tags_shown", { n: 1234 }), "1,234 tags");
    assert.equal(message("sv", "tags_shown", { n: 1234 }), "1\u00a0234 taggar");
    assert.equal(message("sv", "rate", { rate: 11.8 }), "11,8 per sekund");
});

test("a value with braces or markup in it is filled in as it is", () => {
    assert.equal(message("en", "said_saved", { name: "<b>{n}$&</b>" }), "Saved <b>{n}$&</b>.");
});

test("a code that nobody knows still gives a sentence", () => {
    assert.ok(errorWords("sv", "no_such_code").title);
});

test("the first language of the person's list that we speak is taken", () => {
    assert.equal(bestLanguage(["fi", "sv-FI", "en"]), "sv");
    assert.equal(bestLanguage(["fi"]), "en");
});
