/** Own tags as files: examples out of another program's archive, and a tagger that goes out and comes in again. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { downloadZip } from "../../../www/node_modules/client-zip/index.js";
import { usePage, waitForIdle } from "../harness.mjs";
import { some } from "./drawn.mjs";
import { train } from "./own_page.mjs";

/** @typedef {import("../harness.mjs").Page} Page */

const site = usePage();
const N = 5;

/** As Teachable Machine 2.4.7 writes it. */
const MANIFEST =
    '{"type":"image","version":"2.4.7","appdata":{"publishResults":{},"trainEpochs":50,"trainBatchSize":16,"trainLearningRate":0.001}}';

/** @param {Record<string, Buffer | string>} files */
async function packed(files) {
    const all = Object.entries(files).map(([name, input]) => ({ name, input }));
    return Buffer.from(await downloadZip(all).arrayBuffer());
}

/** @param {"stripes" | "dots"} kind @param {string} name */
const classOf = (kind, name) => some(kind, N).map(({ buffer }, idx) => [`${name}-!-${idx}.png`, buffer]);

/** @param {Page} page @param {string} name @param {Buffer} buffer */
async function give(page, name, buffer) {
    await page.setInputFiles('[data-input="examples"]', { name, mimeType: "application/octet-stream", buffer });
    await page.waitForSelector("[data-examples-added]", { timeout: 60_000 });
    await waitForIdle(page);
}

test("a project of Teachable Machine is learnt from, and the tagger goes out and comes in again", async () => {
    const page = await site.open("?workers=1");
    await page.click('[data-menu="more"]');
    await page.click('[data-do="own-tags"]');
    await page.fill("#own-new", "Patterns");
    await page.click('[data-do="make-tagger"]');
    await page.waitForSelector("[data-tagger]");
    await give(page, "broken.zip", Buffer.from("PK no archive"));
    assert.equal(await page.getAttribute(".own-add .failure-box", "data-code"), "archive_invalid");
    const project = await packed({
        ...Object.fromEntries([...classOf("stripes", "our stripes"), ...classOf("dots", "our dots")]),
        "../away-!-0.png": "no picture",
        "manifest.json": MANIFEST,
    });
    await give(page, "project.tm", project);
    assert.equal(await page.getAttribute("[data-examples-added]", "data-examples-added"), String(2 * N));
    assert.equal(await page.locator('[data-left-out="unsafe_path"]').count(), 1);
    await page.waitForSelector("[data-own-tag]");
    const tags = await page.$$eval("[data-own-tag]", (all) => all.map((one) => one.getAttribute("data-own-tag")));
    assert.deepEqual(tags.sort(), ["own:our dots", "own:our stripes"]);

    await train(page, "From a project");
    const file = await saved(page, "save-version", /^Patterns-1\.tagger\.json$/);
    const { head, lights } = JSON.parse(file.toString());
    assert.deepEqual([head.name, head.title, head.tags.length], ["Patterns", "From a project", 2]);
    assert.ok(
        lights.some((/** @type {{guideline: string}} */ one) => one.guideline === "examples"),
        "what the guidelines said",
    );
    const onnx = await saved(page, "save-onnx", /^Patterns-1\.onnx$/);
    assert.ok(onnx.includes("own_tags/weights") && onnx.includes('["our '), "the head is in it");

    await page.click('[data-do="own-back"]');
    await waitForIdle(page);
    const other = JSON.stringify({
        ...JSON.parse(file.toString()),
        head: { ...head, backbone: { id: "other", version: "1" } },
    });
    await addFile(page, other);
    await page.waitForSelector('.failure-box[data-code="own_head_other_backbone"]');
    await addFile(page, JSON.stringify({ ...head, id: "elsewhere", name: "From elsewhere" }));
    await page.waitForSelector("[data-tagger]");
    await waitForIdle(page);
    assert.equal(await page.locator('[data-do="save-version"]').count(), 1, "it has a version");
    await page.close();
});

/** @param {Page} page @param {string} press @param {RegExp} name */
async function saved(page, press, name) {
    const saving = page.waitForEvent("download");
    await page.click(`[data-do="${press}"]`);
    const download = await saving;
    assert.match(download.suggestedFilename(), name);
    return readFile(await download.path());
}

/** @param {Page} page @param {string} text */
const addFile = (page, text) =>
    page.setInputFiles('[data-input="tagger-file"]', {
        ...{ name: "a.tagger.json", mimeType: "application/json" },
        buffer: Buffer.from(text),
    });
