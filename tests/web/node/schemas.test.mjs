/**
 * The JSON Schemas in docs/formats: our own files hold to them, and one defect is enough to be refused, by the schema as by the parser.
 * Reports come from the command line, which `TAGSMITH_CLI` names.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
    copyFileSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readFileSync,
    readdirSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const FORMATS = join(ROOT, "docs/formats");
const CLI = resolve(ROOT, process.env["TAGSMITH_CLI"] ?? "target/debug/tagsmith");

/** @param {string} path @returns {any} */
const readJson = (path) => JSON.parse(readFileSync(resolve(ROOT, path), "utf8"));

const names = readdirSync(FORMATS)
    .filter((file) => file.endsWith(".schema.json"))
    .map((file) => file.slice(0, -".schema.json".length));
const schemas = Object.fromEntries(names.map((name) => [name, readJson(join(FORMATS, `${name}.schema.json`))]));
const { default: Ajv } = createRequire(join(ROOT, "www/package.json"))("ajv/dist/2020.js");
const ajv = new Ajv({ strict: true, allowUnionTypes: true });
ajv.addSchema(Object.values(schemas));

/** What is wrong, as "path keyword"; empty if nothing is. @param {string} name @param {unknown} value @returns {string[]} */
function errorsOf(name, value) {
    const validate = ajv.getSchema(`${name}.schema.json`);
    if (validate(value)) return [];
    return validate.errors.map(
        (/** @type {{instancePath: string, keyword: string}} */ error) => `${error.instancePath} ${error.keyword}`,
    );
}

/** Files at any depth below `folder` that are called `name`. @param {string} folder @param {RegExp} name @returns {string[]} */
const filesBelow = (folder, name) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
        .filter((path) => name.test(`/${path}`))
        .map((path) => join(folder, path))
        .sort();

/** Two reports: of a picture, with everything that can be asked for, and of a file that is none. @returns {any[]} */
function makeReports() {
    assert.ok(existsSync(CLI), `There is no ${CLI}. Build it first, or name it in TAGSMITH_CLI.`);
    const pictures = ["tests/cases/chelsea/picture.jpg", "tests/fixtures/pictures/bad/text.jpg"];
    const args = ["tag", "--format", "jsonl", "--all-scores", "--embedding", "--candidates", ...pictures];
    const { status, stdout, stderr } = spawnSync(CLI, args, { cwd: ROOT, encoding: "utf8", maxBuffer: 1 << 26 });
    assert.equal(status, 1, stderr); // one of the two could not be tagged
    return stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
}

const isDetector = (/** @type {string} */ path) => readJson(path).kind === "detector";
const modelCards = [
    ...filesBelow("models", /\/model\.json$/),
    ...filesBelow("tests/fixtures/models", /\/model\.json$/),
];
const reports = makeReports();

/** The example of the page that describes a format. @param {string} name */
function documented(name) {
    const page = readFileSync(join(FORMATS, `${name}.md`), "utf8");
    return JSON.parse(/```json\n([^`]*)```/.exec(page)?.[1] ?? assert.fail(`${name}.md has no example`));
}

/** Our own files by schema. @type {Record<string, {name: string, value: any}[]>} */
const filesOf = {
    card: modelCards.filter((path) => !isDetector(path)).map((name) => ({ name, value: readJson(name) })),
    "detector-card": modelCards.filter(isDetector).map((name) => ({ name, value: readJson(name) })),
    head: filesBelow("models", /\/heads\/[^/]+\.json$/).map((name) => ({ name, value: readJson(name) })),
    "own-head": [{ name: "own tags", value: readJson("tests/fixtures/own_tags/head.json") }],
    vocabulary: [
        ...filesBelow("models", /\/vocabulary\.json$/),
        ...filesBelow("tests/fixtures/models", /\/vocabulary\.json$/),
    ].map((name) => ({
        name,
        value: readJson(name),
    })),
    catalog: [{ name: "models/catalog.json", value: readJson("models/catalog.json") }],
    report: reports.map((value) => ({ name: value.path, value })),
    rules: [{ name: "docs/formats/rules.md", value: documented("rules") }],
    words: [{ name: "docs/formats/words.md", value: documented("words") }],
    "training-report": filesBelow("tests/fixtures/own_tags", /\/report\.json$/).map((name) => ({
        name,
        value: readJson(name),
    })),
};

test("every schema is tested, and every object in it is closed", () => {
    assert.deepEqual(Object.keys(filesOf).sort(), [...names].sort());
    let nObjects = 0;
    /** @param {any} schema @param {string} at */
    const walk = (schema, at) => {
        if (typeof schema !== "object" || schema === null) return;
        if (schema.type === "object") {
            // A map from ids says what its values are instead.
            const isMap = !schema.properties && typeof schema.additionalProperties?.type === "string";
            assert.ok(isMap || schema.additionalProperties === false, at);
            nObjects++;
        }
        for (const [key, value] of Object.entries(schema)) walk(value, `${at}/${key}`);
    };
    for (const name of names) walk(schemas[name], name);
    assert.ok(nObjects >= 30, `${nObjects} objects`);
});

for (const [schema, files] of Object.entries(filesOf)) {
    test(`our own files hold to the schema of ${schema}`, () => {
        assert.ok(files.length > 0);
        for (const { name, value } of files) assert.deepEqual(errorsOf(schema, value), [], name);
    });
}

test("the reports have everything that can be asked for", () => {
    const [tagged, failed] = reports;
    for (const field of ["tags", "scores", "embedding", "candidates"]) assert.ok(tagged[field].length > 0, field);
    assert.equal(failed.error.code, "picture_format_unknown");
});

test("a report has the tags of providers and the texts that its page describes", () => {
    const [tagged, failed] = reports.map((report) => structuredClone(report));
    const texts = { title: "A cat", description: "On a sofa.\nIt is late.", alt_text: "A cat on a sofa" };
    Object.assign(tagged, texts);
    Object.assign(failed, texts);
    const cloud = { ...tagged.tags[0], id: "own:sofa", score: null, source: "cloud", from: "provider:google" };
    tagged.tags.push({ ...cloud, also_from: ["head:shop", "provider:ollama"] });
    failed.tags = [cloud];
    assert.deepEqual([errorsOf("report", tagged), errorsOf("report", failed)], [[], []]);
    tagged.tags.at(-1).also_from = [];
    assert.notDeepEqual(errorsOf("report", tagged), []);
    failed.title = "";
    assert.notDeepEqual(errorsOf("report", failed), []);
});

/** @typedef {{what: string, break: (value: any) => void, error: string}} Defect one defect in a valid file, and how it is refused */

/** @type {Record<string, Defect[]>} */
const DEFECTS = {
    "training-report": [
        { what: "another schema", break: (report) => (report.schema = 2), error: "/schema const" },
        { what: "no status", break: (report) => delete report.tags[0].status, error: "/tags/0 required" },
        {
            what: "a recall of 2",
            break: (report) => (report.tags[0].recall.high = 2),
            error: "/tags/0/recall/high maximum",
        },
        {
            what: "an unknown field",
            break: (report) => (report.pairs[0].as = 1),
            error: "/pairs/0 additionalProperties",
        },
    ],
    card: [
        { what: "an unknown field", break: (card) => (card.input.gamma = 2.2), error: "/input additionalProperties" },
        { what: "no activation", break: (card) => delete card.activation, error: " required" },
        {
            what: "an input that is too large",
            break: (card) => (card.input.width = 2049),
            error: "/input/width maximum",
        },
        { what: "a deviation of 0", break: (card) => (card.input.std[1] = 0), error: "/input/std/1 exclusiveMinimum" },
        {
            what: "a hash in capitals",
            break: (card) => (card.model.sha256 = "A".repeat(64)),
            error: "/model/sha256 pattern",
        },
        {
            what: "a file in another folder",
            break: (card) => (card.model.file = "../model.onnx"),
            error: "/model/file pattern",
        },
        {
            what: "a negative slope",
            break: (card) => (card.calibration.slope = -1),
            error: "/calibration/slope exclusiveMinimum",
        },
        { what: "a detector's kind", break: (card) => (card.kind = "detector"), error: "/kind const" },
    ],
    "detector-card": [
        { what: "an unknown field", break: (card) => (card.anchors.scale = 1), error: "/anchors additionalProperties" },
        { what: "no tags", break: (card) => delete card.tags, error: " required" },
        { what: "faces and objects", break: (card) => (card.classes = ["cat"]), error: " oneOf" },
        {
            what: "no classes",
            break: (card) => {
                delete card.tags;
                card.classes = [];
            },
            error: "/classes minItems",
        },
        { what: "an overlap of 130 %", break: (card) => (card.overlap = 1.3), error: "/overlap maximum" },
        { what: "no strides", break: (card) => (card.anchors.strides = []), error: "/anchors/strides minItems" },
        { what: "a group of nobody", break: (card) => (card.tags.group.faces = 0), error: "/tags/group/faces minimum" },
    ],
    head: [
        {
            what: "an unknown field",
            break: (head) => (head.tags[0].name = "flower"),
            error: "/tags/0 additionalProperties",
        },
        { what: "no backbone", break: (head) => delete head.backbone, error: " required" },
        {
            what: "weights that are not base64",
            break: (head) => (head.weights = "#0.5 0.25"),
            error: "/weights pattern",
        },
        { what: "no features", break: (head) => (head.n_features = 0), error: "/n_features minimum" },
        { what: "another schema", break: (head) => (head.schema = 2), error: "/schema const" },
    ],
    "own-head": [
        {
            what: "an unknown field",
            break: (head) => (head.tags[0].name = "sandal"),
            error: "/tags/0 additionalProperties",
        },
        { what: "no network", break: (head) => delete head.backbone, error: " required" },
        {
            what: "a slope that falls",
            break: (head) => (head.tags[0].slope = -1),
            error: "/tags/0/slope exclusiveMinimum",
        },
        {
            what: "a threshold above 1",
            break: (head) => (head.tags[0].threshold = 1.5),
            error: "/tags/0/threshold maximum",
        },
        { what: "the schema of a bundled head", break: (head) => (head.schema = 1), error: "/schema const" },
    ],
    vocabulary: [
        {
            what: "an unknown field",
            break: (vocabulary) => (vocabulary.tags[0].parent = "animal"),
            error: "/tags/0 additionalProperties",
        },
        {
            what: "no English name",
            break: (vocabulary) => delete vocabulary.tags[0].names.en,
            error: "/tags/0/names required",
        },
        {
            what: "a name of spaces",
            break: (vocabulary) => (vocabulary.tags[0].names.en = "  "),
            error: "/tags/0/names/en pattern",
        },
        {
            what: "an id with a colon",
            break: (vocabulary) => (vocabulary.tags[0].id = "own:cat"),
            error: "/tags/0/id pattern",
        },
        { what: "no classes", break: (vocabulary) => (vocabulary.classes = []), error: "/classes minItems" },
    ],
    catalog: [
        {
            what: "an unknown field",
            break: (catalog) => (catalog.models[0].mirror = "x"),
            error: "/models/0 additionalProperties",
        },
        { what: "no licence", break: (catalog) => delete catalog.models[0].licence, error: "/models/0 required" },
        {
            what: "an accuracy in per cent",
            break: (catalog) => (catalog.models[0].top1 = 69.5),
            error: "/models/0/top1 maximum",
        },
        {
            what: "an address of another kind",
            break: (catalog) => (catalog.models[0].url = "ftp://host.test/m"),
            error: "/models/0/url pattern",
        },
        {
            what: "a password in an address",
            break: (catalog) => (catalog.models[0].url = "https://me:pw@host.test/m"),
            error: "/models/0/url pattern",
        },
        {
            what: "a card that is not one",
            break: (catalog) => (catalog.models[0].card.schema = 2),
            error: "/models/0/card/schema const",
        },
    ],
    report: [
        {
            what: "an unknown field",
            break: (report) => (report.tags[0].label = "cat"),
            error: "/tags/0 additionalProperties",
        },
        { what: "no hash", break: (report) => delete report.sha256, error: " required" },
        {
            what: "a confidence above 1",
            break: (report) => (report.tags[0].confidence = 1.01),
            error: "/tags/0/confidence maximum",
        },
        {
            what: "an unknown source",
            break: (report) => (report.tags[0].source = "guess"),
            error: "/tags/0/source enum",
        },
        {
            what: "an unknown component",
            break: (report) => (report.candidates[0].from = "part:x"),
            error: "/candidates/0/from pattern",
        },
        { what: "a picture without pixels", break: (report) => (report.width = 0), error: "/width minimum" },
        {
            what: "tags and an error",
            break: (report) => (report.error = { code: "x", detail: "y" }),
            error: " additionalProperties",
        },
    ],
};

DEFECTS["words"] = [
    { what: "a list without words", break: (list) => (list.words = []), error: "/words minItems" },
    { what: "an id of a model", break: (list) => (list.words[0].id = "dog"), error: "/words/0/id pattern" },
    { what: "an empty name", break: (list) => (list.words[0].name = " "), error: "/words/0/name pattern" },
    {
        what: "a language that is none",
        break: (list) => (list.words[1].names["<sv>"] = "a"),
        error: "/words/1/names propertyNames",
    },
    { what: "a rule about nothing", break: (list) => delete list.rules[0].tag, error: "/rules/0 required" },
];

DEFECTS["rules"] = [
    { what: "a rule without a tag", break: (rules) => delete rules[0].tag, error: "/0 required" },
    { what: "an empty name", break: (rules) => (rules[0].action.name = ""), error: "/0/action/name minLength" },
    { what: "an unknown kind", break: (rules) => (rules[1].action.kind = "burn"), error: "/1/action oneOf" },
    { what: "a merge into a bare id", break: (rules) => (rules[1].action.into = "cat"), error: "/1/action/into type" },
];

/** Where the files of the bundled model set lie, by the schema they hold to. @type {Record<string, string>} */
const PLACES = {
    card: "efficientnet-lite0/model.json",
    vocabulary: "efficientnet-lite0/vocabulary.json",
    head: "efficientnet-lite0/heads/general.json",
    "detector-card": "blazeface-short/model.json",
};

/**
 * Has the command line load the bundled model set with one file in place of ours, and the card made to fit it.
 * @param {string} schema @param {any} value
 */
function load(schema, value) {
    const folder = mkdtempSync(join(tmpdir(), "tagsmith-schemas-"));
    try {
        const files = Object.entries(PLACES).map(([name, place]) => [
            place,
            name === schema ? value : readJson(join("models", place)),
        ]);
        const set = Object.fromEntries(files);
        const card = set[PLACES["card"] ?? ""];
        const hashOf = (/** @type {string} */ name) =>
            createHash("sha256")
                .update(JSON.stringify(set[PLACES[name] ?? ""]))
                .digest("hex");
        if (schema !== "card") {
            card.vocabulary.sha256 = hashOf("vocabulary");
            card.heads[0].sha256 = hashOf("head");
            card.detectors[0].sha256 = hashOf("detector-card");
        }
        for (const [place, json] of Object.entries(set)) {
            mkdirSync(dirname(join(folder, place)), { recursive: true });
            writeFileSync(join(folder, place), JSON.stringify(json));
        }
        for (const place of ["efficientnet-lite0/model.onnx", "blazeface-short/model.onnx"])
            copyFileSync(join(ROOT, "models", place), join(folder, place));
        const picture = join(ROOT, "tests/fixtures/pictures/good/one_pixel.png");
        const { status, stderr } = spawnSync(CLI, ["tag", "--model", join(folder, "efficientnet-lite0"), picture], {
            encoding: "utf8",
        });
        return { status, stderr };
    } finally {
        rmSync(folder, { recursive: true });
    }
}

test("the model set loads as long as nothing in it is broken", () => {
    const { status, stderr } = load("head", readJson(join("models", PLACES["head"] ?? "")));
    assert.equal(status, 0, stderr);
});

for (const schema of Object.keys(PLACES)) {
    test(`the parser refuses what the schema of ${schema} refuses`, () => {
        for (const defect of DEFECTS[schema] ?? assert.fail(schema)) {
            const value = readJson(join("models", PLACES[schema] ?? ""));
            defect.break(value);
            const { status, stderr } = load(schema, value);
            assert.equal(status, 2, `${defect.what}: it was loaded`);
            assert.doesNotMatch(stderr, /SHA-256/, `${defect.what}: refused for another reason`);
        }
    });
}

for (const [schema, defects] of Object.entries(DEFECTS)) {
    for (const defect of defects) {
        test(`the schema of ${schema} refuses ${defect.what}`, () => {
            const [first] = filesOf[schema] ?? [];
            const value = structuredClone((first ?? assert.fail(schema)).value);
            defect.break(value);
            assert.ok(
                errorsOf(schema, value).includes(defect.error),
                `expected "${defect.error}", found: ${errorsOf(schema, value).join(", ") || "nothing"}`,
            );
        });
    }
}

test("every schema has at least three defects to refuse", () => {
    for (const name of names) assert.ok((DEFECTS[name]?.length ?? 0) >= 3, name);
});
