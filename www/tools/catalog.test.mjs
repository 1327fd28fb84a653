import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { frameCsp, foreignAddresses, parseCatalog, writeFrame } from "./catalog.mjs";

const SHA256 = "ab".repeat(32);
const ENTRY = {
    id: "one",
    name: "One",
    url: "https://models.test/one.onnx",
    bytes: 5,
    sha256: SHA256,
    licence: "MIT",
    top1: 0.5,
    is_verified: false,
    card: { model: { bytes: 5, sha256: SHA256 }, vocabulary: { sha256: SHA256 } },
};

/** @param {object[]} models */
const catalog = (...models) => parseCatalog(JSON.stringify({ version: 1, models }));

test("the catalog that is shipped is one", async () => {
    const models = parseCatalog(await readFile(new URL("../../models/catalog.json", import.meta.url), "utf8"));
    assert.ok(models.length > 0);
    for (const { url } of models) assert.match(url, /^https:/);
});

test("a catalog that is wrong is refused with the field that is", () => {
    const { card } = ENTRY;
    for (const [field, value] of /** @type {const} */ ([
        ["id", "../one"],
        ["name", ""],
        ["url", "javascript:alert(1)"],
        ["url", "ftp://models.test/one"],
        ["url", "https://me@models.test/one"],
        ["bytes", 0],
        ["bytes", "5"],
        ["sha256", "AB"],
        ["licence", undefined],
        ["top1", 51],
        ["is_verified", 1],
        ["vocabulary", "data:,x"],
        ["card", { ...card, model: { bytes: 6, sha256: SHA256 } }],
        ["colour", "red"],
    ])) {
        assert.throws(() => catalog({ ...ENTRY, [field]: value }), new RegExp(`"${field}"`), `${field}: ${value}`);
    }
    assert.throws(() => catalog(ENTRY, ENTRY), /two models "one"/);
    assert.throws(() => parseCatalog('{"version":2,"models":[]}'), /version/);
});

test("the proxy frame may fetch from the hosts of the catalog and from no other, not even its own", () => {
    const models = catalog(
        ENTRY,
        { ...ENTRY, id: "two", url: "models/two.onnx" },
        { ...ENTRY, id: "three", url: "https://more.test:81/x", vocabulary: "https://models.test/v" },
    );
    assert.match(frameCsp("", models), /connect-src https:\/\/models\.test https:\/\/more\.test:81;/);
    assert.deepEqual(Object.keys(foreignAddresses(models)), ["one", "three"]);
    assert.match(frameCsp("", catalog({ ...ENTRY, url: "one.onnx" })), /connect-src 'none';/);
});

test("the proxy frame's page holds the script whose hash its policy names", () => {
    const script = 'const cost = "$& $1"; ';
    const page = writeFrame("<p>%csp%</p><script>%script%</script>", script, catalog(ENTRY));
    assert.ok(page.includes(`<script>${script}</script>`) && page.includes(frameCsp(script, catalog(ENTRY))));
});
