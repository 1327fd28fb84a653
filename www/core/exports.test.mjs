import assert from "node:assert/strict";
import test from "node:test";
import { planExport, usualChoices } from "./exports.js";
import { ZipWriter, pack } from "./pack.js";

/** @import { ExportFormat, ExportFormatFacts, Naming } from "./engine_api.d.ts" */

const ONE_FILE = { ending: null, replaces_extension: false, always_stem: [] };
/** As the session lists them (tests/js_types.rs). @type {Record<ExportFormat, ExportFormatFacts>} */
const FORMATS = {
    xlsx: { ...ONE_FILE, name: "xlsx", extension: "xlsx", media_type: "application/vnd.ms-excel" },
    "csv-excel": { ...ONE_FILE, name: "csv-excel", extension: "csv", media_type: "text/csv" },
    csv: { ...ONE_FILE, name: "csv", extension: "csv", media_type: "text/csv" },
    json: { ...ONE_FILE, name: "json", extension: "json", media_type: "application/json" },
    jsonl: { ...ONE_FILE, name: "jsonl", extension: "jsonl", media_type: "application/x-ndjson" },
    captions: {
        name: "captions",
        extension: "txt",
        media_type: "text/plain",
        ending: ".txt",
        replaces_extension: true,
        always_stem: [],
    },
    xmp: {
        name: "xmp",
        extension: "xmp",
        media_type: "application/rdf+xml",
        ending: ".xmp",
        replaces_extension: false,
        always_stem: ["cr2", "nef"],
    },
    keywords: {
        name: "keywords",
        extension: "",
        media_type: "",
        ending: "",
        replaces_extension: false,
        always_stem: [],
    },
};

const NOW = new Date("2026-11-21T12:00:00Z");
const SHEET = [
    { id: 3, name: "b.JPG", state: "done" },
    { id: 1, name: "a.png", state: "failed" },
    { id: 2, name: ".hidden", state: "done" },
    { id: 4, name: "c.jpg", state: "tagging" },
    { id: 5, name: "d.jpg", state: "queued" },
];

/** The local file headers of a ZIP: name and content. @param {Blob} blob */
async function entries(blob) {
    const bytes = new DataView(await blob.arrayBuffer());
    const text = (/** @type {number} */ from, /** @type {number} */ length) =>
        new TextDecoder().decode(new Uint8Array(bytes.buffer, from, length));
    const found = [];
    for (let at = 0; bytes.getUint32(at, true) === 0x04034b50; ) {
        const name = text(at + 30, bytes.getUint16(at + 26, true));
        const start = at + 30 + bytes.getUint16(at + 26, true) + bytes.getUint16(at + 28, true);
        let end = start;
        while (bytes.getUint32(end, true) !== 0x08074b50) end++; // what follows the content says its length
        assert.equal(bytes.getUint32(end + 12, true), end - start);
        found.push({ name, content: text(start, end - start) });
        at = end + 16;
    }
    return found;
}

test("tables hold what failed too, captions and sidecars only what is tagged, and nothing holds what waits", () => {
    for (const format of /** @type {const} */ (["xlsx", "csv-excel", "csv", "json", "jsonl"])) {
        const { ids, name } = planExport(FORMATS[format], SHEET, NOW);
        const { extension } = FORMATS[format];
        assert.deepEqual({ ids, name }, { ids: [3, 1, 2], name: `tagsmith-3-2026-11-21.${extension}` });
    }
    for (const format of /** @type {const} */ (["captions", "xmp", "keywords"])) {
        const plan = planExport(FORMATS[format], SHEET, NOW);
        assert.deepEqual(plan, { ids: [3, 2], name: `tagsmith-${format}-2-2026-11-21.zip`, type: "application/zip" });
    }
});

test("the file of a single picture is called after the picture", () => {
    /** @type {[ExportFormat, Naming | null, string, string][]} */
    const wanted = [
        ["captions", null, "cat.tar.jpg", "cat.tar.txt"],
        ["captions", null, ".hidden", ".hidden.txt"],
        ["captions", null, "cat", "cat.txt"],
        ["captions", "full", "cat.jpg", "cat.jpg.txt"],
        ["captions", "stem_or_full", "cat.jpg", "cat.txt"],
        ["xmp", null, "cat.jpg", "cat.jpg.xmp"],
        ["xmp", "stem", "cat.jpg", "cat.xmp"],
        ["xmp", "full", "cat.CR2", "cat.xmp"],
        ["keywords", null, "cat.jpg", "cat.jpg"],
        ["keywords", "stem_or_full", "cat.jpg", "cat.jpg"],
    ];
    for (const [format, names, name, saved] of wanted)
        assert.equal(planExport(FORMATS[format], [{ id: 7, name, state: "done" }], NOW, names).name, saved);
});

test("a picture that failed has a caption or a sidecar where a person gave it tags", () => {
    const failed = { id: 1, name: "a.nef", state: "failed", hasOwnTags: true };
    assert.equal(planExport(FORMATS.xmp, [failed], NOW).name, "a.xmp");
    assert.deepEqual(planExport(FORMATS.captions, [...SHEET, failed], NOW).ids, [3, 2, 1]);
});

test("where nobody was asked, a CSV is one that the machine's spreadsheets open, and no name is shared", () => {
    const isComma = (/** @type {string} */ locale) => usualChoices(FORMATS["csv-excel"], locale).table?.decimal_comma;
    assert.deepEqual(["en-GB", "sv", "de", "fr", "es", "ja"].map(isComma), [false, true, true, true, true, false]);
    assert.equal(usualChoices(FORMATS.captions).names, "stem_or_full");
    assert.equal(usualChoices(FORMATS.xmp).names, null);
});

test("where no picture is tagged there is nothing to export", async () => {
    for (const format of /** @type {const} */ (["csv", "xmp"]))
        assert.throws(() => planExport(FORMATS[format], SHEET.slice(3), NOW), { code: "nothing_to_export" });
    assert.throws(() => planExport(FORMATS.captions, SHEET.slice(1, 2), NOW), { code: "nothing_to_export" });
    await assert.rejects(pack(FORMATS.xmp, 2, []), { code: "nothing_to_export" });
});

test("one file stays as it is, several go in a ZIP as the name has promised", async () => {
    const files = [
        { name: "a/träd.txt", content: "träd, sjö\n", picture: 0 },
        { name: "b.txt", content: "", picture: 1 },
    ];
    const packed = files.map(({ name, content }) => ({ name, content }));
    const table = await pack(FORMATS.csv, 2, [{ name: "tagsmith.csv", content: "å", picture: null }]);
    assert.deepEqual([table.type, await table.text()], ["text/csv;charset=utf-8", "å"]);
    const bytes = Uint8Array.of(80, 75, 3, 4, 255);
    const sheet = await pack(FORMATS.xlsx, 2, [{ name: "tagsmith.xlsx", content: bytes, picture: null }]);
    assert.deepEqual(new Uint8Array(await sheet.arrayBuffer()), bytes);
    assert.equal(sheet.type, FORMATS.xlsx.media_type, "bytes have no charset");
    const caption = await pack(FORMATS.captions, 1, files.slice(0, 1));
    assert.deepEqual([caption.type, await caption.text()], ["text/plain;charset=utf-8", "träd, sjö\n"]);
    const both = await pack(FORMATS.captions, 2, files);
    assert.deepEqual([both.type, await entries(both)], ["application/zip", packed]);
    assert.deepEqual(
        await entries(await pack(FORMATS.captions, 2, files.slice(1))),
        packed.slice(1),
        "a picture that went meanwhile changes no name",
    );
});

test("a ZIP takes one file after the other, and says what cannot be read instead of waiting for it", async () => {
    const zip = new ZipWriter();
    await zip.add("a.jpg", new Blob(["one"]));
    await zip.add("b.jpg", "two");
    const blob = await zip.finish();
    const wanted = [
        { name: "a.jpg", content: "one" },
        { name: "b.jpg", content: "two" },
    ];
    assert.deepEqual([blob.type, await entries(blob)], ["application/zip", wanted]);
    assert.deepEqual(await entries(await new ZipWriter().finish()), []);
    const large = new ZipWriter();
    const content = "x".repeat(9_000_000);
    await large.add("large.jpg", content);
    assert.deepEqual((await entries(await large.finish()))[0]?.content.length, content.length, "in several parts");

    const broken = new ZipWriter();
    const unreadable = new ReadableStream({
        pull() {
            throw new TypeError("It is gone.");
        },
    });
    await assert.rejects(broken.add("c.jpg", /** @type {any} */ (unreadable)), /It is gone/);
    await assert.rejects(broken.finish(), /It is gone/);
});
