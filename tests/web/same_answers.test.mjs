/**
 * One core, one answer: the golden pictures in both builds of the engine, in Chromium, against the command line. Everything that any
 * policy could show is compared, and what the page really exports.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { reportsOf } from "./command_line.mjs";
import { PAGE, ROOT, exportReports, goldenCases, setThreshold, usePage, waitUntilDone } from "./harness.mjs";

const bare = usePage({ headers: { "Content-Security-Policy": "" } });
const CASES = goldenCases();
const PATHS = CASES.map(({ path }) => join(ROOT, "tests", path));
/** How far a score may lie from the command line's. */
const VARIANTS = /** @type {const} */ ([
    ["simd128", 0.005],
    ["relaxed", 0.01],
]);

/** @import { Tags } from "./command_line.mjs" */

/** What the command line says of the golden pictures. @param {string[]} options */
const byCommandLine = (...options) => reportsOf(PATHS, ...options);

/**
 * The largest difference in confidence; a tag that one side does not show counts as just below what it would have to have.
 * @param {Tags} ours @param {Tags} theirs @param {{threshold: number, max_tags: number}} policy
 */
function difference(ours, theirs, { threshold, max_tags: maxTags }) {
    /** @param {Tags} tags */
    const least = (tags) => (tags.length < maxTags ? threshold : (tags.at(-1)?.confidence ?? 0));
    /** The confidence, or the least that would have been shown. @param {Tags} tags @param {string} id */
    const sureOf = (tags, id) => tags.find((tag) => tag.id === id)?.confidence ?? least(tags);
    const ids = [...ours, ...theirs].map(({ id }) => id);
    return Math.max(0, ...ids.map((id) => Math.abs(sureOf(ours, id) - sureOf(theirs, id))));
}

/**
 * Equal in everything but fractions, which may be `off` apart: engines round differently. Counts, names and order must be the same.
 * @param {any} ours @param {any} theirs @param {number} off
 */
function assertSameBut(ours, theirs, off) {
    if (typeof ours === "number" && typeof theirs === "number" && !(Number.isInteger(ours) && Number.isInteger(theirs)))
        return assert.ok(Math.abs(ours - theirs) <= off, `${ours} is over ${off} from ${theirs}`);
    if (typeof ours !== "object" || typeof theirs !== "object" || ours === null || theirs === null)
        return assert.deepEqual(ours, theirs);
    assert.deepEqual(Object.keys(ours), Object.keys(theirs));
    for (const key of Object.keys(theirs)) assertSameBut(ours[key], theirs[key], off);
}

/**
 * Runs in the page: tags the files of its input with the worker that is shipped, and gives all candidates of both looks.
 * @param {{names: Record<string, string>, variant: string}} wanted
 */
async function byWorker({ names, variant }) {
    const worker = new Worker(names["worker.js"] ?? "");
    let seq = 0;
    /** @param {string} name @param {object} params @returns {Promise<any>} */
    const call = (name, params) => {
        worker.postMessage({ seq: ++seq, name, params });
        return new Promise((resolve, reject) => {
            worker.onerror = reject;
            worker.onmessage = ({ data }) => {
                if ("ok" in data) resolve(data.ok);
                else if (!("progress" in data)) reject(new Error(JSON.stringify(data)));
            };
        });
    };
    const get = (/** @type {string} */ name) => fetch(names[name] ?? "");
    const module = await WebAssembly.compileStreaming(get(`engine-${variant}.wasm`));
    const [card, vocabulary] = [await (await get("model.json")).text(), await (await get("vocabulary.json")).text()];
    const bytes = async (/** @type {string} */ name) => (await get(name)).arrayBuffer();
    const companions = {
        "heads/general.json": await bytes("heads-general.json"),
        "../blazeface-short/model.json": await bytes("blazeface-short-model.json"),
        "../blazeface-short/model.onnx": await bytes("blazeface-short-model.onnx"),
    };
    const objects = {
        "../nanodet-g/model.json": await bytes("nanodet-g-model.json"),
        "../nanodet-g/model.onnx": await bytes("nanodet-g-model.onnx"),
    };
    await call("start_tagger", { module, card, vocabulary, model: await bytes("model.onnx"), companions, limits: {} });
    await call("start_objects", { companions: objects });
    const all = JSON.parse(vocabulary).tags;
    /** @param {any} tagging @returns {Tags} */
    const candidatesOf = ({ tags, scores, confidences }) =>
        Array.from(tags, (tag, idx) => ({ id: all[tag].id, score: scores[idx], confidence: confidences[idx] }));
    const found = [];
    for (const file of document.querySelector("input")?.files ?? []) {
        const { thumbnail: _, ...first } = await call("tag", { file });
        const second = await call("look_again", { file, first });
        const { sha256, width, height, format } = first;
        found.push({ sha256, width, height, format, candidates: candidatesOf(first), second: candidatesOf(second) });
    }
    worker.terminate();
    return found;
}

for (const [variant, tolerance] of VARIANTS) {
    test(`the ${variant} build scores every tag as the command line does, within ${tolerance}`, async () => {
        const expected = byCommandLine("--candidates", "--no-objects");
        const again = byCommandLine("--candidates");
        const page = await bare.open("", { path: "assets.json" });
        await page.evaluate(() =>
            document.body.append(Object.assign(document.createElement("input"), { type: "file", multiple: true })),
        );
        await page.setInputFiles("input", PATHS);
        const names = JSON.parse(readFileSync(join(PAGE, "assets.json"), "utf8"));
        const found = await page.evaluate(byWorker, { names, variant });
        assert.equal(found.length, CASES.length);
        let largest = 0;
        let nCompared = 0;
        found.forEach(({ sha256, width, height, format, candidates, second }, idx) => {
            const { name, expected: golden } = CASES[idx] ?? assert.fail();
            assert.deepEqual(
                [sha256, width, height, format],
                [expected[idx]?.sha256, golden.width, golden.height, golden.format],
                name,
            );
            const theirs = expected[idx]?.candidates ?? [];
            const off = difference(candidates, theirs, { threshold: 0.001, max_tags: Infinity });
            assert.ok(off <= tolerance, `${name}: ${off} away`);
            const offAgain = difference(second, again[idx]?.candidates ?? [], { threshold: 0.001, max_tags: Infinity });
            assert.ok(offAgain <= tolerance, `${name}: ${offAgain} away after the second look`);
            for (const { id, score = 0 } of candidates) {
                const same = theirs.find((one) => one.id === id);
                if (same)
                    assert.ok(
                        Math.abs(score - (same.score ?? 0)) <= tolerance,
                        `${name}: the score of ${id} is ${score}, not ${same.score}`,
                    );
            }
            for (const { id, confidence } of golden.surest) {
                const ours = candidates.find((one) => one.id === id)?.confidence ?? 0;
                assert.ok(
                    Math.abs(ours - confidence) <= golden.confidence_tolerance,
                    `${name}: ${id} is ${ours}, expected ${confidence}`,
                );
            }
            largest = Math.max(largest, off, offAgain);
            nCompared += candidates.length + second.length;
        });
        assert.ok(nCompared > 100, `${nCompared} confidences`);
        console.log(
            `${variant}: at most ${largest.toPrecision(2)} from the command line in ${nCompared} confidences of ${found.length} pictures`,
        );
    });

    test(`the page with the ${variant} build exports what the command line writes`, async () => {
        const page = await bare.open(`?engine=${variant}`);
        await page.setInputFiles('[data-input="files"]', PATHS);
        await waitUntilDone(page);
        assert.equal(await page.getAttribute("html", "data-variant"), variant);
        await setThreshold(page, 2);
        const found = await exportReports(page);
        const expected = byCommandLine("--threshold", "0.02");
        found.forEach((report, idx) => {
            const theirs = /** @type {any} */ (expected[idx] ?? assert.fail());
            const name = CASES[idx]?.name;
            assert.deepEqual(Object.keys(report), Object.keys(theirs));
            for (const key of ["sha256", "width", "height", "format", "model", "pipeline"])
                assert.deepEqual(report[key], theirs[key], `${name}: ${key}`);
            assert.ok(difference(report.tags, theirs.tags, { threshold: 0.02, max_tags: 8 }) <= tolerance, name);
            // Boxes are shares of the picture's sides: 2 pixels of the larger one.
            const side = Math.max(theirs.width, theirs.height);
            for (const tag of report.tags) {
                const same = theirs.tags.find((/** @type {any} */ { id }) => id === tag.id);
                if (same)
                    assertSameBut({ ...tag, confidence: 0, score: 0 }, { ...same, confidence: 0, score: 0 }, 2 / side);
            }
        });
    });
}

test("the comparison sees a score that is off, a tag that is missing, and one that is too many", () => {
    const policy = { threshold: 0.1, max_tags: 2 };
    const tags = [
        { id: "a", confidence: 0.8 },
        { id: "b", confidence: 0.15 },
    ];
    const close = (/** @type {number} */ found, /** @type {number} */ wanted) =>
        assert.ok(Math.abs(found - wanted) < 1e-9, `${found}`);
    close(difference(tags, tags, policy), 0);
    close(
        difference(
            tags,
            [
                { id: "a", confidence: 0.7 },
                { id: "b", confidence: 0.15 },
            ],
            policy,
        ),
        0.1,
    );
    close(difference(tags, [{ id: "a", confidence: 0.8 }], policy), 0.05);
    close(
        difference(
            tags,
            [
                { id: "a", confidence: 0.8 },
                { id: "c", confidence: 0.14 },
            ],
            policy,
        ),
        0.01,
    );
});

test("the comparison sees a box that is off, a count, a missing box and another name", () => {
    const tag = { id: "a", count: 1, boxes: [[0, 0.0005, 0.9364, 0.9837]] };
    assertSameBut({ ...tag, boxes: [[0, 0.0006, 0.9366, 0.9836]] }, tag, 0.001);
    const others = [{ boxes: [[0, 0.0005, 0.9384, 0.9837]] }, { boxes: [] }, { count: 2 }, { id: "b" }, { more: 1 }];
    for (const other of others) assert.throws(() => assertSameBut({ ...tag, ...other }, tag, 0.001));
});
