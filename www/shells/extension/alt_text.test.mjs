import assert from "node:assert/strict";
import test from "node:test";
import { asHtml, lacksAlternative, missingReport, suggestedAlternative } from "./alt_text.js";

const DOG = { id: "dog", name: "dog", confidence: 0.97, count: 1 };
const GRASS = { id: "grass", name: "grass", confidence: 0.95 };
const BALL = { id: "ball", name: "ball", confidence: 0.8 };

test("a sentence says what was found once, on what is certain", () => {
    assert.equal(suggestedAlternative([DOG, GRASS], "en"), "a dog on grass");
    assert.equal(suggestedAlternative([DOG, GRASS], "sv"), "en hund på gräs");
    assert.equal(suggestedAlternative([DOG, GRASS, BALL], "en"), "a dog on grass", "what nobody counted is left out");
});

test("what is not known gives a list", () => {
    const doubts = {
        "two dogs": [{ ...DOG, count: 2 }, GRASS],
        "nobody counted": [{ id: "dog", name: "dog", confidence: 0.97 }, GRASS],
        "not sure of the dog": [{ ...DOG, confidence: 0.9 }, GRASS],
        "not sure of the grass": [DOG, { ...GRASS, confidence: 0.9 }],
        "two places": [DOG, GRASS, { id: "snow", name: "snow", confidence: 0.95 }],
        "two things": [DOG, GRASS, { ...BALL, count: 1 }],
        "a thing without an article": [{ ...DOG, id: "kite", name: "kite" }, GRASS],
        "a place without a phrase": [DOG, { ...GRASS, id: "sky", name: "sky" }],
        "an id that is a method": [DOG, { ...GRASS, id: "constructor" }],
    };
    for (const [why, tags] of Object.entries(doubts)) {
        const list = tags.map(({ name }) => name).join(", ");
        assert.equal(suggestedAlternative(tags, "en"), list, why);
    }
    assert.equal(suggestedAlternative([], "en"), "");
    assert.equal(
        suggestedAlternative(
            [1, 2, 3, 4, 5].map((n) => ({ ...BALL, name: `${n}` })),
            "en",
        ),
        "1, 2, 3, 4",
    );
});

test("a picture lacks a text where its page says nothing of it", () => {
    const bare = { name: "", isDecoration: false, isImage: false };
    assert.ok(lacksAlternative("img", bare));
    assert.ok(lacksAlternative("canvas", { ...bare, isImage: true }));
    for (const kind of ["background", "canvas"]) assert.ok(!lacksAlternative(kind, bare), kind);
    for (const one of [{ name: "a dog" }, { isDecoration: true }])
        assert.ok(!lacksAlternative("img", { ...bare, ...one, isImage: true }), JSON.stringify(one));
});

test("copied HTML holds nothing but one picture, whatever is in its address and text", () => {
    const hostile = `"><script>alert('1')</script>&`;
    const html = asHtml(`https://a.example/${hostile}`, hostile);
    assert.match(html, /^<img src="[^"<>]*" alt="[^"<>]*" \/>$/);
    assert.ok(html.includes("&quot;&gt;&lt;script&gt;") && html.includes("&amp;"));
});

test("a report lists one picture in two lines, whatever is in its address", () => {
    const words = { title: "Title", page: "Page: a\nb", picture: "Picture", suggestion: "Suggestion", check: "Check." };
    const report = missingReport(
        [
            { address: "a\n# b", suggestion: "a dog" },
            { address: "c", suggestion: "" },
        ],
        words,
    );
    assert.equal(
        report,
        "# Title\n\nPage: a b\n\nCheck.\n\n1. Picture: a # b\n   Suggestion: a dog\n2. Picture: c\n   Suggestion: –\n",
    );
});
