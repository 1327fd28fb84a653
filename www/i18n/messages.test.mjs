import assert from "node:assert/strict";
import test from "node:test";
import { providerErrors } from "./en_provider_errors.js";
import {
    LANGUAGES,
    WORDS_PARTS,
    bestLanguage,
    errorWords,
    isLoaded,
    loadLanguage,
    loadWords,
    message,
} from "./messages.js";

/** The words of a part in a language, as they are in its file. @param {string} language @param {string} part @returns {Promise<any>} */
const catalogue = async (language, part) =>
    (await import(`./${part === "start" ? language : `${language}_${part}`}.js`))[part];

/** Every code that can reach the page (docs/ARCHITECTURE.md, "Error codes"). */
const CODES = `picture_empty picture_file_too_large picture_side_too_long picture_too_many_pixels
    picture_too_much_memory picture_too_slow picture_format_unknown
    picture_format_unsupported picture_damaged card_invalid vocabulary_invalid model_hash_mismatch model_invalid
    model_weights_missing model_unsupported model_unsuited model_operator_unsupported model_mismatch inference_failed scores_invalid explanation_unavailable policy_invalid tag_invalid tag_outside words_invalid labels_invalid head_invalid file_unreadable keywords_not_writable xmp_invalid file_not_saved
    nothing_to_export export_invalid export_names_collide archive_invalid import_invalid own_head_gone own_head_invalid own_head_other_backbone own_report_missing own_set_large own_tagger_gone own_tagger_untrained training_cancelled training_failed training_set_invalid engine_unsupported engine_unreachable language_unreachable part_unreachable worker_crashed local_model_off objects_unreachable objects_damaged objects_off camera_refused camera_missing camera_busy
    self_test_missing self_test_other_build
    model_unreachable model_transfer_broken storage_full storage_failed own_model_missing own_model_failed labels_missing backup_damaged backup_newer storage_no_room picture_not_tagged
    file_needed library_unreadable library_unwritten library_full library_no_room library_in_use store_failed library_damaged library_newer
    library_too_large ${Object.keys(providerErrors).join(" ")}`.split(/\s+/);

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

test("every catalogue has the same keys with the same placeholders", async () => {
    for (const part of WORDS_PARTS) {
        const reference = texts(await catalogue("en", part)).sort();
        for (const language of LANGUAGES)
            assert.deepEqual(texts(await catalogue(language, part)).sort(), reference, `${language}, ${part}`);
    }
});

test("no two parts have words for the same key, or texts for the same error", async () => {
    const all = await Promise.all(WORDS_PARTS.map((part) => catalogue("en", part)));
    for (const keys of [all.flatMap(Object.keys), all.flatMap(({ errors }) => Object.keys(errors))]) {
        const names = keys.filter((key) => key !== "errors");
        assert.deepEqual([...new Set(names)], names);
    }
});

test("what leads to a heading calls it what it is called there", async () => {
    for (const language of LANGUAGES) {
        const words = await catalogue(language, "providers");
        assert.ok(words.errors.provider_never_leaves.remedy.includes(words.never_heading), language);
    }
});

test("a language has words for every part that is on show, whichever of the two comes first", async () => {
    const failing = { code: "picture_empty", key: /** @type {const} */ ("no_tags") };
    assert.throws(() => message("en", failing.key), /has not been fetched/);
    assert.equal(errorWords("en", failing.code).title, errorWords("en", "inference_failed").title);
    const language = loadLanguage("sv");
    const words = loadWords("en", "work");
    await language;
    assert.ok(isLoaded("sv"), "what was wanted meanwhile is there too");
    await words;
    await loadWords("en", "dialogs");
    assert.ok(!isLoaded("sv"));
    await loadLanguage("sv");
    for (const language of LANGUAGES) assert.notEqual(message(language, failing.key), message(language, "allow"));
});

test("every error code has a title and a remedy in every language", async () => {
    for (const language of LANGUAGES) {
        const all = await Promise.all(WORDS_PARTS.map((part) => catalogue(language, part)));
        const errors = Object.assign({}, ...all.map(({ errors }) => errors));
        assert.deepEqual(Object.keys(errors).sort(), [...CODES].sort());
        for (const { title, remedy } of Object.values(errors)) assert.ok(title.endsWith(".") && remedy.endsWith("."));
    }
});

test("nothing is said with an exclamation mark", async () => {
    for (const language of LANGUAGES)
        for (const part of WORDS_PARTS) assert.doesNotMatch(JSON.stringify(await catalogue(language, part)), /!/);
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

test("the first language of the person's list that is known is taken", () => {
    assert.equal(bestLanguage(["fi", "sv-FI", "en"], LANGUAGES), "sv");
    assert.equal(bestLanguage(["fi"], LANGUAGES), "en");
    assert.equal(bestLanguage(["DE-at", "en"], ["en", "sv", "de"]), "de");
    assert.equal(bestLanguage(["pt-BR", "pt"], ["pt", "pt-br"]), "pt-br", "the region where it is known");
});
