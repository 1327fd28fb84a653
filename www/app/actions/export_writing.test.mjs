import assert from "node:assert/strict";
import test from "node:test";
import { signal } from "../../vendor/signals.js";
import { USUAL } from "../export_choices.js";
import { IDLE, exportChoices, exportRun } from "../export_state.js";
import * as state from "../state.js";
import { createWriting } from "./export_writing.js";
import { file, standInContext, until } from "./stand_in.mjs";

/** @import { ExportFormat, ExportFormatFacts } from "../../core/engine_api.d.ts" */

const facts = (/** @type {ExportFormat} */ name, /** @type {string} */ ending) =>
    /** @type {ExportFormatFacts} */ ({ name, ending, extension: "", media_type: "" });
const KEYWORDS = facts("keywords", "");
const XMP = facts("xmp", ".xmp");
const CAPTIONS = facts("captions", ".txt");

/**
 * Pictures by path; those whose names begin with "bad" cannot hold keywords. `log` is what the worker was asked, in order.
 * @param {string[]} paths @param {Partial<import("./stand_in.mjs").Answers>} [more]
 */
async function prepare(paths, more = {}) {
    /** @type {string[]} */
    const log = [];
    /** @param {number} id */
    const pathOf = (id) => paths[id] ?? "gone";
    const { context } = await standInContext({
        report_files: ({ format, ids }) =>
            ids.map((/** @type {number} */ id, /** @type {number} */ picture) => ({
                name: `${pathOf(id)}${format.ending}`,
                content: `tags of ${id}`,
                picture,
            })),
        copy_with_keywords: ({ id, file: given }) => {
            log.push(`copy ${pathOf(id)}`);
            if (pathOf(id).startsWith("bad"))
                throw Object.assign(new Error(), {
                    code: "keywords_not_writable",
                    detail: "It has no place for them.",
                });
            return new Blob([given, "+"]);
        },
        merge_sidecar: async ({ id, file: former }) => new Blob([former, ` and ${pathOf(id)}`]),
        add_to_zip: async ({ name, content }) => {
            log.push(`zip ${name}: ${await new Blob([content]).text()}`);
            return null;
        },
        close_zip: () => {
            log.push("close");
            return new Blob(["ZIP"]);
        },
        ...more,
    });
    for (const [id, path] of paths.entries())
        state.pictures.set(id, signal({ id, path, name: path, file: null, size: 0, modified_ms: 0, state: "done" }));
    state.exportFormats.value = [KEYWORDS, XMP, CAPTIONS];
    exportChoices.value = USUAL;
    exportRun.value = IDLE;
    return {
        writing: createWriting(context, { neededFile: async (id) => file(pathOf(id)) }),
        log,
        plan: { ids: [...paths.keys()], name: "x.zip", type: "application/zip" },
    };
}

/** A folder in memory. @param {Record<string, string>} files */
const folderWith = (files) => ({
    name: "Holiday",
    files,
    read: async (/** @type {string} */ path) => (path in files ? new Blob([files[path] ?? ""]) : null),
    write: async (/** @type {string} */ path, /** @type {Blob | string} */ content) => {
        files[path] = await new Blob([content]).text();
    },
});

test("copies go into the ZIP one by one; one that cannot be made is named and stops no other", async () => {
    const { writing, log, plan } = await prepare(["a.jpg", "bad.gif", "c.jpg"]);
    assert.equal(await (await writing.makeFile(KEYWORDS, plan, {})).text(), "ZIP");
    assert.deepEqual(log, [
        "copy a.jpg",
        "zip a.jpg: a.jpg+",
        "copy bad.gif",
        "zip bad.gif.xmp: tags of 1",
        "copy c.jpg",
        "zip c.jpg: c.jpg+",
        "close",
    ]);
    const { nDone, n, leftOut } = exportRun.value;
    assert.deepEqual([nDone, n], [2, 3]);
    const error = { code: "keywords_not_writable", detail: "It has no place for them.", subject: undefined };
    assert.deepEqual(leftOut, [{ path: "bad.gif", error, hasSidecar: true }]);
});

test("sidecars in place of copies are only for those who want them, and nothing at all is said", async () => {
    const { writing, log, plan } = await prepare(["bad.gif", "bad.bmp"]);
    exportChoices.value = { ...USUAL, with_sidecars: false };
    await assert.rejects(writing.makeFile(KEYWORDS, plan, {}), { code: "keywords_not_writable" });
    assert.deepEqual(log, ["copy bad.gif", "copy bad.bmp", "close"], "no empty ZIP is saved, and none stays open");
    assert.deepEqual(
        exportRun.value.leftOut.map(({ hasSidecar }) => hasSidecar),
        [false, false],
    );
});

test("a single copy is no ZIP", async () => {
    const { writing, log, plan } = await prepare(["a.jpg"]);
    assert.match(await (await writing.makeFile(KEYWORDS, plan, {})).text(), /\+$/);
    assert.deepEqual(log, ["copy a.jpg"]);
});

test("who cancels gets nothing, and what was packed goes", async () => {
    const { writing, log, plan } = await prepare(["a.jpg", "b.jpg", "c.jpg"], {
        add_to_zip: () => {
            writing.stop();
            return null;
        },
    });
    await assert.rejects(writing.makeFile(KEYWORDS, plan, {}), { name: "AbortError" });
    assert.deepEqual(log, ["copy a.jpg", "close"]);
});

test("who cancels before the first file is made gets nothing either", async () => {
    const { writing, log, plan } = await prepare(["a.jpg", "b.jpg"], {
        report_files: () => {
            writing.stop();
            return [{ name: "a.jpg", content: "", picture: 0 }];
        },
    });
    await assert.rejects(writing.makeFile(KEYWORDS, plan, {}), { name: "AbortError" });
    assert.deepEqual(log, ["close"]);
});

test("a sidecar in the folder is merged, and nobody is asked", async () => {
    const { writing, plan } = await prepare(["a.jpg", "b.jpg"]);
    const folder = folderWith({ "a.jpg.xmp": "what Lightroom wrote" });
    assert.equal(await writing.fillFolder(folder, XMP, plan, {}), 2);
    assert.deepEqual(folder.files, { "a.jpg.xmp": "what Lightroom wrote and a.jpg", "b.jpg.xmp": "tags of 1" });
});

test("one that cannot be merged is left as it is and named", async () => {
    const { writing, plan } = await prepare(["a.jpg", "b.jpg"], {
        merge_sidecar: () => {
            throw Object.assign(new Error(), { code: "xmp_invalid", detail: "It ends too early." });
        },
    });
    const folder = folderWith({ "a.jpg.xmp": "<" });
    assert.equal(await writing.fillFolder(folder, XMP, plan, {}), 1);
    assert.deepEqual(folder.files, { "a.jpg.xmp": "<", "b.jpg.xmp": "tags of 1" });
    assert.deepEqual(
        exportRun.value.leftOut.map(({ path, error }) => [path, error.code]),
        [["a.jpg", "xmp_invalid"]],
    );
});

for (const [given, wanted] of /** @type {const} */ ([
    ["replace", { "a.jpg.txt": "tags of 0", "b.jpg.txt": "tags of 1", "c.jpg.txt": "tags of 2" }],
    ["keep", { "a.jpg.txt": "mine", "b.jpg.txt": "tags of 1", "c.jpg.txt": "mine too" }],
    ["stop", { "a.jpg.txt": "mine", "c.jpg.txt": "mine too" }],
])) {
    test(`files that are there are asked for once, and all follow the answer: ${given}`, async () => {
        const { writing, plan } = await prepare(["a.jpg", "b.jpg", "c.jpg"]);
        const folder = folderWith({ "a.jpg.txt": "mine", "c.jpg.txt": "mine too" });
        const filled = writing.fillFolder(folder, CAPTIONS, plan, {});
        filled.catch(() => {});
        await until(() => exportRun.value.status === "asking");
        assert.deepEqual(exportRun.value.names, ["a.jpg.txt", "c.jpg.txt"]);
        writing.answer(given);
        if (given === "stop") await assert.rejects(filled, { name: "AbortError" });
        else assert.equal(await filled, given === "replace" ? 3 : 1);
        assert.deepEqual(folder.files, wanted);
    });
}

test("a session that is gone ends all, instead of naming every picture", async () => {
    const { writing, plan, log } = await prepare(["a.jpg", "b.jpg"], {
        copy_with_keywords: () => {
            log.push("copy");
            throw Object.assign(new Error(), { code: "worker_crashed", detail: "It is gone." });
        },
    });
    await assert.rejects(writing.makeFile(KEYWORDS, plan, {}), { code: "worker_crashed" });
    assert.deepEqual(log.filter((call) => call === "copy").length, 1);
});
