/** Models that people bring: whole ones, and those of which there is nothing but a list of labels. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { wrongInAnyLook } from "./accessibility.mjs";
import {
    addFiles,
    cards,
    exportReports,
    file,
    usePage,
    waitForIdle,
    waitUntilDone,
    waitUntilReady,
} from "./harness.mjs";
import { fixture, likePainted } from "./model_host.mjs";
import { painted } from "./painted.mjs";

import { removeAll } from "./rest.mjs";

/** @typedef {import("./harness.mjs").Page} Page */
/** @typedef {import("./harness.mjs").NamedFile} NamedFile */

const site = usePage({ model: "painted" });
const LABELS = ["hound", "terrier", "poodle", "tabby", "sparrow", "saloon", "estate", "racer", "pippin", "widget"];

/** @param {string} name @param {string | Buffer} content @returns {NamedFile} */
const named = (name, content) => ({ name, mimeType: "", buffer: Buffer.from(content) });
const labelsFile = (/** @type {string[]} */ labels, name = "labels.txt") => named(name, labels.join("\n"));

/** @param {string} query */
async function visit(query = "") {
    const page = await site.open(query, { viewport: { width: 1440, height: 1400 } });
    await waitUntilReady(page);
    return page;
}

/** Drops files on the window, as a hand does. @param {Page} page @param {NamedFile[]} files */
async function drop(page, files) {
    const carried = await page.evaluateHandle(
        (files) => {
            const transfer = new DataTransfer();
            for (const { name, bytes } of files) {
                transfer.items.add(new File([Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))], name));
            }
            return transfer;
        },
        files.map(({ name, buffer }) => ({ name, bytes: buffer.toString("base64") })),
    );
    await page.dispatchEvent("body", "drop", { dataTransfer: carried });
}

/** @param {Page} page @param {string} state */
const waitForForm = (page, state = "asking") => page.waitForSelector(`.model-form[data-own="${state}"]`);

/** What is wrong, where it is said. @param {Page} page @param {string} [within] */
async function failure(page, within = ".model-form") {
    const failed = page.locator(`${within} .model-failure`);
    await failed.waitFor();
    return {
        code: await failed.getAttribute("data-code"),
        words: ((await failed.textContent()) ?? "").replace(/\s+/g, " ").trim(),
    };
}

const inTurn = site.inTurn(visit);

/** The page without a picture or a form that was begun, for tests that keep no model. */
async function visited() {
    const page = await inTurn();
    const back = page.locator('[data-do="own-back"]');
    if (await back.isVisible()) await back.click();
    await removeAll(page);
    return page;
}

test("a model dropped with card and vocabulary is tried out, kept and used, and the pictures in the same drop are tagged with it", async () => {
    const page = await visit();
    const { model, card, vocabulary } = fixture("float32");
    await drop(page, [
        named("model.onnx", model),
        named("model.json", JSON.stringify(card)),
        named("vocabulary.json", vocabulary),
        painted("one.jpg", "cup"),
    ]);
    await page.waitForSelector('[data-model="float32"][data-state="used"]');
    await page.click('[data-do="close-dialog"]');
    await waitUntilDone(page);
    assert.deepEqual(
        (await exportReports(page)).map(({ path, model }) => [path, model.id]),
        [["one.jpg", "float32"]],
    );
    await waitForIdle(page);
    await page.reload();
    await waitUntilReady(page);
    assert.match((await page.getAttribute("html", "data-model-name")) ?? "", /float32/);
});

test("with nothing but labels a form asks for the rest, tries it on a picture, and what it makes is used and found again", async () => {
    const page = await visit();
    await addFiles(page, [file("cases/coffee/picture.jpg", "one.jpg")]);
    await waitUntilDone(page);
    await drop(page, [named("my network.onnx", fixture("dynamic_batch").model)]);
    await waitForForm(page);
    assert.match((await page.textContent(".model-field.is-labels")) ?? "", /The model has 10 classes\./);
    assert.equal(await page.inputValue("#own_name"), "my network");
    assert.deepEqual(
        await page.$$eval(".model-numbers input", (all) =>
            all.map((input) => [/** @type {HTMLInputElement} */ (input).value, input.hasAttribute("readonly")]),
        ),
        [
            ["32", true],
            ["32", true],
        ],
    );
    await page.click('[data-do="own-keep"]');
    assert.deepEqual(await failure(page, ".is-labels"), {
        code: "labels_missing",
        words: "The labels are missing. Choose the list of classes that the model was trained with.",
    });

    await page.setInputFiles('[data-input="labels"]', labelsFile(LABELS));
    await page.waitForSelector('[data-labels="10"]');
    assert.match((await page.textContent(".is-labels")) ?? "", /labels\.txt: 10 labels, hound to widget/);
    await page.fill("#own_name", "Våra hundar");
    await page.selectOption("#own_normalisation", "minus_one_to_one");
    await page.selectOption("#own_fit", "squash");
    await page.fill("#own_threshold", "5");
    await page.click('[data-do="own-try"]');
    await page.waitForSelector("[data-tried]");
    assert.match((await page.textContent("[data-tried] h4")) ?? "", /one\.jpg/);
    const tried = await page.$$eval("[data-tried] li", (all) =>
        all.map((one) => [one.querySelector("span")?.textContent, Number(one.getAttribute("data-score"))]),
    );
    assert.ok(
        tried.length === 5 && tried.every(([name, score]) => LABELS.includes(String(name)) && Number(score) > 0),
        JSON.stringify(tried),
    );
    assert.deepEqual(
        await page.evaluate(async () => (await (await caches.open("tagsmith-models")).keys()).length),
        0,
        "nothing is kept yet",
    );

    await page.click('[data-do="own-keep"]');
    await page.waitForSelector('[data-model^="own-"][data-state="used"]');
    await page.click('[data-do="close-dialog"]');
    await waitUntilDone(page);
    const [report] = await exportReports(page);
    assert.match(report.model.id, /^own-.+-[0-9a-f]{8}$/);
    assert.deepEqual(
        report.tags.slice(0, 2).map((/** @type {any} */ { name }) => name),
        tried.slice(0, 2).map(([name]) => name),
    );
    assert.ok(Math.abs(report.tags[0].confidence - Number(tried[0]?.[1])) < 1e-6);
    await page.reload();
    await waitUntilReady(page);
    assert.match((await page.getAttribute("html", "data-model-name")) ?? "", /Våra hundar/);
});

test("a guess is asked with a picture, and called one until a person presses the tags that are right", async () => {
    const page = await visit();
    await drop(page, [named("net.onnx", fixture("dynamic_batch").model), labelsFile(LABELS)]);
    await page.waitForSelector('.model-preparations[aria-busy="false"] [data-candidate="5"]');
    const lists = await page.$$eval("[data-candidate]", (all) =>
        all.map((one) => [...one.querySelectorAll("strong")].map(({ textContent }) => textContent)),
    );
    assert.ok(lists.every((list) => list.length === 5 && list.every((name) => LABELS.includes(String(name)))));
    assert.equal(await page.locator('[aria-pressed="true"]').count(), 0, "the likeliest is not taken for right");
    assert.equal((await page.locator('.model-form [data-basis="guess"]').count()) > 0, true);
    await page.click('[data-do="own-try"]');
    await page.waitForSelector("[data-tried] .model-guess");
    const figures = () => page.$$eval("[data-tried] li .models-small", (all) => all.map((one) => one.textContent));
    assert.deepEqual(await figures(), Array(5).fill(""), "nothing looks as if it were known");
    await page.focus('[data-candidate="1"]');
    await page.keyboard.press("Enter");
    await page.waitForSelector('[data-candidate="1"][aria-pressed="true"]');
    assert.equal(await page.inputValue("#own_normalisation"), "zero_to_one");
    await page.click('[data-do="own-try"]');
    await page.waitForSelector("[data-tried]");
    assert.ok(
        (await figures()).every((figure) => /^\d+$/.test(figure ?? "")),
        "what is known has its figure",
    );
    assert.deepEqual(
        await page.$$eval("[data-tried] li > span:first-child", (all) => all.map(({ textContent }) => textContent)),
        lists[1],
    );

    await drop(page, [named("net.onnx", fixture("dynamic_batch").model), labelsFile(LABELS)]);
    await page.waitForSelector(
        '.model-preparations[aria-busy="false"] [data-candidate="5"]:not([aria-pressed="true"])',
    );
    await page.fill("#own_threshold", "1");
    await page.click('[data-do="own-keep"]');
    await page.waitForSelector('[data-model^="own-"][data-state="used"]');
    await page.click('[data-do="close-dialog"]');
    await addFiles(page, [file("cases/coffee/picture.jpg", "one.jpg")]);
    await waitUntilDone(page);
    const shown = await page.$$eval(".chip-figure", (all) => all.map(({ textContent }) => textContent));
    assert.ok(shown.length > 0 && shown.every((figure) => figure === "?"), `no figure of a guess: ${shown}`);
});

test("what lies beside a model fills in the form, in any order, and what belongs to other programs is no picture", async () => {
    const page = await visited();
    await drop(page, [named("weights.pth", "PK")]);
    await page.locator(".dialog-notice", { hasText: "weights.pth is a model for another program." }).waitFor();
    await drop(page, [named("export.zip", "PK model.onnx")]);
    await page.locator(".dialog-notice", { hasText: "export.zip holds a model. Unpack it" }).waitFor();
    const preprocessor = {
        image_mean: [0.5, 0.5, 0.5],
        image_std: [0.5, 0.5, 0.5],
        do_resize: true,
        size: 32,
        resample: 3,
    };
    const config = { model_type: "vit", id2label: Object.fromEntries(LABELS.map((label, idx) => [idx, label])) };
    await drop(page, [
        named("preprocessor_config.json", JSON.stringify(preprocessor)),
        named("net.onnx", fixture("dynamic_batch").model),
        named("config.json", JSON.stringify(config)),
    ]);
    await waitForForm(page);
    assert.match((await page.textContent(".is-labels")) ?? "", /config\.json: 10 labels, hound to widget/);
    assert.deepEqual(
        [await page.inputValue("#own_normalisation"), await page.inputValue("#own_fit")],
        ["minus_one_to_one", "squash"],
    );
    await page.locator('[data-basis="neighbour"]', { hasText: "From preprocessor_config.json" }).first().waitFor();
    assert.equal(await page.locator(".model-preparations").count(), 0, "nothing is asked");
    await page.selectOption("#own_fit", "letterbox");
    await page.fill("#own_pad", "#ffffff");
    await page.selectOption("#own_fit", "squash_crop");
    await page.fill("#own_before_crop", "40");
    await page.press("#own_before_crop", "Tab");
    await page.locator("small", { hasText: "80 % of each side is seen" }).waitFor();
});

test("labels that do not fit are told of with both counts, beside the labels, and nothing else is lost", async () => {
    const page = await visited();
    await drop(page, [named("net.onnx", fixture("float32").model), labelsFile([...LABELS, "one too many"])]);
    await waitForForm(page);
    const failed = await failure(page, ".is-labels");
    assert.equal(failed.code, "labels_invalid");
    assert.match(
        failed.words,
        /^Labels in the file: 11\. Classes in the model: 10\. Choose a file with one label per class/,
    );
    await page.fill("#own_name", "Kept");
    await page.selectOption("#own_fit", "letterbox");
    await drop(page, [named("no labels.json", "{}")]);
    await page.waitForFunction(() =>
        /These labels don’t fit the model/.test(document.querySelector(".is-labels .model-failure")?.textContent ?? ""),
    );
    await drop(page, [labelsFile(LABELS, "right.csv")]);
    await page.waitForSelector('[data-labels="10"]');
    assert.equal(await page.locator(".model-failure").count(), 0);
    assert.deepEqual([await page.inputValue("#own_name"), await page.inputValue("#own_fit")], ["Kept", "letterbox"]);
});

for (const [name, code, words] of /** @type {const} */ ([
    ["truncated", "model_invalid", /can’t be used.*not an ONNX file, or it is cut off/s],
    [
        "unsupported_standard_operator",
        "model_operator_unsupported",
        /operators that the engine doesn’t support.*LpPool/,
    ],
    ["scores_not_a_vector", "model_mismatch", /./],
])) {
    test(`a model that is ${name.replaceAll("_", " ")} is refused with the reason, with and without a card, and the one in use goes on`, async () => {
        const page = await visited();
        const { model, card, vocabulary } = fixture(name);
        await drop(page, [named("net.onnx", model)]);
        if (name === "scores_not_a_vector") await waitForForm(page);
        else {
            const failed = await failure(page);
            assert.equal(failed.code, code);
            assert.match(failed.words, words);
        }
        await page.click('[data-do="own-back"]');
        await drop(page, [
            named("net.onnx", model),
            named("model.json", JSON.stringify(card)),
            named("vocabulary.json", vocabulary),
        ]);
        assert.equal((await failure(page)).code, code);
        await page.click('[data-do="own-back"]');
        await page.waitForSelector('[data-model="bundled"][data-state="used"]');
        await page.click('[data-do="close-dialog"]');
        await addFiles(page, [painted("one.jpg", "cup")]);
        await waitUntilDone(page);
        assert.equal((await cards(page))[0]?.tags[0]?.id, "espresso");
        assert.equal(await page.evaluate(async () => (await (await caches.open("tagsmith-models")).keys()).length), 0);
    });
}

test("a card that is not the file's, and one without its vocabulary, are told apart", async () => {
    const page = await visited();
    const { model, card, vocabulary } = fixture("float32");
    await drop(page, [
        named("model.onnx", fixture("float32_sigmoid").model),
        named("model.json", JSON.stringify({ ...card, model: { ...card.model, sha256: "0".repeat(64) } })),
        named("vocabulary.json", vocabulary),
    ]);
    assert.equal((await failure(page)).code, "model_hash_mismatch");
    await page.click('[data-do="own-back"]');
    await drop(page, [named("model.onnx", model), named("model.json", JSON.stringify(card))]);
    await waitForForm(page);
    assert.match((await failure(page, ".is-labels")).words, /The card came without its vocabulary\.json\./);
});

test("another model under the name of one that is kept does not replace it, and own ones are only deleted after a question", async () => {
    const page = await visit();
    for (const name of ["first", "second"]) {
        const { model, card, vocabulary } = likePainted(name);
        await drop(page, [
            named("a.onnx", model),
            named("a.json", JSON.stringify({ ...card, id: "mine" })),
            named("b.json", vocabulary),
        ]);
        await page.waitForFunction(
            (name) =>
                [...document.querySelectorAll('[data-state="used"]')].some((row) => row.textContent?.includes(name)),
            name,
        );
    }
    const keys = await page.$$eval("[data-model]", (all) =>
        all.map((row) => row.getAttribute("data-model")).filter((key) => key?.startsWith("mine")),
    );
    assert.equal(keys.length, 2);
    assert.match(keys.join(), /^mine,mine-[0-9a-f]{8}$/);
    await page.click('[data-model="mine"] [data-do="delete-model"]');
    await page.click('[data-model="mine"] [data-do="keep-model"]');
    await waitForIdle(page);
    assert.equal(await page.locator('[data-model="mine"]').count(), 1);
    await page.click('[data-model="mine"] [data-do="delete-model"]');
    await page.click('[data-model="mine"] [data-do="delete-model-sure"]');
    await page.waitForSelector('[data-model="mine"]', { state: "detached" });
});

test("companions of a model without the model itself are told what they need, and pictures of a folder without a model stay what they are", async () => {
    const page = await visited();
    await page.click('[data-do="more"]');
    await page.click('[data-do="models"]');
    await page.setInputFiles('[data-input="model"]', [labelsFile(LABELS)]);
    await page.locator(".dialog-notice", { hasText: "These files belong to a model." }).waitFor();
    await page.click('[data-do="close-dialog"]');
    await addFiles(page, [painted("one.jpg", "cup"), named("notes.txt", "no picture")]);
    await waitUntilDone(page);
    assert.deepEqual(
        (await cards(page)).map(({ path, code }) => [path, code]),
        [
            ["one.jpg", null],
            ["notes.txt", "picture_format_unknown"],
        ],
    );
});

test("the list of models and the form fit every width and are accessible, light and dark", async () => {
    const page = await visited();
    /** @type {Record<string, unknown>} */
    const wrong = {};
    const look = async (/** @type {string} */ what) => {
        const found = await wrongInAnyLook(page);
        if (Object.keys(found).length > 0) wrong[what] = found;
    };
    await page.click('[data-do="more"]');
    await page.click('[data-do="models"]');
    await page.waitForSelector('[data-model="bundled"]');
    await look("list");
    await drop(page, [
        named(`${"a_network_with_a_long_name_".repeat(6)}.onnx`, fixture("float32").model),
        labelsFile(LABELS.slice(1)),
    ]);
    await page.waitForSelector(".is-labels .model-failure");
    await page.selectOption("#own_normalisation", "own");
    await page.click(".model-form summary");
    await look("form");
    await drop(page, [labelsFile(LABELS.map((label) => label.repeat(20)))]);
    await page.waitForSelector('[data-labels="10"]');
    await page.click('[data-do="own-try"]');
    await page.waitForSelector("[data-tried]");
    await look("tried");
    assert.deepEqual(wrong, {});
});
