import assert from "node:assert/strict";
import test, { mock } from "node:test";
import { message } from "../../i18n/messages.js";
import * as state from "../state.js";
import { createAsAdded } from "./as_added.js";
import { createIntake, timestampName } from "./intake.js";
import { createLeftOut } from "./left_out.js";
import { file, found, standInContext } from "./stand_in.mjs";

/** @param {Partial<import("../../platform/platform.d.ts").Platform>} [parts] */
async function make(parts) {
    const { context } = await standInContext({}, parts);
    /** @type {string[]} */
    const pictures = [];
    /** @type {string[]} */
    const modelFiles = [];
    /** @type {string[]} */
    const backups = [];
    /** What is no longer in the grid, by path. @type {Set<string>} */
    const gone = new Set();
    /** @type {Map<File, string>} */
    const paths = new Map();
    /** @type {Map<File, File>} */
    const same = new Map();
    /** @type {number[]} what each addition was begun with */
    const begun = [];
    /** @type {boolean[]} whether each was to be tagged regardless */
    const regardless = [];
    const intake = createIntake(
        context,
        {
            addPictures: (some, since = -1, isRegardless = false) => {
                begun.push(since);
                regardless.push(isRegardless);
                for (const { file, path } of some) paths.set(file, path);
                pictures.push(...some.map(({ path }) => path));
            },
            cancelCount: () => 7,
            hashOf: () => null,
            isHere: (file) => !gone.has(paths.get(file) ?? ""),
            noteSame: (file, other) => void same.set(file, other),
        },
        { isNeeded: () => false, part: async (some) => ({ fresh: [...some], same: [] }) },
        {
            addModelFiles: async (files) => void modelFiles.push(...files.map(({ name }) => name)),
            offerBackup: ({ name }) => void backups.push(name),
            nameAfter: () => {},
            takeRegardless: createAsAdded(context.library).takeRegardless,
        },
    );
    return { ...intake, ...createLeftOut(context), pictures, modelFiles, backups, gone, same, begun, regardless };
}

/** @param {...File} files */
const pasted = (...files) => clipboard(files.length > 0 ? ["Files"] : [], files);
/** @param {string[]} types @param {File[]} [files] */
const clipboard = (types, files = []) => /** @type {DataTransfer} */ (/** @type {unknown} */ ({ types, files }));
/** A picture of a path, a content and a date. @param {string} path @param {string} [content] @param {number} [lastModified] */
const picture = (path, content = "content", lastModified = 1) => ({
    file: new File([content], path.split("/").at(-1) ?? "", { type: "image/jpeg", lastModified }),
    path,
});
const leftOut = () => state.leftOut.value.map(({ path, reason }) => `${path}: ${reason}`);
const shown = () => (state.notice.value.isShown ? state.notice.value.text : null);

test("what is picked by hand is always tried, whatever it is called", async () => {
    const { addFiles, pictures } = await make();
    addFiles([{ file: file("notes.txt", "text/plain"), path: "notes.txt" }]);
    assert.deepEqual(pictures, ["notes.txt"]);
});

test("a backup that is picked by hand is offered, and one in a folder is no picture", async () => {
    const { addFiles, pictures, backups } = await make();
    const named = (/** @type {string} */ path) => ({ file: file(path, ""), path });
    addFiles([named("backup 2026.TAGSMITH"), named("cup.jpg"), named("old/backup.tagsmith")]);
    assert.deepEqual(
        [backups, pictures, leftOut()],
        [["backup 2026.TAGSMITH"], ["cup.jpg"], ["old/backup.tagsmith: not_picture"]],
    );
});

test("of a folder only pictures are taken, and the others are named", async () => {
    const { addFiles, pictures } = await make();
    const named = (/** @type {string} */ path, type = "") => ({ file: file(path, type), path });
    addFiles([
        named("trip/a.jpg", "image/jpeg"),
        named("trip/b.HEIC"),
        named("trip/no-extension"),
        named("trip/d.NEF"),
        named("trip/e.jxl"),
        named("trip/.thumbs.jpg", "image/jpeg"),
        named("trip/notes.txt", "text/plain"),
        named("trip/c.mov"),
    ]);
    assert.deepEqual(pictures, ["trip/a.jpg", "trip/b.HEIC", "trip/no-extension", "trip/d.NEF", "trip/e.jxl"]);
    assert.equal(shown(), message("en", "said_left_out", { n: 3 }));
    assert.deepEqual(state.notice.value.action, { text: "Show", dialog: "left_out" });
    assert.deepEqual(leftOut(), ["trip/.thumbs.jpg: hidden", "trip/notes.txt: not_picture", "trip/c.mov: not_picture"]);
});

test("of a folder's hidden and system folders nothing is taken, and each is named once, unless it was chosen itself", async () => {
    const { addFiles, pictures, modelFiles } = await make();
    void addFiles([
        picture("nas/trip/a.jpg"),
        picture("nas/trip/@eaDir/a.jpg/SYNOPHOTO_THUMB_M.jpg"),
        picture("nas/trip/@eaDir/b.jpg/SYNOPHOTO_THUMB_M.jpg"),
        ...found("nas/.git/net.onnx", "nas/#Recycle/old.jpg", "nas/.Trash-1000/files/x.jpg"),
        { path: "nas/.thumbnails/", isLeftOut: true },
        picture(".git/direct.jpg", "2"),
        picture("nas/@eaDir", "3"),
    ]);
    assert.deepEqual([pictures, modelFiles], [["nas/trip/a.jpg", ".git/direct.jpg", "nas/@eaDir"], []]);
    const folders = ["nas/trip/@eaDir/", "nas/.git/", "nas/#Recycle/", "nas/.Trash-1000/", "nas/.thumbnails/"];
    assert.deepEqual(
        leftOut(),
        folders.map((path) => `${path}: system`),
    );
    assert.equal(shown(), "Left out 5 files.");
});

test("a model and what belongs to it go to where models are chosen, pictures beside it to the grid", async () => {
    const { addFiles, pictures, modelFiles } = await make();
    const adding = addFiles(found("net.onnx", "model.json", "labels.txt", "cat.jpg"));
    assert.deepEqual([modelFiles, pictures], [["net.onnx", "model.json", "labels.txt"], []], "it is settled first");
    await adding;
    assert.deepEqual(pictures, ["cat.jpg"]);
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
    addPasted(clipboard(["text/plain"]));
    assert.equal(shown(), message("en", "said_nothing_pasted"));
    addPasted(pasted());
    assert.equal(shown(), message("en", "said_nothing_handed_over"), "WebKitGTK: a picture, but not for the page");
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
        samples: () => [
            { name: "cat", url: new URL("data:image/png,cat.png"), small: new URL("data:image/png,cat.png"), tags: [] },
        ],
    });
    await addSample("dog");
    assert.deepEqual(pictures, []);
    await addSample("cat");
    assert.deepEqual(pictures, ["cat.png"]);
});

test("a file of the same path, size and date is the same: it is skipped at once, unless it was removed", async () => {
    const { addFiles, pictures, gone, same, begun } = await make();
    const [one, again] = [picture("a.jpg"), picture("a.jpg")];
    void addFiles([one, picture("b.jpg", "another")]);
    void addFiles([again, picture("c.jpg", "something else")]);
    assert.equal(same.get(again.file), one.file);
    assert.deepEqual(pictures, ["a.jpg", "b.jpg", "c.jpg"]);
    assert.deepEqual(begun, [7, 7]);
    assert.equal(shown(), "1 picture is already here.");
    assert.deepEqual(leftOut(), ["a.jpg: same"]);
    gone.add("a.jpg");
    await addFiles([picture("a.jpg")]);
    assert.equal(pictures.at(-1), "a.jpg");
});

test("a file of the same size is compared by its content, wherever it lies and whatever it is called", async () => {
    const { addFiles, pictures, same } = await make();
    const b = picture("b.jpg", "abcde");
    const copy = picture("copies/one.jpg", "abcde");
    await addFiles([picture("a.jpg", "12345"), b]);
    await addFiles([copy, picture("a.jpg", "other", 2), picture("a.jpg", "12345", 3)]);
    assert.equal(same.get(copy.file), b.file, "whoever brought it may ask as which picture");
    assert.deepEqual(pictures, ["a.jpg", "b.jpg", "a.jpg"]);
    assert.deepEqual(leftOut(), ["copies/one.jpg: same", "a.jpg: same"]);
    assert.equal(shown(), "2 pictures are already here.");
});

test("what comes in together is not compared with itself, not even in chunks; what came with another folder at the same time is", async () => {
    const chunks = [[picture("trip/a.jpg")], [picture("trip/copy of a.jpg")]];
    const { addFolder, addFiles, pictures } = await make({
        chooseFolder: async function* () {
            yield* chunks;
        },
    });
    await Promise.all([addFolder(), addFolder()]);
    await addFiles([]);
    assert.deepEqual(pictures, ["trip/a.jpg", "trip/copy of a.jpg"]);
    assert.deepEqual(leftOut(), ["trip/a.jpg: same", "trip/copy of a.jpg: same"]);
});

test("a file that is being compared counts as here, and what was the same no longer does when its original is gone", async () => {
    const { addFiles, pictures, gone } = await make();
    await addFiles([picture("a.jpg", "12345")]);
    const comparing = addFiles([picture("b.jpg", "abcde"), picture("c.jpg", "12345")]);
    void addFiles([picture("b.jpg", "abcde")]);
    await comparing;
    assert.deepEqual(pictures, ["a.jpg", "b.jpg"]);
    gone.add("a.jpg");
    await addFiles([picture("c.jpg", "12345")]);
    assert.deepEqual(pictures, ["a.jpg", "b.jpg", "c.jpg"]);
});

test("where nothing can be hashed only path, size and date count; what cannot be read comes in and says so itself", async (context) => {
    const { addFiles, pictures } = await make();
    await addFiles([picture("a.jpg", "12345")]);
    const broken = picture("b.jpg", "12345");
    broken.file.arrayBuffer = () => Promise.reject(new DOMException("no", "NotReadableError"));
    await addFiles([broken]);
    const { crypto } = globalThis;
    context.after(() => Object.defineProperty(globalThis, "crypto", { value: crypto, configurable: true }));
    Object.defineProperty(globalThis, "crypto", { value: {}, configurable: true });
    await addFiles([picture("c.jpg", "12345"), picture("a.jpg", "12345")]);
    assert.deepEqual(pictures, ["a.jpg", "b.jpg", "c.jpg"]);
});

test("what was left out as the same comes in if it is wanted, and is known from then on", async () => {
    const { addFiles, addLeftOut, pictures } = await make();
    const again = () => addFiles([picture("a.jpg"), picture("trip/.x")]);
    void addFiles([picture("a.jpg")]);
    void again();
    void again();
    assert.deepEqual(leftOut(), ["trip/.x: hidden", "a.jpg: same"], "each is listed once");
    addLeftOut();
    assert.deepEqual([pictures, leftOut()], [["a.jpg", "a.jpg"], ["trip/.x: hidden"]]);
    void again();
    assert.deepEqual(leftOut(), ["trip/.x: hidden", "a.jpg: same"], "and again, when it was left out again");
});

test("what could not be read is named with the reason, and the rest comes in", async () => {
    const { addFiles, pictures } = await make();
    const unread = ["NotAllowedError", "NotReadableError", "NotFoundError", "EncodingError"];
    void addFiles([...unread.map((error, idx) => ({ path: `trip/${idx}.jpg`, error })), picture("trip/a.jpg")]);
    assert.deepEqual(pictures, ["trip/a.jpg"]);
    assert.deepEqual(leftOut(), [
        "trip/0.jpg: denied",
        "trip/1.jpg: denied",
        "trip/2.jpg: gone",
        "trip/3.jpg: unreadable",
    ]);
});

test("the notice counts a whole folder, and the list is copied by reason, one line a name, and cleared", async () => {
    /** @type {string[]} */
    const copied = [];
    const { addFolder, copyLeftOut, clearLeftOut } = await make({
        chooseFolder: async function* () {
            yield [picture("trip/.a.jpg")];
            yield [picture("trip/.b\nc.jpg"), { path: "trip/closed/", error: "NotAllowedError" }];
        },
        copyText: async (text) => void copied.push(text),
    });
    await addFolder();
    assert.equal(shown(), "Left out 3 files.");
    await copyLeftOut();
    assert.deepEqual(copied, [
        "Couldn’t be read: permission denied\n  trip/closed/\n\nHidden file\n  trip/.a.jpg\n  trip/.b c.jpg\n",
    ]);
    clearLeftOut();
    assert.deepEqual(leftOut(), []);
});

test("ten thousand files that are there already are known by path, size and date: none of them is read", async () => {
    const { addFiles, pictures } = await make();
    const scans = () => Array.from({ length: 10_000 }, (_, idx) => picture(`scans/${idx}.tif`, "x", idx));
    await addFiles(scans());
    const hashing = mock.method(crypto.subtle, "digest");
    await addFiles(scans());
    assert.equal(hashing.mock.callCount(), 0);
    hashing.mock.restore();
    assert.equal(pictures.length, 10_000);
    assert.equal(state.leftOut.value.length, 10_000);
});

test("a batch is tagged regardless of the switch where somebody said so, and the next one is not", async () => {
    const { addFiles, addDropped, newAddition, regardless } = await make({
        droppedFiles: async function* () {
            yield [picture("b.jpg", "22")];
            yield [picture("c.jpg", "333")];
        },
    });
    await addFiles([picture("a.jpg", "1")]);
    state.isRegardless.value = true;
    await addDropped(/** @type {any} */ ({ items: [1] }));
    await addFiles([picture("d.jpg", "4444")]);
    assert.deepEqual(regardless, [false, true, true, false]);
    assert.equal(state.isRegardless.value, false);
    state.isRegardless.value = true;
    await addFiles([picture("e.jpg", "55555")], { ...newAddition(), isRegardless: false });
    assert.deepEqual(
        [regardless.at(-1), state.isRegardless.value],
        [false, true],
        "what has its own way does not use it up",
    );
});
