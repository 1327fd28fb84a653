/**
 * One core, one answer: the golden pictures in both builds of the engine, in Chromium, against the command line. Everything that any
 * policy could show is compared; and what the page really exports, of fifty pictures.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { reportsOf } from "./command_line.mjs";
import { FIFTY, assertSameOfFifty, assertSameOfGolden, goldenByCommandLine } from "./fifty_pictures.mjs";
import { PAGE, ROOT, exportReports, goldenCases, setThreshold, usePage, waitUntilDone } from "./harness.mjs";
import { TOLERANCES, assertSameBut, assertSameTags, difference } from "./same_reports.mjs";

const bare = usePage({ headers: { "Content-Security-Policy": "" } });
const CASES = goldenCases();
const PATHS = CASES.map(({ path }) => join(ROOT, "tests", path));
const VARIANTS = /** @type {const} */ (["simd128", "relaxed"]);

/** @import { Tags } from "./command_line.mjs" */

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

for (const variant of VARIANTS) {
    const tolerance = TOLERANCES[variant];
    test(`the ${variant} build scores every tag as the command line does, within ${tolerance}`, async () => {
        const expected = await reportsOf(PATHS, "--candidates", "--no-objects");
        const again = await goldenByCommandLine();
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
}

test("the page exports what the command line writes of fifty pictures, and of some of them everything", async () => {
    const page = await bare.open();
    await page.setInputFiles(
        '[data-input="files"]',
        FIFTY.map(({ path }) => path),
    );
    await waitUntilDone(page);
    assert.equal(await page.getAttribute("html", "data-variant"), "relaxed");
    await assertSameOfFifty("page", await exportReports(page), TOLERANCES.relaxed);
    await setThreshold(page, 2);
    await assertSameOfGolden("page", await exportReports(page), TOLERANCES.relaxed);
});

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

test("tags that are as sure as each other may change places, one at the threshold may be on one side alone, and nothing else", () => {
    const [sure, close, closer, edge] = [
        { id: "sure", confidence: 0.9 },
        { id: "close", confidence: 0.702 },
        { id: "closer", confidence: 0.701 },
        { id: "edge", confidence: 0.502 },
    ];
    const policy = { threshold: 0.5, max_tags: 8 };
    const same = (/** @type {Tags} */ ours) => assertSameTags(ours, [sure, close, closer, edge], policy, 0.005);
    for (const ours of [
        [sure, close, closer, edge],
        [sure, closer, close, edge],
        [sure, close, closer],
        [sure, close, closer, edge, { id: "other", confidence: 0.501 }],
    ])
        same(ours);
    for (const ours of [
        [close, sure, closer, edge],
        [sure, close, edge, closer],
        [sure, closer, edge],
        [sure, sure, close, closer, edge],
        [sure, close, closer, edge, { id: "other", confidence: 0.51 }],
        [{ ...sure, confidence: 0.89 }, close, closer, edge],
        [],
    ])
        assert.throws(() => same(ours), JSON.stringify(ours));
});

test("the comparison sees a box that is off, a count, a missing box and another name", () => {
    const tag = { id: "a", count: 1, boxes: [[0, 0.0005, 0.9364, 0.9837]] };
    assertSameBut({ ...tag, boxes: [[0, 0.0006, 0.9366, 0.9836]] }, tag, 0.001);
    const others = [{ boxes: [[0, 0.0005, 0.9384, 0.9837]] }, { boxes: [] }, { count: 2 }, { id: "b" }, { more: 1 }];
    for (const other of others) assert.throws(() => assertSameBut({ ...tag, ...other }, tag, 0.001));
});
