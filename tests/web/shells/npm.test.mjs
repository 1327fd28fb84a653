/**
 * The npm package, packed and installed as its users have it, with the examples that they are given: without a bundler, with Vite, with
 * webpack and in node, it tags as the command line does.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { findings } from "../accessibility.mjs";
import { reportsOf, start } from "../command_line.mjs";
import { FIFTY, assertSameOfFifty } from "../fifty_pictures.mjs";
import { ROOT, goldenCases, usePage } from "../harness.mjs";
import { POLICY, TOLERANCES, assertSameReport } from "../same_reports.mjs";
import { APP, buildExamples, installPackage, ranInNode, serveApp, taggedByNode } from "./npm_app.mjs";

/** @typedef {import("../harness.mjs").Page} Page */

const GOLDEN = goldenCases().map(({ path }) => join(ROOT, "tests", path));
/** In a page without a bundler. */
const ROW = GOLDEN.slice(0, 3);
const FIELD = join(ROOT, "../shared/field/cases");
const IS_LONG = process.env["TAGSMITH_LONG"] === "1";

/** @type {string[]} */
let packed = [];
before(async () => {
    packed = await installPackage();
    await buildExamples();
});
const app = usePage({ start: serveApp });

/** The names of the tags that the command line gives. @param {string[]} paths @param {string[]} options */
const namesOf = async (paths, ...options) =>
    (await reportsOf(paths, ...options)).map(({ tags }) => tags.map((tag) => /** @type {any} */ (tag).name).join(", "));

/** @param {string} path @param {Page} page @param {string[]} paths */
const choose = (page, path, paths) => page.setInputFiles(path, paths);

test("the archive holds its licences and its types, and nothing that is not named", () => {
    const there = readdirSync(join(APP, "node_modules/tagsmith")).sort();
    assert.deepEqual(there, [...packed].sort());
    for (const name of ["LICENSE-MIT", "LICENSE-APACHE", "THIRD_PARTY_LICENCES.txt", "index.d.ts", "README.md"])
        assert.ok(there.includes(name), name);
});

test("without a bundler, under a strict policy, a row of pictures gets the command line's tags in their order", async () => {
    const page = await app.open("", { path: "no-bundler/index.html" });
    await page.waitForSelector("html[data-state=ready]");
    const notes = join(ROOT, "README.md");
    await choose(page, "input", [...ROW, notes]);
    await page.waitForSelector("ol[data-state=done]");
    const lines = await page.$$eval("li", (all) => all.map((one) => one.textContent ?? ""));
    assert.deepEqual(lines.slice(0, -1), await namesOf(ROW));
    assert.match(lines.at(-1) ?? "", /^README\.md: This file isn’t a supported picture\. Use JPEG/);
});

test("built by Vite it tags, and stops when it is told to", async () => {
    const page = await app.open("", { path: "vite/dist/index.html" });
    const said = () => page.textContent("output");
    await choose(page, "input", GOLDEN.slice(0, 1));
    await page.click("button");
    await page.waitForFunction(() => document.querySelector("output")?.textContent === "Stopped.");
    await choose(page, "input", GOLDEN.slice(3, 4));
    await page.waitForFunction(() => !/^(|…|Stopped\.)$/.test(document.querySelector("output")?.textContent ?? ""));
    const [names] = await namesOf(GOLDEN.slice(3, 4), "--threshold", "0.3");
    assert.equal(await said(), names);
});

test("built by webpack it tags what an <img> shows, says how far it is, and what is wrong with a picture", async () => {
    const page = await app.open("", { path: "webpack/index.html" });
    await choose(page, "input", GOLDEN.slice(0, 1));
    await page.waitForSelector("tr");
    const [expected] = await reportsOf(GOLDEN.slice(0, 1));
    const cells = await page.$$eval("tr", (rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));
    const wanted = /** @type {any[]} */ (expected?.tags ?? []).map(({ name, count }) => [name, String(count ?? "")]);
    assert.deepEqual(
        cells.map(([name, , count]) => [name, count]),
        wanted,
    );
    assert.ok(
        cells.some(([, , count, boxes]) => Number(count) > 0 && /^[\d.]+( [\d.]+){3}/.test(boxes ?? "")),
        "objects have places",
    );
    assert.equal(await page.$eval("progress", ({ value }) => value), 1);
});

test("a model in memory takes what a page has as it is, and what is wrong is an error with the page's code and sentence", async () => {
    const page = await app.open("", { path: "no-bundler/element.html" });
    app.watch.allow(/nowhere\.jpg|absent\/model\.json/);
    const found = await page.evaluate(tryInPage, "../node_modules/tagsmith/");
    assert.deepEqual(found.failures, {
        "an option of others": ["policy_invalid", true],
        "a threshold of 3": ["policy_invalid", true],
        "a threshold as text": ["policy_invalid", true],
        "a language that the model has no names in": ["policy_invalid", true],
        "no picture": ["file_unreadable", true],
        "an empty file": ["picture_empty", true],
        "an address without a file": ["file_unreadable", true],
        "what is no address": ["file_unreadable", true],
        "a list that is none": ["file_unreadable", true],
        "a language that is no word": ["policy_invalid", true],
        "a picture that is aborted": ["AbortError", false],
        "a picture that is aborted with a string": ["AbortError", false],
        "a loading that is aborted": ["AbortError", false],
        "a model that is not there": ["engine_unreachable", true],
        "a model with another card": ["card_invalid", true],
        "a model that is none": ["model_invalid", true],
        "a tagger that is closed": ["local_model_off", true],
    });
    assert.match(
        found.sentence,
        /^De här inställningarna är ogiltiga\. .+ Detaljer: threshold is not a number from 0 to 1: 3\.$/,
    );
    assert.deepEqual(found.painted, { blob: true, buffer: true, canvas: true, data: true, bitmap: true });
});

/** Runs in the page. @param {string} folder */
async function tryInPage(folder) {
    const { Tagger, TaggerError } = await import(new URL(`${folder}index.js`, document.baseURI).href);
    const file = async (/** @type {string} */ name) => (await fetch(new URL(folder + name, document.baseURI))).blob();
    const files = {
        card: await file("model.json"),
        vocabulary: await file("vocabulary.json"),
        model: await file("model.onnx"),
    };
    const card = JSON.parse(await files.card.text());
    for (const name of ["heads", "detectors", "second_look"]) delete card[name];
    const tagger = await Tagger.create({ workers: 1, model: { ...files, card } });
    /** @type {Record<string, [string, boolean]>} */
    const failures = {};
    let sentence = "";
    /** @param {string} name @param {() => Promise<unknown>} act */
    const fails = async (name, act) => {
        try {
            await act();
            failures[name] = ["nothing", false];
        } catch (error) {
            const { code, name: kind, message } = /** @type {any} */ (error);
            failures[name] = [typeof code === "string" ? code : kind, error instanceof TaggerError];
            if (name === "a threshold of 3") sentence = message;
        }
    };
    const canvas = new OffscreenCanvas(64, 64);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.fillStyle = "#7a5";
    context.fillRect(0, 0, 64, 40);
    const blob = await canvas.convertToBlob();
    await fails("an option of others", () => tagger.tag(blob, { scoreThreshold: 0.5 }));
    await fails("a threshold of 3", () => tagger.tag(blob, { threshold: 3, language: "sv" }));
    await fails("a threshold as text", () => Tagger.create({ threshold: "0.5" }));
    await fails("a language that the model has no names in", () => tagger.tag(blob, { language: "tlh" }));
    await fails("no picture", () => tagger.tag(42));
    await fails("an empty file", () => tagger.tag(new Blob([])));
    await fails("an address without a file", () => tagger.tag("nowhere.jpg"));
    await fails("what is no address", () => tagger.tag("http://["));
    await fails("a list that is none", () => tagger.tagAll(42).next());
    await fails("a language that is no word", () => tagger.tag(blob, { language: 5 }));
    await fails("a picture that is aborted", () => tagger.tag(blob, { signal: AbortSignal.abort() }));
    await fails("a picture that is aborted with a string", () =>
        tagger.tag(blob, { signal: AbortSignal.abort("enough") }),
    );
    await fails("a loading that is aborted", () => Tagger.create({ signal: AbortSignal.abort() }));
    await fails("a model that is not there", () => Tagger.create({ model: "absent" }));
    await fails("a model with another card", () => Tagger.create({ model: { ...files, card: "{}" } }));
    await fails("a model that is none", () => Tagger.create({ model: { ...files, model: "text" } }));
    const hash = async (/** @type {unknown} */ picture) => (await tagger.tag(picture)).width === 64;
    const painted = {
        blob: await hash(blob),
        buffer: await hash(await blob.arrayBuffer()),
        canvas: await hash(canvas),
        data: await hash(context.getImageData(0, 0, 64, 64)),
        bitmap: await hash(await createImageBitmap(canvas)),
    };
    tagger.close();
    await fails("a tagger that is closed", () => tagger.tag(blob));
    return { failures, sentence, painted };
}

test("in node it writes the command line's reports, also of what cannot be read, and ends by itself", async () => {
    const fields =
        IS_LONG && existsSync(FIELD)
            ? readdirSync(FIELD)
                  .sort()
                  .slice(0, 50)
                  .map((name) => join(FIELD, name))
            : [];
    const paths = [...FIFTY.map(({ path }) => path), ...fields];
    const found = await taggedByNode([...paths, "absent.jpg"]);
    assert.equal(found.pop().error.code, "file_unreadable");
    await assertSameOfFifty("npm in node", found.slice(0, FIFTY.length), TOLERANCES.relaxed);
    assert.deepEqual(
        found.map(({ path }) => path),
        paths,
    );
    if (fields.length > 0) {
        const { stdout } = await start(["tag", "--format", "jsonl", ...fields]).ended; // what fails is told of in its line, and by the exit code
        const lines = stdout.trimEnd().split("\n");
        lines
            .map((line) => JSON.parse(line))
            .forEach((theirs, idx) => {
                const ours = found[FIFTY.length + idx];
                assert.deepEqual(ours.error?.code, theirs.error?.code, theirs.path);
                if (!theirs.error) assertSameReport(ours, theirs, POLICY, TOLERANCES.relaxed);
            });
    }
    const model = JSON.stringify(pathToFileURL(join(ROOT, "models/efficientnet-lite0")).href);
    const program = `
        import { Tagger } from "tagsmith";
        const tagger = await Tagger.create({ workers: 1, model: ${model} });
        const { tags } = await tagger.tag(${JSON.stringify(GOLDEN[7])}, { language: "sv" });
        console.log(tags.map(({ name }) => name).join(", "));`;
    const [names] = await namesOf(GOLDEN.slice(7, 8), "--lang", "sv");
    assert.equal((await ranInNode(program)).trim(), names, "a model by its folder; and nobody closes it");
});

test("its types hold for a program that uses them", () => {
    const program = `
import { Tagger, TaggerError, type Report } from "tagsmith";
import { ImageTagger } from "tagsmith/element";
const tagger = await Tagger.create({ workers: 2, threshold: 0.3, onProgress: ({ loaded }) => void loaded.toFixed() });
const report: Report = await tagger.tag(new Blob([]), { signal: AbortSignal.timeout(5), allow: ["category:animal"] });
for await (const { input, report, error } of tagger.tagAll(["a.jpg"])) {
    if (error) { const { code, remedy }: TaggerError = error; console.log(code, remedy, input.length); }
    else console.log(report.tags[0]?.boxes?.[0]?.[3]);
}
try { tagger.close(); } catch (error) { if (error instanceof TaggerError) console.log(error.code); }
const element: ImageTagger | null = document.querySelector("image-tagger");
element?.value.join();
// @ts-expect-error: the name is another
await tagger.tag("a.jpg", { scoreThreshold: 0.5 });
console.log(report.width);
`;
    writeFileSync(join(APP, "uses.ts"), program);
    const options = { strict: true, noEmit: true, module: "ESNext", moduleResolution: "bundler", target: "ES2023" };
    const compilerOptions = { ...options, lib: ["ES2023", "DOM", "DOM.AsyncIterable"], types: [] };
    writeFileSync(join(APP, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["uses.ts"] }));
    const tsc = join(ROOT, "www/node_modules/typescript/bin/tsc");
    const { stdout } = spawnSync(process.execPath, [tsc, "-p", APP], { encoding: "utf8" });
    assert.equal(stdout, "");
});

test("the element fetches nothing before its first picture, is a control of its form, and is restored with it", async () => {
    /** @type {string[]} */
    const asked = [];
    const page = await app.open("", {
        path: "no-bundler/element.html",
        prepare: (page) => page.on("request", (request) => void asked.push(new URL(request.url()).pathname)),
    });
    await page.waitForSelector("image-tagger >> button");
    const scripts = asked.filter((path) => path.includes("/tagsmith/"));
    assert.deepEqual(scripts, ["/node_modules/tagsmith/element.js"]);
    assert.ok(statSync(join(APP, String(scripts[0]))).size <= 60_000);
    assert.deepEqual(await findings(page), []);
    assert.equal(await isValid(page), "valueMissing");
    await page.click("text=Save");
    assert.ok(!page.url().includes("?"), "a form that lacks its tags is not sent");

    await page.evaluate(() => {
        /** @type {string[]} */
        const told = [];
        Object.assign(globalThis, { told });
        for (const name of ["progress", "input", "change", "error"])
            document.querySelector("image-tagger")?.addEventListener(name, (event) => {
                const { error } = /** @type {any} */ (event);
                if (told.at(-1) !== name) told.push(error ? `${name} ${error.code}` : name);
            });
    });
    await page.evaluate(() => document.querySelector("image-tagger")?.setAttribute("threshold", "0.2"));
    await page.setInputFiles("image-tagger >> input", GOLDEN.slice(7, 8));
    assert.equal(await isValid(page), "customError", "not before the picture has its tags");
    await page.waitForSelector("image-tagger >> li");
    const [expected] = await reportsOf(GOLDEN.slice(7, 8), "--max-tags", "5", "--threshold", "0.2");
    const ids = expected?.tags.map(({ id }) => id) ?? [];
    assert.ok(ids.length > 1, ids.join());
    assert.deepEqual(await sent(page), ids);
    assert.deepEqual(await page.evaluate("told"), ["progress", "input", "change"]);
    assert.deepEqual(await findings(page), []);
    assert.match(await statusOf(page), /^\d tags\.$/);

    await page.focus("image-tagger >> .remove");
    await page.keyboard.press("Enter");
    assert.deepEqual(await sent(page), ids.slice(1));
    assert.match(await statusOf(page), / removed\. \d tags?\.$/);
    const focused = () =>
        page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.closest("li")?.getAttribute("data-tag"));
    assert.equal(await focused(), ids[1], "the next one has the focus");

    await page.evaluate(() => document.querySelector("fieldset")?.toggleAttribute("disabled"));
    assert.deepEqual(await sent(page), []);
    assert.ok(await page.isDisabled("image-tagger >> .choose"));
    await page.evaluate(() => document.querySelector("fieldset")?.toggleAttribute("disabled"));

    await page.click("text=Save");
    await page.waitForURL(/\?/);
    assert.deepEqual(new URL(page.url()).searchParams.getAll("tag"), ids.slice(1));
    await page.goBack();
    await page.waitForSelector("image-tagger >> li");
    assert.deepEqual(await sent(page), ids.slice(1), "restored with the form");
    await page.click("text=Start again");
    assert.deepEqual(await sent(page), []);
    assert.equal(await isValid(page), "valueMissing");

    await page.evaluate(() => {
        document.documentElement.lang = "sv";
        document.querySelector("image-tagger")?.addEventListener("error", (event) => {
            /** @type {any} */ (globalThis).code = /** @type {any} */ (event).error.code;
        });
    });
    await page.locator("image-tagger >> .drop").evaluate((zone) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File(["no picture"], "notes.txt"));
        zone.dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
    });
    await page.waitForSelector('image-tagger >> [data-code="picture_format_unknown"]');
    assert.equal(await page.evaluate("code"), "picture_format_unknown");
    const alert = (await page.textContent("image-tagger >> [role=alert]")) ?? "";
    assert.match(alert, /^\s*Filen är inte en bild som stöds\. Använd JPEG/);
    assert.equal(await isValid(page), "customError");
    assert.deepEqual(await findings(page), []);
});

/** What the form would send. @param {Page} page */
const sent = (page) => page.evaluate(() => new FormData(document.forms[0]).getAll("tag"));

/** @param {Page} page */
const statusOf = async (page) => ((await page.textContent("image-tagger >> [role=status]")) ?? "").trim();

/** Why not, or "valid". @param {Page} page */
const isValid = (page) =>
    page.evaluate(() => {
        const { validity } = /** @type {HTMLInputElement} */ (document.querySelector("image-tagger"));
        for (const why of /** @type {const} */ (["valueMissing", "customError"])) if (validity[why]) return why;
        return "valid";
    });
