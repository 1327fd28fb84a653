import assert from "node:assert/strict";
import { test } from "node:test";
import { apart, comparedFirst, comparedOf, seenByAll, sourcesIn, spentOn } from "./comparing.js";

/** @typedef {import("../../db/protocol.js").RequestRow} RequestRow */

/** @param {string} from @param {string} tags @param {string} [above] @param {number[]} [runs] */
const source = (from, tags, above = "", runs = []) => ({
    from,
    runs,
    tags: words(tags).map((id) => ({ id, name: id.toUpperCase() })),
    above: words(above),
});

/** @param {string} text */
const words = (text) => text.split(" ").filter(Boolean);

/** @param {number} id @param {ReturnType<typeof source>[]} sources @param {ReturnType<typeof source> | null} [own] */
const picture = (id, sources, own = null) => ({ id, sources, own, ms: 10 * id });

/** @param {Partial<RequestRow>} row @returns {RequestRow} */
const request = (row) => ({
    ...{
        id: 1,
        run: 7,
        purpose: "tag",
        provider: "google",
        host: "",
        n_pictures: 1,
        n_units: 1,
        n_bytes: 1,
        sent_ms: 0,
    },
    ...{ ended_ms: 300, status: 200, outcome: "answered", n_billed: 1, n_maybe: 0, detail: null },
    ...row,
});

test("only pictures that all of the chosen have looked at are compared, whatever they found there", () => {
    const pictures = [
        picture(
            1,
            [source("model", "cat", "animal"), source("provider:google", "")],
            source("person", "cat", "animal"),
        ),
        picture(2, [source("model", "cup")]),
        picture(3, [source("provider:google", "dog"), source("provider:http-1", "dog")]),
    ];
    assert.deepEqual(sourcesIn(pictures), [
        { id: "model", n: 2 },
        { id: "provider:google", n: 2 },
        { id: "provider:http-1", n: 1 },
    ]);
    const chosen = ["model", "provider:google"];
    const both = seenByAll(pictures, chosen);
    assert.deepEqual(
        both.map(({ id }) => id),
        [1],
    );
    assert.deepEqual(comparedOf(both, chosen), {
        sources: [
            { id: "model", pictures: [{ tags: ["cat"], above: ["animal"], ms: 10 }], n_units: 0 },
            { id: "provider:google", pictures: [{ tags: [], above: [], ms: null }], n_units: 0 },
        ],
        own: [{ tags: ["cat"], above: ["animal"] }],
    });
});

test("whoever has looked at least is left out where nobody's pictures are everybody's", () => {
    const google = source("provider:google", "dog");
    const pictures = [
        picture(1, [source("model", "cat"), google]),
        picture(2, [source("model", "cat"), google]),
        picture(3, [source("provider:http-1", "dog")]),
    ];
    assert.deepEqual(comparedFirst(pictures), ["model", "provider:google"]);
    const all = [...pictures, picture(4, [source("model", "cat"), google, source("provider:http-1", "dog")])];
    assert.equal(comparedFirst(all).length, 3);
    const many = Array.from({ length: 25 }, (_, idx) => source(`provider:http-${idx}`, "dog"));
    assert.equal(comparedFirst([picture(1, many)]).length, 20);
});

test("what one says more exactly both say, and the exact word is one's own", () => {
    const one = picture(1, [source("a", "dog sofa", "animal"), source("b", "terrier grass", "dog animal")]);
    const { both, onlyA, onlyB } = apart(one, "a", "b");
    const ids = (/** @type {{id: string}[]} */ tags) => tags.map(({ id }) => id);
    assert.deepEqual([ids(both), ids(onlyA), ids(onlyB)], [["dog"], ["sofa"], ["terrier", "grass"]]);
});

test("the cost of a run is shared by the pictures it answered, with what may have been billed without an answer", () => {
    const rows = [
        request({ n_pictures: 16, n_units: 16, n_billed: 16, ended_ms: 400 }),
        request({ n_pictures: 4, n_units: 4, n_billed: 4, ended_ms: 200 }),
        request({ n_pictures: 4, outcome: "lost", n_billed: 0, n_maybe: 4, ended_ms: 9_000 }),
        request({ run: 8, n_pictures: 100, n_billed: 100 }),
        request({ purpose: "try", n_pictures: 20, n_billed: 20 }),
    ];
    const pictures = [1, 2, 3, 4, 5].map((id) => picture(id, [source("provider:google", "cat", "", [7])]));
    assert.deepEqual(spentOn(rows, pictures, "provider:google"), { units: 6, n_maybe: 1, ms: 300, n_each: 10 });
    assert.deepEqual(spentOn([], pictures, "provider:google"), { units: null, n_maybe: 0, ms: null, n_each: 0 });
});

test("where later answers were added to earlier ones, both have cost", () => {
    const rows = [request({ run: 7 }), request({ run: 9, ended_ms: 500 }), request({ run: 9, ended_ms: 900 })];
    const pictures = [picture(1, [source("provider:google", "cat", "", [9, 7])])];
    assert.deepEqual(spentOn(rows, pictures, "provider:google"), { units: 2, n_maybe: 0, ms: 500, n_each: 1 });
});
