/**
 * The engine as WebAssembly in node, the variant that every browser can run: the same answers as natively, every error with its code,
 * the session, and bytes that were changed at random. `TAGSMITH_ENGINE` names another folder with engine.js and engine_bg.wasm.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { LANGUAGES, WORDS_PARTS, errorWords, loadWords } from "../../../www/i18n/messages.js";
import { parseCsv } from "../csv.mjs";
import { gifWithFrame, os2Bitmap, tiffWithoutData, webpWithCodeGroups } from "./hostile_files.mjs";
import { tinyModel } from "./tiny_model.mjs";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const ENGINE = resolve(ROOT, process.env["TAGSMITH_ENGINE"] ?? "target/engine/simd128");
const MODEL = join(ROOT, "models/efficientnet-lite0");
const CASES = join(ROOT, "tests/cases");
const PICTURES = join(ROOT, "tests/fixtures/pictures");

assert.ok(existsSync(join(ENGINE, "engine_bg.wasm")), `There is no engine in ${ENGINE}. Build it first: cargo x build`);
const engine = await import(pathToFileURL(join(ENGINE, "engine.js")).href);
const { memory } = engine.initSync({ module: readFileSync(join(ENGINE, "engine_bg.wasm")) });
const SESSION = resolve(ENGINE, "../session");
const sessionModule = await import(pathToFileURL(join(SESSION, "session.js")).href);
sessionModule.initSync({ module: readFileSync(join(SESSION, "session_bg.wasm")) });
const EXPORTS = resolve(ENGINE, "../exports");
const { Export, initSync: initExports } = await import(pathToFileURL(join(EXPORTS, "exports.js")).href);
initExports({ module: readFileSync(join(EXPORTS, "exports_bg.wasm")) });
const card = readFileSync(join(MODEL, "model.json"), "utf8");
const vocabulary = readFileSync(join(MODEL, "vocabulary.json"), "utf8");
const model = new Uint8Array(readFileSync(join(MODEL, "model.onnx")));
const tagIds = JSON.parse(vocabulary).tags.map((/** @type {{id: string}} */ { id }) => id);
const COMPANIONS = ["heads/general.json", "../blazeface-short/model.json", "../blazeface-short/model.onnx"];
const OBJECTS = ["../nanodet-g/model.json", "../nanodet-g/model.onnx"];
const companions = Object.fromEntries(
    COMPANIONS.map((path) => [path, new Uint8Array(readFileSync(join(MODEL, path)))]),
);
const tagger = new engine.Tagger(card, vocabulary, model, undefined, companions);
const limits = engine.defaultLimits();
const POLICY = { threshold: 0.3, max_tags: 8, allow: [], deny: [], language: "en" };

/** @param {string} path */
const bytesOf = (path) => new Uint8Array(readFileSync(path));

/** What `call` throws: an `Error` with code and detail. @param {() => unknown} call */
function failureOf(call) {
    try {
        call();
    } catch (error) {
        assert.ok(error instanceof Error && !(error instanceof WebAssembly.RuntimeError), String(error));
        const { code, detail, subject, message } =
            /** @type {Error & {code: string, detail: string, subject?: string}} */ (error);
        assert.ok(engine.errorCodes().includes(code), `${code}: ${message}`);
        assert.match(detail, /^\S.{10,}\.$/s, "a sentence");
        return { code, detail, subject };
    }
    return assert.fail("nothing was thrown");
}

/** Names of the golden cases, with their picture and what is expected. */
const golden = readdirSync(CASES)
    .filter((name) => existsSync(join(CASES, name, "expected.json")))
    .map((name) => {
        const picture = readdirSync(join(CASES, name)).find((file) => file.startsWith("picture.")) ?? assert.fail(name);
        return {
            name,
            bytes: bytesOf(join(CASES, name, picture)),
            expected: JSON.parse(readFileSync(join(CASES, name, "expected.json"), "utf8")),
        };
    });

/** @param {string} name */
const goldenBytes = (name) => golden.find((one) => one.name === name)?.bytes ?? assert.fail(name);

test("golden pictures get the scores that Pillow and onnxruntime give", () => {
    assert.ok(golden.length >= 12, `${golden.length} cases`);
    for (const { name, bytes, expected } of golden) {
        const tagging = tagger.tag(bytes, { limits });
        assert.deepEqual(
            [tagging.width, tagging.height, tagging.format],
            [expected.width, expected.height, expected.format],
            name,
        );
        assert.equal(tagging.sha256, createHash("sha256").update(bytes).digest("hex"));
        const found = new Map([...tagging.tags].map((tag, idx) => [tagIds[tag], idx]));
        let nCompared = 0;
        for (const { id, score } of expected.top) {
            const idx = found.get(id);
            if (idx !== undefined && tagging.components[idx] > 0) continue; // somebody else is surer of it
            const own = idx === undefined ? 0 : tagging.scores[idx];
            assert.ok(Math.abs(own - score) <= expected.tolerance, `${name}: ${id} is ${own}, expected ${score}`);
            nCompared++;
        }
        assert.ok(nCompared >= 4, `${name}: ${nCompared}`);
        assert.ok(tagging.scores[found.get(expected.top[0].id) ?? -1] >= expected.min_top1_score, name);
        const isSorted = (/** @type {number} */ sure, /** @type {number} */ idx) =>
            sure >= 0.001 && sure <= (tagging.confidences[idx - 1] ?? 1);
        assert.ok(tagging.confidences.every(isSorted), "the surest first");
    }
});

test("objects lie where Pillow and onnxruntime see them, and a second look is not looked at again", () => {
    const looking = new engine.Tagger(card, vocabulary, model, undefined, companions);
    looking.loadObjects(
        Object.fromEntries(OBJECTS.map((path) => [path, new Uint8Array(readFileSync(join(MODEL, path)))])),
    );
    let nObjects = 0;
    for (const { name, bytes, expected } of golden.filter(({ expected }) => expected.objects.length > 0)) {
        const first = looking.tag(bytes, { limits });
        const { boxes, ...second } = looking.lookAgain(bytes, first, limits);
        for (const { id, box } of expected.objects) {
            const idx = [...boxes.tags].findIndex((tag) => tagIds[tag] === id);
            assert.ok(idx >= 0, `${name}: no ${id}`);
            const found = boxes.regions.subarray(4 * idx, 4 * idx + 4);
            for (const [side, value] of found.entries()) {
                const off = Math.abs(value - box[side]) * (side % 2 ? expected.height : expected.width);
                assert.ok(off <= 2, `${name}: ${id} lies at ${found}, not at ${box}`);
            }
            nObjects++;
        }
        const again = failureOf(() => looking.lookAgain(bytes, { ...second, boxes }, limits));
        assert.equal(again.code, "scores_invalid", name);
    }
    assert.ok(nObjects >= 5, `${nObjects} objects`);
    looking.free();
});

test("classes, head and detector together are as sure as the reference, and the same part says so", () => {
    const components = ["classes", "head:general", "detector:blazeface-short"];
    for (const { name, bytes, expected } of golden) {
        const { tags, confidences, components: componentIdx } = tagger.tag(bytes, { limits });
        const found = new Map(
            [...tags].map((tag, idx) => [
                tagIds[tag],
                { confidence: confidences[idx], from: components[componentIdx[idx]] },
            ]),
        );
        for (const { id, confidence, from } of expected.surest) {
            const own = found.get(id)?.confidence ?? 0;
            assert.ok(
                Math.abs(own - confidence) <= expected.confidence_tolerance,
                `${name}: ${id} is ${own}, expected ${confidence}`,
            );
            if (from !== undefined && confidence > 0.1) assert.equal(found.get(id)?.from, from, `${name}: ${id}`);
        }
    }
});

test("the same bytes give the same answer each time, and with them an embedding and an upright thumbnail", () => {
    const [first, second] = [1, 2].map(() => tagger.tag(goldenBytes("chelsea_orientation_6"), { limits }));
    assert.deepEqual([first.tags, first.scores, first.embedding], [second.tags, second.scores, second.embedding]);
    assert.equal(first.embedding.vector.length, 1280);
    assert.equal(Math.max(...first.embedding.vector.map(Math.abs)), 127);
    const { width, height, pixels } = first.thumbnail;
    assert.deepEqual([Math.max(width, height), width < height], [256, first.width < first.height]);
    assert.equal(pixels.length, width * height * 4);
    assert.ok(
        pixels
            .filter((/** @type {number} */ _, /** @type {number} */ idx) => idx % 4 === 3)
            .every((/** @type {number} */ alpha) => alpha === 255),
    );
});

test("the heat of a tag lies where the thing is, as natively (tests/explain.rs), and a tag of nobody's has none", () => {
    const { width, height, heat, region } = tagger.explain(goldenBytes("coffee"), "espresso", limits);
    assert.deepEqual(
        [width, height, heat.length, heat.indexOf(1)],
        [7, 7, 49, 2 * 7 + 3],
        "the strongest place is on the coffee",
    );
    for (const corner of [0, 6, 42, 48]) assert.ok(heat[corner] < 0.1, `${corner}: ${heat[corner]}`);
    const seen = [80 / 384, 16 / 256, 224 / 384, 224 / 256]; // 512 × 341 becomes 384 × 256, of which the middle 224 × 224 are seen
    for (const [idx, expected] of seen.entries()) assert.ok(Math.abs(region[idx] - expected) < 1e-6, `${region}`);
    assert.equal(
        failureOf(() => tagger.explain(goldenBytes("coffee"), "own word", limits)).code,
        "explanation_unavailable",
    );
});

test("a model says what it is", () => {
    const { id, n_classes: nClasses, n_tags: nTags, languages, policy } = tagger.facts();
    assert.deepEqual(
        [id, nClasses, nTags, [...languages].sort()],
        ["efficientnet-lite0", 1000, tagIds.length, ["de", "en", "es", "fr", "ja", "sv"]],
    );
    const { generous, balanced, sure } = policy.settings;
    assert.ok(0 < generous && generous < balanced && balanced < sure && sure < 1);
    assert.equal(policy.threshold, balanced);
    assert.equal(engine.pipelineVersion(), 1);
});

const fixtures = JSON.parse(readFileSync(join(PICTURES, "cases.json"), "utf8"));

/** In so few pixels nothing varies, so they have no tags. */
const BLANK = ["interlaced_3_by_1.png", "one_pixel.png"];

test("every kind of file that is read has its size and format", () => {
    const tiny = new engine.Tagger(...tinyModel());
    for (const { file, format, width, height } of fixtures.good) {
        const { width: w, height: h, format: f, tags } = tiny.tag(bytesOf(join(PICTURES, "good", file)), { limits });
        assert.deepEqual([w, h, f, tags.length > 0], [width, height, format, !BLANK.includes(file)], file);
    }
});

test("every kind of bad file is refused with its code and a sentence", () => {
    assert.ok(fixtures.bad.length > 40);
    for (const { file, code, says } of fixtures.bad) {
        const failure = failureOf(() => tagger.tag(bytesOf(join(PICTURES, "bad", file)), { limits }));
        assert.equal(failure.code, code, `${file}: ${failure.detail}`);
        if (code === "picture_format_unsupported")
            assert.ok(failure.subject && failure.detail.includes(failure.subject), `${file}: ${failure.subject}`);
        for (const word of says) assert.ok(failure.detail.includes(word), `${file}: ${failure.detail}`);
    }
    assert.equal(tagIds[tagger.tag(goldenBytes("coffee"), { limits }).tags[0]], "food", "and the engine goes on");
});

test("limits are the caller's: of bytes, of a side, of pixels", () => {
    const coffee = goldenBytes("coffee");
    const withLimits = (/** @type {object} */ own) =>
        failureOf(() => tagger.tag(coffee, { limits: { ...limits, ...own } })).code;
    assert.equal(withLimits({ max_file_bytes: coffee.length - 1 }), "picture_file_too_large");
    assert.equal(withLimits({ max_side: 511 }), "picture_side_too_long");
    assert.equal(withLimits({ max_pixels: 512 * 341 - 1 }), "picture_too_many_pixels");
    assert.equal(
        tagger.tag(coffee, { limits: { max_file_bytes: coffee.length, max_side: 512, max_pixels: 512 * 341 } }).width,
        512,
    );
});

test("small files that ask for much are refused, and leave the engine's memory small", () => {
    for (const [file, code] of /** @type {[Buffer, string][]} */ ([
        [tiffWithoutData(10_000), "picture_damaged"],
        [gifWithFrame(65_535, 3_250), "picture_side_too_long"],
        [os2Bitmap(32_000, 16_000), "picture_side_too_long"],
        [webpWithCodeGroups(65_536), "picture_too_much_memory"],
    ])) {
        const bytes = new Uint8Array(file);
        assert.equal(failureOf(() => tagger.tag(bytes, { limits })).code, code);
        assert.equal(failureOf(() => engine.preview(bytes, limits)).code, code);
        assert.ok(memory.buffer.byteLength < 300e6, `${code}: ${memory.buffer.byteLength} bytes`);
    }
    assert.equal(tagIds[tagger.tag(goldenBytes("coffee"), { limits }).tags[0]], "food", "and the engine goes on");
    const [whole, estimate] = [engine.memoryEstimate(goldenBytes("coffee"), limits), 2 * 512 * 341];
    assert.ok(whole >= estimate && whole < 10e6, `${whole}`);
});

test("pixels that the browser decoded get the answer that their file gets", () => {
    const { width, height, pixels } = tagger.tag(goldenBytes("drawn_tiny_clock_bmp"), { limits }).thumbnail;
    // What a worker has; node has none of its own.
    globalThis.ImageData ??= /** @type {any} */ (
        class {
            constructor(/** @type {any} */ data, /** @type {number} */ width) {
                Object.assign(this, { data, width, height: data.length / 4 / width });
            }
        }
    );
    const tagging = tagger.tagPixels(new ImageData(pixels, width), "0".repeat(64), "avif", { limits });
    assert.deepEqual(
        [tagging.width, tagging.height, tagging.format, tagging.sha256],
        [width, height, "avif", "0".repeat(64)],
    );
    assert.equal(
        tagIds[tagging.tags[0]],
        golden.find(({ name }) => name === "drawn_tiny_clock_bmp")?.expected.surest[0].id,
    );
    assert.equal(
        failureOf(() =>
            tagger.tagPixels(new ImageData(pixels, width), "", "avif", { limits: { ...limits, max_side: 8 } }),
        ).code,
        "picture_side_too_long",
    );
    const { heat } = tagger.explainPixels(new ImageData(pixels, width), tagIds[tagging.tags[0]], limits);
    assert.deepEqual([heat.length, Math.max(...heat)], [49, 1]);
});

/** The card for another network, or another vocabulary. @param {Uint8Array} bytes @param {string} [words] */
function cardFor(bytes, words = vocabulary) {
    const sha256 = (/** @type {Uint8Array | string} */ content) => createHash("sha256").update(content).digest("hex");
    const changed = JSON.parse(card);
    Object.assign(changed.model, { bytes: bytes.length, sha256: sha256(bytes) });
    changed.vocabulary.sha256 = sha256(words);
    return JSON.stringify(changed);
}

test("a model, card or vocabulary that lies is refused with the reason", () => {
    const load = (/** @type {string} */ card, words = vocabulary, bytes = model) =>
        failureOf(() => new engine.Tagger(card, words, bytes, undefined, companions));
    assert.equal(load("{").code, "card_invalid");
    const unknown = load(card.replace('"schema"', '"colour_of_the_cat": 1, "schema"'));
    assert.ok(unknown.code === "card_invalid" && unknown.detail.includes("colour_of_the_cat"), unknown.detail);
    assert.equal(load(card, vocabulary.replace("tench", "trench")).code, "model_hash_mismatch");
    const words = JSON.parse(vocabulary);
    words.tags[0].parents = [words.tags[1].id];
    words.tags[1].parents = [words.tags[0].id];
    const cycle = JSON.stringify(words);
    assert.equal(load(cardFor(model, cycle), cycle).code, "vocabulary_invalid");
    const short = JSON.stringify({ ...JSON.parse(vocabulary), classes: [words.tags[0].id] });
    assert.equal(load(cardFor(model, short), short).code, "model_mismatch");
    const flipped = model.slice();
    flipped[flipped.length >> 1] = (flipped[flipped.length >> 1] ?? 0) ^ 1;
    assert.equal(load(card, vocabulary, flipped).code, "model_hash_mismatch");
    const text = new TextEncoder().encode("This is no network, whatever its name says.");
    assert.equal(load(cardFor(text), vocabulary, text).code, "model_invalid");
    const half = model.slice(0, model.length >> 1);
    assert.equal(load(cardFor(half), vocabulary, half).code, "model_invalid");
});

test("a model with an operator that the engine lacks is refused by the operator's name", () => {
    const changed = Buffer.from(model);
    let nChanged = 0;
    for (let at = changed.indexOf("\x04Clip"); at >= 0; at = changed.indexOf("\x04Clip", at)) {
        changed.write("\x04Blup", at);
        nChanged++;
    }
    assert.ok(nChanged > 0, "the network has the operator");
    const bytes = new Uint8Array(changed);
    const { code, detail, subject } = failureOf(
        () => new engine.Tagger(cardFor(bytes), vocabulary, bytes, undefined, companions),
    );
    assert.deepEqual([code, subject], ["model_operator_unsupported", "Blup"], detail);
    assert.match(detail, /Blup/);
});

test("the session keeps what it was given and answers for any policy without the model", () => {
    const session = new sessionModule.Session(card, vocabulary);
    assert.deepEqual(session.facts(), tagger.facts());
    const coffee = tagger.tag(goldenBytes("coffee"), { limits });
    session.add(7, "a/coffee.jpg", 0);
    session.put(7, coffee);
    session.add(3, '=cmd|"x"!A1,\r\n<b>.jpg', 0);
    session.put(3, tagger.tag(goldenBytes("drawn_traffic_light_alpha"), { limits }));
    session.add(5, "-broken\u0000.png", 0);
    session.fail(5, "picture_damaged", "The picture is cut off.");
    const { pictures, failed, with_tags: withTags, tags, histogram } = session.apply(POLICY);
    assert.deepEqual([pictures, failed, withTags], [3, 1, 2]);
    assert.ok(tags >= 2, `${tags}`);
    assert.deepEqual([histogram.length, histogram.at(-1) + histogram.at(-2) + histogram.at(-3) > 0], [50, true]);
    const shown = session.tags(Uint32Array.of(5, 7, 99));
    assert.deepEqual(
        shown.map((/** @type {any[]} */ tags) => tags.map(({ id }) => id)),
        [[], ["espresso", "interior"], []],
    );
    const espresso = [...coffee.tags].findIndex((/** @type {number} */ tag) => tagIds[tag] === "espresso");
    assert.deepEqual(
        [shown[1][0].confidence, shown[1][0].score],
        [coffee.confidences[espresso], coffee.scores[espresso]],
    );
    assert.deepEqual(
        shown[1][0].parents.map((/** @type {any} */ { id }) => id),
        ["drink", "food"],
    );
    assert.deepEqual(Object.keys(shown[1][0]), [
        "id",
        "name",
        "category",
        "confidence",
        "score",
        "source",
        "from",
        "also_from",
        "parents",
        "count",
        "boxes",
    ]);

    session.apply({ ...POLICY, threshold: 0.001, deny: ["espresso"], language: "sv" });
    const swedish = session.tags(Uint32Array.of(3, 7));
    assert.ok(swedish[0].some((/** @type {any} */ { name }) => name === "trafikljus"));
    assert.ok(swedish[1].length >= 3 && swedish[1].every((/** @type {any} */ { id }) => id !== "espresso"));
    assert.equal(failureOf(() => session.apply({ ...POLICY, threshold: 2 })).code, "policy_invalid");
    assert.deepEqual(session.tags(Uint32Array.of(7)), [swedish[1]], "a policy that makes no sense changes nothing");

    session.remove(7);
    assert.equal(session.summary().pictures, 2);
    assert.deepEqual(session.tags(Uint32Array.of(7)), [[]]);
});

test("queries find by words, filters and order, and rules hold for all pictures, also for later ones", () => {
    const session = new sessionModule.Session(card, vocabulary);
    session.apply(POLICY);
    const coffee = tagger.tag(goldenBytes("coffee"), { limits });
    for (const [id, path] of ["b/10.jpg", "b/9.jpg", "a/1.jpg"].entries()) session.add(id, path, id);
    session.put(0, coffee);
    session.correct(2, { own: [{ id: "own:öland", name: "Öland", in_bulk: true }], rejected: [], reviewed: true });
    const find = (/** @type {object} */ query) => [
        ...session.find({ words: "", filters: [], without: [], sort: "added", ...query }),
    ];
    assert.deepEqual(find({ words: "kaffe espr" }), [0], "in any language");
    assert.deepEqual(find({ words: "öl" }), [2]);
    assert.deepEqual(find({ words: "b/" }), [0, 1]);
    assert.deepEqual(find({ sort: "name" }), [2, 1, 0]);
    assert.deepEqual(find({ sort: "newest" }), [2, 1, 0]);
    assert.deepEqual(find({ filters: [{ kind: "waiting" }] }), [1, 2]);
    assert.deepEqual(find({ without: [{ kind: "reviewed" }] }), [0, 1]);
    assert.deepEqual(find({ filters: [{ kind: "tag", id: "drink" }] }), [0]);
    const refused = () => session.find({ words: "", filters: [{ kind: "blurred" }], without: [], sort: "added" });
    assert.throws(refused, /blurred/);

    const espresso = { id: "espresso", name: "espresso" };
    session.setRules([{ tag: espresso, action: { kind: "merge", into: { id: "own:fika", name: "Fika" } } }]);
    session.put(1, coffee);
    const idsOf = (/** @type {number} */ id) =>
        session.tags(Uint32Array.of(id))[0].map((/** @type {any} */ tag) => tag.id);
    assert.deepEqual(
        [idsOf(0), idsOf(1)],
        [
            ["own:fika", "interior"],
            ["own:fika", "interior"],
        ],
    );
    assert.deepEqual(session.tagCounts("fi", 9), [{ id: "own:fika", name: "Fika", pictures: 2 }]);
    const bad = [{ tag: espresso, action: { kind: "rename", name: "" } }];
    assert.equal(failureOf(() => session.setRules(bad)).code, "tag_invalid");
    session.setRules([]);
    assert.deepEqual(idsOf(1), ["espresso", "interior"]);
});

test("reports of hostile paths are whole in JSON and JSON Lines, and harmless in CSV and as names of files", () => {
    const session = new sessionModule.Session(card, vocabulary);
    const paths = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\tx",
        "\rx",
        'a"b,c\r\nd',
        "<img src=x onerror=alert(1)>",
        "../../etc/passwd",
        "\u202Egpj.exe",
        "😀\u0000",
        "",
    ];
    const tagging = tagger.tag(goldenBytes("coffee"), { limits });
    paths.forEach((path, id) => {
        session.add(id, path, 0);
        if (id % 2) session.fail(id, "picture_empty", "=1+1 is not a picture.");
        else session.put(id, tagging);
    });
    const ids = Uint32Array.from(paths.keys()).reverse();
    const filesOf = (/** @type {string} */ format, options = {}, wanted = ids) => {
        const files = new Export(format, options);
        for (const id of wanted) files.add(session.reports(Uint32Array.of(id)));
        return files.finish();
    };
    const only = (/** @type {string} */ format) => {
        const [{ name, content }, ...more] = filesOf(format);
        assert.deepEqual([name, more.length], [`tagsmith.${format}`, 0]);
        return content;
    };
    const reports = only("jsonl")
        .trimEnd()
        .split("\n")
        .map((/** @type {string} */ line) => JSON.parse(line));
    assert.deepEqual(
        reports.map((/** @type {any} */ { path }) => path),
        [...paths].reverse(),
    );
    assert.deepEqual(JSON.parse(only("json")), reports);
    const [header, ...rows] = parseCsv(only("csv"));
    assert.equal(header?.length, 19);
    assert.deepEqual(
        rows.map(([path]) => path),
        [...paths].reverse().map((path) => (/^[=+\-@\t\r]/.test(path) ? `'${path}` : path)),
    );
    for (const row of rows) for (const cell of row) assert.doesNotMatch(cell, /^[=+\-@\t\r\n]/);
    const sidecars = filesOf("xmp");
    const wanted = ["😀_.xmp", "etc/passwd.xmp", "a_b,c__d.xmp", "_x.xmp", "-1.xmp", "=1+1.xmp"];
    assert.deepEqual(
        sidecars.map((/** @type {any} */ { name }) => name),
        wanted,
        "one for each tagged picture",
    );
    assert.ok(sidecars.every((/** @type {any} */ { content }) => content.includes("<rdf:li>espresso</rdf:li>")));
    const captions = { prefix: "sks", separator: " | ", parents: true };
    assert.deepEqual(filesOf("captions", { captions }, Uint32Array.of(6, 7)), [
        { name: "a_b,c__d.txt", content: "sks | espresso | drink | food\n", picture: 0 },
    ]);
    const [table] = filesOf("csv-excel", { language: "sv", table: { decimal_comma: true } });
    assert.match(table.content, /^\ufeff"Fil";"Mapp";/);
    const [sheet] = filesOf("xlsx");
    assert.deepEqual([...sheet.content.slice(0, 4)], [80, 75, 3, 4], "a ZIP");
    assert.throws(() => filesOf("xml"), /xml/);
    assert.throws(() => filesOf("captions", { captions: { suffix: "x" } }), /suffix/, "unknown fields are refused");
    assert.equal(failureOf(() => filesOf("captions", { captions: { separator: "x" } })).code, "export_invalid");
});

test("a picture that failed keeps the tags that a person gave, and pictures of one name are told before they are written", () => {
    const session = new sessionModule.Session(card, vocabulary);
    session.apply(POLICY);
    const tagging = tagger.tag(goldenBytes("coffee"), { limits });
    for (const [id, path] of ["same.jpg", "same.png", "raw.cr2"].entries()) session.add(id, path, 0);
    for (const id of [0, 1]) session.put(id, tagging);
    session.fail(2, "picture_format_unsupported", "Raw pictures are not read.");
    session.correct(2, { own: [{ id: "own:sotnos", name: "Sotnos" }], rejected: [] });
    const filled = (/** @type {object} */ options) => {
        const files = new Export("captions", options);
        files.add(session.reports(Uint32Array.of(0, 1, 2)));
        return files;
    };
    assert.deepEqual(filled({}).nameCollisions(), [["same.jpg", "same.png"]]);
    assert.equal(failureOf(() => filled({}).finish()).code, "export_names_collide");
    const wanted = [
        ["same.jpg.txt", "espresso, interior\n"],
        ["same.png.txt", "espresso, interior\n"],
        ["raw.txt", "Sotnos\n"],
    ];
    const files = filled({ names: "stem_or_full" }).finish();
    assert.deepEqual(
        files.map((/** @type {any} */ { name, content }) => [name, content]),
        wanted,
    );
});

test("every code has its words in every language", async () => {
    const codes = engine.errorCodes();
    assert.ok(codes.length >= 17 && new Set(codes).size === codes.length);
    for (const language of LANGUAGES) {
        for (const part of WORDS_PARTS) await loadWords(language, part);
        const standIn = errorWords(language, "no_such_code");
        for (const code of [
            ...codes,
            "engine_unsupported",
            "engine_unreachable",
            "worker_crashed",
            "local_model_off",
        ]) {
            const { title, remedy } = errorWords(language, code);
            assert.ok(title !== standIn.title || code === "inference_failed", `${code} has no words`);
            for (const words of [title, remedy]) assert.match(words, /^\p{Lu}.{8,}\.$/u, code);
        }
    }
});
