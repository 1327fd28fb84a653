import assert from "node:assert/strict";
import test from "node:test";
import { message } from "../../i18n/messages.js";
import * as state from "../state.js";
import { createIntake, timestampName } from "./intake.js";
import { file, found, standInContext } from "./stand_in.mjs";

/** @param {Partial<import("../../platform/platform.d.ts").Platform>} [parts] */
async function make(parts) {
    const { context } = await standInContext({}, parts);
    /** @type {string[]} */
    const pictures = [];
    /** @type {string[]} */
    const modelFiles = [];
    const intake = createIntake(
        context,
        { addPictures: (some) => void pictures.push(...some.map(({ path }) => path)) },
        (files) => void modelFiles.push(...files.map(({ name }) => name)),
    );
    return { ...intake, pictures, modelFiles };
}

/** @param {...File} files */
const pasted = (...files) => /** @type {DataTransfer} */ (/** @type {unknown} */ ({ files }));
const shown = () => (state.notice.value.isShown ? state.notice.value.text : null);

test("what is picked by hand is always tried, whatever it is called", async () => {
    const { addFiles, pictures } = await make();
    addFiles([{ file: file("notes.txt", "text/plain"), path: "notes.txt" }]);
    assert.deepEqual(pictures, ["notes.txt"]);
});

test("of a folder only pictures are taken, and the others are counted", async () => {
    const { addFiles, pictures } = await make();
    const named = (/** @type {string} */ path, type = "") => ({ file: file(path, type), path });
    addFiles([
        named("trip/a.jpg", "image/jpeg"),
        named("trip/b.HEIC"),
        named("trip/no-extension"),
        named("trip/.thumbs.jpg", "image/jpeg"),
        named("trip/notes.txt", "text/plain"),
        named("trip/c.mov"),
    ]);
    assert.deepEqual(pictures, ["trip/a.jpg", "trip/b.HEIC", "trip/no-extension"]);
    assert.equal(shown(), message("en", "said_skipped", { n: 3 }));
});

test("a model and what belongs to it go to where models are chosen, pictures beside it to the grid", async () => {
    const { addFiles, pictures, modelFiles } = await make();
    addFiles(found("net.onnx", "model.json", "labels.txt", "cat.jpg"));
    assert.deepEqual([modelFiles, pictures], [["net.onnx", "model.json", "labels.txt"], ["cat.jpg"]]);
});

test("a list of labels alone is of a model only where models are chosen", async () => {
    const { addFiles, pictures, modelFiles } = await make();
    state.dialog.value = "models";
    addFiles(found("labels.txt"));
    assert.deepEqual([modelFiles, pictures], [["labels.txt"], []]);
});

test("a pasted picture without a name gets one that says when", async () => {
    const { addPasted, pictures } = await make();
    addPasted(pasted(file("image.png", "image/png"), file("cat.png", "image/png")));
    assert.match(String(pictures[0]), /^pasted 2026-11-21 14\.03\.05\.png$/);
    assert.equal(pictures[1], "cat.png");
    addPasted(pasted());
    assert.equal(shown(), message("en", "said_nothing_pasted"));
});

test("the second name within a second has a number", () => {
    const names = [timestampName("camera", "jpg"), timestampName("camera", "jpg")];
    assert.deepEqual(names, ["camera 2026-11-21 14.03.05.jpg", "camera 2026-11-21 14.03.05 (2).jpg"]);
});

test("a folder comes in chunks; an empty one, and one that stays closed, are told of", async () => {
    /** @type {() => AsyncGenerator<ReturnType<typeof found>>} */
    let walk = async function* () {
        yield found("trip/a.jpg");
        yield found("trip/b.jpg");
    };
    const { addFolder, hasFolderChooser, pictures } = await make({ chooseFolder: () => walk() });
    assert.ok(hasFolderChooser());
    await addFolder();
    assert.deepEqual(pictures, ["trip/a.jpg", "trip/b.jpg"]);
    walk = async function* () {};
    await addFolder();
    assert.equal(shown(), message("en", "said_nothing_found"));
    /** @param {Error} error */
    const fails = (error) =>
        async function* () {
            yield await Promise.reject(error);
        };
    walk = fails(new DOMException("no", "AbortError"));
    await addFolder();
    assert.equal(shown(), message("en", "said_nothing_found"), "choosing none is no error");
    walk = fails(new DOMException("no", "SecurityError"));
    await addFolder();
    assert.equal(shown(), message("en", "said_folder_closed"));
});

test("a sample is fetched like any other file", async () => {
    const { addSample, pictures } = await make({
        samples: () => [{ name: "cat", url: new URL("data:image/png,cat.png"), tags: [] }],
    });
    await addSample("dog");
    assert.deepEqual(pictures, []);
    await addSample("cat");
    assert.deepEqual(pictures, ["cat.png"]);
});
