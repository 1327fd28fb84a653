import assert from "node:assert/strict";
import test from "node:test";
import { LANGUAGES, loadWords } from "../i18n/messages.js";
import {
    EVERYWHERE,
    FIXED,
    NOTHING_KEPT,
    allProviders,
    effective,
    placeOf,
    policiesOf,
    profileAt,
    providerNamed,
    validatedProviders,
    withEndpoint,
    withValues,
    withoutEndpoint,
} from "./provider_profiles.js";
import { language } from "./state.js";

for (const language of LANGUAGES) await loadWords(language, "work");
const HERE = placeOf("library", 7);
const google = FIXED[0] ?? assert.fail("there is no Google");

test("the browser's own model is called in the language of the page", () => {
    assert.equal(providerNamed(NOTHING_KEPT, "browser")?.name, "Browser’s model");
    language.value = "sv";
    assert.equal(providerNamed(NOTHING_KEPT, "browser")?.name, "Webbläsarens modell");
    language.value = "en";
});

test("every provider is off until somebody turns it on, and its set-up has all fields that a form asks for", () => {
    for (const provider of FIXED) {
        const { enabled, setup } = profileAt(NOTHING_KEPT, provider, HERE);
        assert.equal(enabled, false);
        assert.equal(setup.kind, provider.kind);
        assert.ok(Object.keys(setup).length >= 3);
    }
});

test("a collection differs in the fields that it sets, follows in all others, and says which is which", () => {
    let kept = withValues(NOTHING_KEPT, EVERYWHERE, "google", {
        enabled: true,
        threshold: 0.6,
        setup: { model: "builtin/latest" },
    });
    kept = withValues(kept, HERE, "google", { threshold: 0.9, setup: { max_results: 5 } });
    const all = effective(kept, google, HERE, { mode: "replace" });
    const told = Object.fromEntries(
        ["enabled", "threshold", "max_tags", "mode", "setup.model", "setup.max_results", "setup.host"].map((name) => [
            name,
            all[name]?.from,
        ]),
    );
    assert.deepEqual(told, {
        enabled: "everywhere",
        threshold: "collection",
        max_tags: "default",
        mode: "job",
        "setup.model": "everywhere",
        "setup.max_results": "collection",
        "setup.host": "default",
    });
    assert.equal(profileAt(kept, google, HERE).threshold, 0.9);
    assert.equal(profileAt(kept, google, placeOf("library", 8)).threshold, 0.6);
    const followed = withValues(kept, HERE, "google", { threshold: undefined, setup: { max_results: undefined } });
    assert.deepEqual(profileAt(followed, google, HERE), profileAt(followed, google, ""));
});

test("a collection of another library with the same number has nothing of it", () => {
    const kept = withValues(NOTHING_KEPT, HERE, "google", { enabled: true });
    assert.equal(profileAt(kept, google, placeOf("other", 7)).enabled, false);
});

test("endpoints of one's own have ids of their own, and leave nothing behind", () => {
    const first = withEndpoint(NOTHING_KEPT, {
        name: "Ollama",
        preset: "ollama",
        setup: { url: "http://localhost:11434/api/chat" },
    });
    const second = withEndpoint(first.kept, { name: "Ollama 2", preset: null, setup: {} });
    assert.deepEqual([first.id, second.id], ["http-1", "http-2"]);
    assert.equal(allProviders(second.kept).length, FIXED.length + 2);
    const one = providerNamed(second.kept, "http-1") ?? assert.fail();
    assert.equal(profileAt(second.kept, one, "").setup["url"], "http://localhost:11434/api/chat");
    const gone = withoutEndpoint(
        { ...second.kept, prices: { "http-1": { amount: 1, currency: "SEK" } }, caps: { "http-1": 3 } },
        "http-1",
    );
    assert.doesNotMatch(JSON.stringify(gone), /http-1/);
});

test("no endpoint gets the number of one that was, here or in what the library knows", () => {
    const made = { name: "Mine", preset: null, setup: {} };
    const first = withEndpoint(NOTHING_KEPT, made, ["google", "http-4", "http-04x"]);
    assert.equal(first.id, "http-5");
    const stored = validatedProviders(JSON.parse(JSON.stringify(withoutEndpoint(first.kept, first.id))));
    assert.equal(withEndpoint(stored, made).id, "http-6");
    // A library that comes from elsewhere may know the last number there is.
    const full = withEndpoint(stored, made, ["http-9999", "http-1"]);
    assert.equal(full.id, "http-2");
    assert.equal(withEndpoint(full.kept, made, ["http-9999", "http-1"]).id, "http-3");
});

test("the session is told the numbers of each level, and what people call their endpoints", () => {
    const { id, kept } = withEndpoint(NOTHING_KEPT, { name: "Mine", preset: null, setup: {} });
    const all = policiesOf(
        withValues(withValues(kept, EVERYWHERE, id, { max_tags: 9 }), HERE, id, { threshold: 0.25 }),
    );
    assert.deepEqual(all.provider_policies[EVERYWHERE]?.[id], { threshold: 0.5, max_tags: 9, is_shown: true });
    assert.deepEqual(all.provider_policies[HERE], { [id]: { threshold: 0.25, max_tags: 9, is_shown: true } });
    assert.deepEqual(all.provider_names, { [id]: "Mine" });
});

test("what is stored is checked value by value, whoever wrote it", () => {
    for (const stored of [null, 3, "x", [], { others: 3, levels: [], prices: null, caps: "", never: [] }])
        assert.deepEqual(validatedProviders(stored), { ...NOTHING_KEPT });
    const { others, levels, prices, caps, never } = validatedProviders({
        others: [{ id: "http-1", name: "Mine" }, { id: "google", name: "Not mine" }, { id: "http-2", name: "" }, 3],
        levels: {
            [EVERYWHERE]: {
                google: {
                    enabled: "yes",
                    threshold: 2,
                    max_tags: 3.4,
                    mode: "burn",
                    language: "sv",
                    setup: { model: "x" },
                    key: "secret",
                },
            },
        },
        prices: {
            google: { amount: 1.5, currency: "USD" },
            adobe: { amount: -1, currency: "USD" },
            microsoft: { amount: null, currency: "SEK" },
            "http-1": { currency: "SEK" },
        },
        caps: { google: 1000.4, adobe: "many" },
        never: { collections: [HERE, 3], folders: ["Family"] },
    });
    assert.deepEqual(others, [{ id: "http-1", name: "Mine", preset: null }]);
    assert.deepEqual(levels[EVERYWHERE]?.["google"], { max_tags: 3, language: "sv", setup: { model: "x" } });
    assert.deepEqual(prices, {
        google: { amount: 1.5, currency: "USD" },
        microsoft: { amount: null, currency: "SEK" },
    });
    assert.deepEqual(caps, { google: 1000 });
    assert.deepEqual(never, { collections: [HERE], folders: ["Family"] });
});
