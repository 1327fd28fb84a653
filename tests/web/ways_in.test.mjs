/** Every way in: paste, drop, folders, camera. What comes in is tagged, and what does not come in is told. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { addFiles, cards, exportReports, usePage, waitForIdle, waitUntilDone, waitUntilReady } from "./harness.mjs";
import { GIVE_WAY_MS } from "../../www/core/pool.js";
import { painted } from "./painted.mjs";
import { removeAll } from "./rest.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const CAMERAS = "--use-fake-device-for-media-stream=device-count=2";
const site = usePage({ model: "painted", flags: [CAMERAS, "--use-fake-ui-for-media-stream"] });
const refusing = usePage({ model: "painted", flags: [CAMERAS, "--use-fake-ui-for-media-stream=deny"] });
/** No camera at all: this machine has none, or the browser is not told of it. */
const without = usePage({
    model: "painted",
    flags: ["--use-fake-device-for-media-stream=device-count=0", "--use-fake-ui-for-media-stream"],
});
const HIGH = { viewport: { width: 1440, height: 3000 } };
const PICTURES = { cup: painted("cup.png", "cup").buffer, cat: painted("cat.png", "cat").buffer };

/** A folder as people have them: three levels, numbers that count, and things that are no pictures. */
const FOLDER = {
    "Holiday/10.jpg": PICTURES.cup,
    "Holiday/2.jpg": PICTURES.cup,
    "Holiday/.hidden.jpg": PICTURES.cup,
    "Holiday/notes.txt": Buffer.from("This is no picture."),
    "Holiday/Alps 2/day 1/åre & co.png": PICTURES.cat,
    "Holiday/Alps 2/day 1/IMG 1.jpg": PICTURES.cup,
    "Holiday/Alps 10/<b>x.jpg": PICTURES.cup,
};
/** In the order of their names as people count, a folder's own files among its folders. */
const EXPECTED = [
    "Holiday/2.jpg",
    "Holiday/10.jpg",
    "Holiday/Alps 2/day 1/åre & co.png",
    "Holiday/Alps 2/day 1/IMG 1.jpg",
    "Holiday/Alps 10/<b>x.jpg",
];
const SKIPPED = "Left out 2 files.";

const disk = mkdtempSync(join(tmpdir(), "tagsmith-"));
after(() => rmSync(disk, { recursive: true }));
for (const [path, source] of Object.entries(FOLDER)) {
    mkdirSync(dirname(join(disk, path)), { recursive: true });
    writeFileSync(join(disk, path), source);
}
mkdirSync(join(disk, "Nothing"));

const inTurn = site.inTurn(async () => {
    const page = await site.open("", {
        ...HIGH,
        permissions: ["clipboard-read", "clipboard-write"],
        timezoneId: "Asia/Tokyo",
        prepare: async (page) => {
            await countPauses(page);
            await page.addInitScript(rememberStreams);
            // Each test says what is chosen.
            await page.addInitScript(() =>
                Object.assign(globalThis, { showDirectoryPicker: () => Reflect.get(globalThis, "pickFolder")() }),
            );
        },
    });
    await waitUntilReady(page);
    return page;
});

/** The page without pictures, and none of its cameras ever open: for ways in that leave nothing but pictures. */
async function emptied() {
    const page = await inTurn();
    await removeAll(page);
    await page.evaluate(() => {
        const { givenStreams } = /** @type {any} */ (globalThis);
        givenStreams.length = 0;
    });
    return page;
}

/** @param {Page} page */
const paths = async (page) => (await cards(page)).map(({ path }) => path);
/** @param {Page} page @param {string} text */
const waitForToast = (page, text) => page.locator(".toast", { hasText: text }).waitFor();

/** As a hand does: real entries of this disk, by the browser's own tools. @param {Page} page @param {string[]} names */
async function drop(page, names) {
    const session = await page.context().newCDPSession(page);
    const data = { items: [], files: names.map((name) => join(disk, name)), dragOperationsMask: 1 };
    for (const type of /** @type {const} */ (["dragEnter", "dragOver", "drop"]))
        await session.send("Input.dispatchDragEvent", { type, x: 700, y: 500, data });
}

/** @param {Page} page */
async function assertFolderIsIn(page) {
    await waitUntilDone(page);
    assert.deepEqual(await paths(page), EXPECTED);
    assert.ok((await cards(page)).every(({ state, tags }) => state === "done" && tags.length > 0));
}

test("chosen files are tagged at once: the pause for somebody who types is for typing alone", async () => {
    const page = await emptied();
    const nPauses = () => page.evaluate(() => /** @type {any} */ (globalThis).nPauses);
    const nBefore = await nPauses();
    await addFiles(page, [painted("cup.png", "cup")]);
    await waitUntilDone(page);
    assert.equal(await nPauses(), nBefore);
    await page.fill('[data-do="search"]', "cup");
    assert.equal(await nPauses(), nBefore + 1);
});

/** How often the page waits for the length of the pause. @param {Page} page */
const countPauses = (page) =>
    page.addInitScript((pauseMs) => {
        const { setTimeout } = globalThis;
        let nPauses = 0;
        const counted = (/** @type {any} */ act, /** @type {number} */ ms, /** @type {any[]} */ ...args) => {
            if (ms === pauseMs) nPauses++;
            return setTimeout(act, ms, ...args);
        };
        Object.assign(globalThis, { setTimeout: counted });
        Object.defineProperty(globalThis, "nPauses", { get: () => nPauses });
    }, GIVE_WAY_MS);

test("a dropped folder of three levels comes in with its ways, in the order people count, without what is no picture", async () => {
    const page = await emptied();
    await drop(page, ["Holiday"]);
    await waitForToast(page, SKIPPED);
    await assertFolderIsIn(page);
    const reports = await exportReports(page);
    assert.deepEqual(
        reports.map(({ path }) => path),
        EXPECTED,
        "and the export names the ways",
    );
});

test("a folder and a file dropped together both come in, and an empty folder is said to be empty", async () => {
    const page = await emptied();
    await drop(page, ["Nothing"]);
    await waitForToast(page, "No files found in that folder.");
    await drop(page, ["Holiday/Alps 2", "Holiday/2.jpg"]);
    await waitUntilDone(page);
    assert.deepEqual((await paths(page)).sort(), ["2.jpg", "Alps 2/day 1/IMG 1.jpg", "Alps 2/day 1/åre & co.png"]);
});

test("a folder chosen by a handle comes in as a dropped one does", async () => {
    const page = await emptied();
    await page.evaluate(() => {
        const choose = async () => (await navigator.storage.getDirectory()).getDirectoryHandle("Holiday");
        Object.assign(globalThis, { pickFolder: choose });
    });
    for (const [path, source] of Object.entries(FOLDER)) {
        const bytes = source.toString("base64");
        await page.evaluate(
            async ([path, bytes]) => {
                const names = path.split("/");
                const name = names.pop() ?? "";
                let folder = await navigator.storage.getDirectory();
                for (const one of names) folder = await folder.getDirectoryHandle(one, { create: true });
                const writer = await (await folder.getFileHandle(name, { create: true })).createWritable();
                await writer.write(Uint8Array.from(atob(bytes), (char) => char.charCodeAt(0)));
                await writer.close();
            },
            /** @type {const} */ ([path, bytes]),
        );
    }
    await page.click('[data-do="add"]');
    await page.click('[data-do="add-folder"]');
    await waitForToast(page, SKIPPED);
    await assertFolderIsIn(page);
});

test("choosing no folder is no error, one that the browser keeps closed is told, and without the chooser there is the input", async () => {
    const page = await emptied();
    await page.evaluate(() => {
        const names = ["AbortError", "SecurityError"];
        Object.assign(globalThis, {
            pickFolder: () => Promise.reject(new DOMException("no", names.shift())),
        });
    });
    const toasts = () => page.locator(".toast").allInnerTexts();
    const before = await toasts();
    await page.click(".drop-buttons >> text=Choose a folder");
    await waitForIdle(page);
    assert.deepEqual(
        (await toasts()).filter((text) => !before.includes(text)),
        [],
    );
    await page.click(".drop-buttons >> text=Choose a folder");
    await waitForToast(page, "Your browser blocks that folder.");

    const older = await site.open("", {
        ...HIGH,
        prepare: (page) => page.addInitScript(() => void Reflect.deleteProperty(globalThis, "showDirectoryPicker")),
    });
    const [chooser] = await Promise.all([
        older.waitForEvent("filechooser"),
        older.click(".drop-buttons >> text=Choose a folder"),
    ]);
    await chooser.setFiles(join(disk, "Holiday"));
    await waitUntilDone(older);
    assert.deepEqual((await paths(older)).sort(), [...EXPECTED].sort());
});

test("pictures are pasted with the keyboard, from another program and from the file manager", async () => {
    const page = await emptied();
    const png = PICTURES.cat.toString("base64");
    await page.evaluate(async (png) => {
        const blob = new Blob([Uint8Array.from(atob(png), (char) => char.charCodeAt(0))], { type: "image/png" });
        await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
    }, png);
    await page.keyboard.press("ControlOrMeta+v");
    await waitUntilDone(page);
    const [pasted] = await cards(page);
    assert.match(pasted?.path ?? "", /^pasted \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.png$/);
    assert.ok((pasted?.tags.length ?? 0) > 0);

    await page.evaluate((png) => {
        const bytes = Uint8Array.from(atob(png), (char) => char.charCodeAt(0));
        const transfer = new DataTransfer();
        for (const name of ["one.png", "two.png"]) transfer.items.add(new File([bytes], name, { type: "image/png" }));
        for (let n = 0; n < 2; n++) transfer.items.add(new File([bytes], "image.png", { type: "image/png" }));
        document.body.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true }),
        );
    }, png);
    await waitUntilDone(page);
    const all = await paths(page);
    assert.deepEqual(all.slice(1, 3), ["one.png", "two.png"]);
    assert.equal(new Set(all).size, 5, "nameless ones of the same second have names of their own");
});

test("without a picture on the clipboard there is a sentence, and a paste into a field stays the field's", async () => {
    const page = await emptied();
    await page.evaluate(() => navigator.clipboard.writeText("espresso"));
    await page.keyboard.press("ControlOrMeta+v");
    await waitForToast(page, "No picture on the clipboard.");
    await page.keyboard.press(",");
    await page.focus('[data-do="add-deny"]');
    await page.keyboard.press("ControlOrMeta+v");
    await waitForIdle(page);
    assert.equal(await page.inputValue('[data-do="add-deny"]'), "espresso");
    assert.equal(await page.locator(".card").count(), 0);
});

/** Opens the camera's dialog and waits for its picture. @param {Page} page */
async function openCamera(page) {
    await page.click('[data-do="add"]');
    await page.click('[data-do="add-camera"]');
    await page.waitForSelector('[data-do="shutter"]:not([disabled])');
}

/** The state of every camera track that the page was ever given. @param {Page} page */
const tracks = (page) =>
    page.evaluate(() =>
        /** @type {any} */ (globalThis).givenStreams.flatMap((/** @type {MediaStream} */ stream) =>
            stream.getTracks().map(({ kind, readyState }) => `${kind} ${readyState}`),
        ),
    );

/** Runs in the page before its own scripts. */
function rememberStreams() {
    const given = /** @type {MediaStream[]} */ ([]);
    const get = MediaDevices.prototype.getUserMedia;
    MediaDevices.prototype.getUserMedia = async function (wanted) {
        const stream = await get.call(this, wanted);
        given.push(stream);
        return stream;
    };
    Object.assign(globalThis, { givenStreams: given });
}

/** The next camera that is asked for is answered by that, which runs in the page. @param {Page} page @param {(given: () => Promise<MediaStream>) => Promise<MediaStream>} answer */
async function answerCameras(page, answer) {
    const given = await page.evaluateHandle(`({ answer: ${answer} })`);
    await given.evaluate((given) => {
        const { getUserMedia } = MediaDevices.prototype;
        MediaDevices.prototype.getUserMedia = function (wanted) {
            MediaDevices.prototype.getUserMedia = getUserMedia;
            return /** @type {any} */ (given).answer(() => getUserMedia.call(this, wanted));
        };
    });
}

test("pictures are taken with Enter and by a click, come to the grid at once, and the camera is let go with the dialog", async () => {
    const page = await emptied();
    await openCamera(page);
    await page.waitForSelector('[data-do="shutter"]:focus');
    await page.keyboard.press("Enter"); // before the first frame is there, too
    await page.waitForSelector('[data-count="taken"][data-value="1"]');
    await page.$eval("video", (video) => {
        video.addEventListener("emptied", () => (video.dataset["emptied"] = "yes"));
    });
    await page.click(".camera-frame");
    await page.keyboard.press("Space");
    await page.waitForSelector('[data-count="taken"][data-value="2"]');
    await page.click('[data-do="shutter"]');
    await page.waitForSelector('[data-count="taken"][data-value="3"]');
    assert.equal(await page.locator(".dialog[open]").count(), 1, "it stays open for more");
    assert.equal(await page.locator("video[data-emptied]").count(), 0, "the preview begins anew with no picture");
    assert.deepEqual(await tracks(page), ["video live"], "and no sound was asked for");
    await page.keyboard.press("Escape");
    await page.waitForSelector(".dialog[open]", { state: "detached" });
    await waitForIdle(page);
    assert.deepEqual(await tracks(page), ["video ended"]);
    await waitUntilDone(page);
    const reports = await exportReports(page);
    assert.equal(new Set(reports.map(({ path }) => path)).size, 3);
    for (const { path, format, width, height, tags } of reports) {
        assert.equal(tags[0].id, "teapot", "each shows the green of the camera that is none, the first one too");
        assert.match(path, /^camera \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d( \(\d\))?\.jpg$/);
        assert.ok(format === "jpeg" && width >= 640 && height >= 480, `${format} ${width} × ${height}`);
    }
    const there = new Date().toLocaleString("sv-SE", { timeZone: "Asia/Tokyo" });
    assert.equal(reports[0].path.slice(7, 20), there.slice(0, 13), "in local time");
});

test("a class of one's own is filled as long as the shutter is held, with the pointer or a key, and carries its tag", async () => {
    const page = await site.open("", { prepare: (page) => page.addInitScript(rememberStreams) });
    await waitUntilReady(page);
    await page.click('[data-menu="more"]');
    await page.click('[data-do="own-tags"]');
    await page.fill('[data-do="new-tagger-name"]', "Things");
    await page.click('[data-do="make-tagger"]');
    await page.click('[data-do="example-camera"]');
    const taken = (/** @type {number} */ least) =>
        page.waitForFunction(
            (least) =>
                Number(document.querySelector('[data-count="taken-examples"]')?.getAttribute("data-value")) >= least,
            least,
        );
    await page.waitForSelector("#own-add-tag:focus"); // what is taken is an example of something
    await page.fill("#own-add-tag", "green disc");
    await page.hover('[data-do="shutter"]:not([disabled])');
    await page.mouse.down();
    await taken(2);
    await page.mouse.move(1, 1); // a hand does not hold still
    await page.mouse.up();
    const added = page.locator("[data-examples-added]");
    await added.waitFor();
    const nHeld = Number(await added.getAttribute("data-examples-added"));
    assert.ok(nHeld >= 2, `${nHeld} of the first`);
    await page.focus('[data-do="shutter"]');
    await page.keyboard.down("Enter");
    await taken(nHeld + 2);
    await page.keyboard.up("Enter");
    await waitForIdle(page);
    await page.waitForSelector('[data-own-tag="own:green disc"]');
    const nTaken = Number(await page.getAttribute('[data-count="taken-examples"]', "data-value"));
    await page.waitForFunction(
        (n) => document.querySelectorAll('.chip[data-tag="own:green disc"]').length === n,
        nTaken,
    );
    assert.equal(await page.locator(".card").count(), nTaken);
    await page.keyboard.press("Escape");
    await page.waitForSelector(".dialog[open]", { state: "detached" });
    assert.deepEqual(await tracks(page), ["video ended"]);
});

test("another camera can be chosen, and the first is let go; a back camera is not mirrored", async () => {
    const page = await emptied();
    await openCamera(page);
    const options = await page.$$eval('[data-do="which-camera"] option', (all) =>
        all.map((one) => [/** @type {HTMLOptionElement} */ (one).value, one.textContent]),
    );
    assert.equal(options.length, 2);
    const chosen = await page.inputValue('[data-do="which-camera"]');
    const other = options.find(([id]) => id !== chosen)?.[0] ?? "";
    await page.selectOption('[data-do="which-camera"]', other);
    await page.waitForFunction(() => /** @type {any} */ (globalThis).givenStreams.length === 2);
    await page.waitForSelector('[data-do="shutter"]:not([disabled])');
    assert.deepEqual(await tracks(page), ["video ended", "video live"]);
    assert.equal(await page.inputValue('[data-do="which-camera"]'), other);
    assert.equal(await page.locator("video.is-front").count(), 0);
});

test("a camera that breaks off says so, and the button opens it again", async () => {
    const page = await emptied();
    await openCamera(page);
    await page.evaluate(() => {
        const track = /** @type {any} */ (globalThis).givenStreams[0].getTracks()[0];
        track.dispatchEvent(new Event("ended")); // as when its plug is pulled
    });
    await page.waitForSelector('.camera-failed[data-code="camera_missing"]');
    assert.deepEqual(await tracks(page), ["video ended"]);
    await page.click('[data-do="camera-again"]');
    await page.waitForSelector('[data-do="shutter"]:not([disabled])');
});

/** The dialog of a camera that does not open: its code and its words. @param {Page} page @param {string} code */
async function assertNoCamera(page, code) {
    await waitUntilReady(page);
    await page.click(".drop-buttons >> text=Take a picture");
    const failed = page.locator(`.camera-failed[data-code="${code}"]`);
    await failed.waitFor();
    assert.match((await failed.innerText()).replace(/\s+/g, " "), /^[A-Z][^.]+\. [A-Z].+\. Try again$/);
    assert.ok(((await failed.locator("button").getAttribute("title")) ?? "").length > 5, "and what the browser said");
    return (await failed.innerText()).split(".")[0];
}

test("a refused permission, no camera and a busy one each have words of their own", async () => {
    const refused = await assertNoCamera(await refusing.open(), "camera_refused");
    const missing = await assertNoCamera(await without.open(), "camera_missing");
    const busy = await emptied();
    await answerCameras(busy, () =>
        Promise.reject(new DOMException("Could not start video source", "NotReadableError")),
    );
    const words = [refused, missing, await assertNoCamera(busy, "camera_busy")];
    assert.equal(new Set(words).size, 3, words.join());
});

test("where there can be no camera none is offered", async () => {
    const page = await site.open("", {
        prepare: (page) =>
            page.addInitScript(() => Object.defineProperty(Navigator.prototype, "mediaDevices", { value: undefined })),
    });
    await waitUntilReady(page);
    assert.equal(await page.locator("text=Take a picture").count(), 0);
    await page.click('[data-do="add"]');
    await page.waitForSelector('[data-do="add-folder"]');
    assert.equal(await page.locator('[data-do="add-camera"]').count(), 0);
});

test("closing the dialog before the camera is there lets it go when it comes", async () => {
    const page = await emptied();
    await answerCameras(page, async (given) => {
        await new Promise((resolve) => Object.assign(globalThis, { answer: resolve }));
        return given();
    });
    await page.click(".drop-buttons >> text=Take a picture");
    await page.waitForSelector(".camera-wait");
    await page.keyboard.press("Escape");
    await page.waitForSelector(".dialog[open]", { state: "detached" });
    await page.evaluate(() => /** @type {any} */ (globalThis).answer());
    await page.waitForFunction(
        () => /** @type {any} */ (globalThis).givenStreams[0]?.getTracks()[0].readyState === "ended",
    );
});

test("the menu for exporting says whether the selection or everything is meant, and that is what it exports", async () => {
    const page = await emptied();
    await addFiles(
        page,
        ["a.jpg", "b.jpg", "c.jpg"].map((name) => painted(name, "cup")),
    );
    await waitUntilDone(page);
    const scope = async () => {
        await page.click('[data-do="export"]');
        const text = await page.innerText('[data-count="to-export"]');
        await page.keyboard.press("Escape");
        return text;
    };
    assert.equal(await scope(), "All 3 pictures");
    await page.focus(".card-name");
    await page.keyboard.press("Space");
    await waitForIdle(page);
    assert.equal(await scope(), "1 selected picture");
    assert.deepEqual(
        (await exportReports(page)).map(({ path }) => path),
        ["a.jpg"],
    );
});
