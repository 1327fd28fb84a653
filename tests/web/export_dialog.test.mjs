/** What can be chosen about exports: the preview, what it promises, copies with keywords, and writing straight into a folder. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { findings, tooWide } from "./accessibility.mjs";
import { hasExiftool, keywordsIn, pixelsOf } from "./exiftool.mjs";
import {
    ROOT,
    addFiles,
    count,
    file,
    openExport,
    usePage,
    waitForIdle,
    waitForTransitions,
    waitUntilDone,
    waitUntilReady,
} from "./harness.mjs";
import { painted } from "./painted.mjs";
import { removeAll } from "./rest.mjs";
import { unzip } from "./unzip.mjs";

/** @import { NamedFile, Page } from "./harness.mjs" */

const site = usePage({ model: "painted" });
const CASTLE = { castle: 0.9 };
const HIGH = { viewport: { width: 1440, height: 1600 } };

/** @param {Page} page @param {NamedFile[]} files */
async function fill(page, files) {
    await addFiles(page, files);
    await waitUntilDone(page);
}

/** Gives every picture a tag. @param {Page} page @param {string} word */
async function tagAll(page, word) {
    await page.focus(".card .card-name >> nth=0");
    await page.keyboard.press("ControlOrMeta+a");
    await waitForIdle(page);
    await page.keyboard.press("t");
    await waitForIdle(page);
    await page.keyboard.type(word);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    await waitForIdle(page);
}

/** What the dialog says will be written. @param {Page} page @returns {Promise<Record<string, string>>} name → text */
async function preview(page) {
    await waitForIdle(page);
    const all = await page.$$eval("[data-preview]", (files) =>
        files.map((one) => [one.getAttribute("data-preview"), one.querySelector("dd")?.textContent]),
    );
    return Object.fromEntries(all);
}

/** @param {Page} page @param {() => Promise<unknown>} press @returns {Promise<{name: string, path: string}>} */
async function saved(page, press) {
    const [download] = await Promise.all([page.waitForEvent("download"), press()]);
    return { name: download.suggestedFilename(), path: await download.path() };
}

const inTurn = site.inTurn(() => site.open("", HIGH));

/** The page without pictures, for tests that choose nothing about an export. */
async function emptied() {
    const page = await inTurn();
    await waitUntilReady(page);
    await removeAll(page);
    return page;
}

const save = (/** @type {Page} */ page) => page.click('[data-do="save-export"]');
const filesInDialog = (/** @type {Page} */ page) => count(page, "files");

test("the preview of captions is what is saved, follows every key, and the choices are there at the next visit", async () => {
    const page = await site.open("", HIGH);
    await fill(page, [painted("a.jpg", { castle: 0.5, balloon: 0.44 }), painted("b.png", { "tabby-cat": 0.8 })]);
    await openExport(page, "captions");
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-export")), "prefix");
    assert.deepEqual(await preview(page), { "a.txt": "castle, balloon\n", "b.txt": "tabby cat\n" });
    await page.keyboard.type("sks");
    assert.deepEqual(await preview(page), { "a.txt": "sks, castle, balloon\n", "b.txt": "sks, tabby cat\n" });
    await page.click('[data-export="words"][value="tabby_cat"]');
    await page.selectOption('[data-export="separator"]', " | ");
    await page.fill('[data-export="never"]', "Castle, ");
    await page.click('[data-export="parents"]');
    const wanted = { "a.txt": "sks | balloon | vehicle\n", "b.txt": "sks | tabby_cat | cat | animal\n" };
    const shown = await preview(page);
    assert.match(shown["a.txt"] ?? "", /^sks \| balloon \| /);
    assert.doesNotMatch(shown["a.txt"] ?? "", /castle/);
    assert.match(shown["b.txt"] ?? "", /^sks \| tabby_cat \| /);
    assert.equal(Object.keys(wanted).length, await filesInDialog(page));
    assert.equal(await page.inputValue('[data-export="never"]'), "Castle, ", "what is typed stays as it is typed");
    const { path } = await saved(page, () => page.press('[data-export="never"]', "Enter"));
    assert.deepEqual(unzip(path), shown);
    await page.waitForSelector(".dialog:not([open])", { state: "attached" });

    await page.reload();
    await waitUntilReady(page);
    await fill(page, [painted("c.jpg", CASTLE), painted("b.png", { "tabby-cat": 0.8 })]);
    await openExport(page, "captions");
    assert.equal(await page.inputValue('[data-export="prefix"]'), "sks");
    assert.deepEqual((await preview(page))["b.txt"], shown["b.txt"]);
});

test("what is stored and makes no sense counts as not chosen", async () => {
    const page = await site.open("", {
        ...HIGH,
        prepare: (page) =>
            page.addInitScript(() => {
                const captions = { separator: "and", order: 7, never: "x", prefix: { a: 1 } };
                localStorage.setItem("tagsmith.exports", JSON.stringify({ captions, place: "elsewhere" }));
            }),
    });
    await fill(page, [painted("a.jpg", { castle: 0.5, balloon: 0.44 })]);
    await openExport(page, "captions");
    assert.deepEqual(await preview(page), { "a.txt": "castle, balloon\n" });
});

test("pictures of one base name are told before saving, and one press gives all files full names", async () => {
    const page = await site.open("", HIGH);
    await fill(page, [painted("same.jpg", CASTLE), painted("same.png", "cat"), painted("other.jpg", "cat")]);
    await openExport(page, "captions");
    const warning = page.locator('[data-warning="collisions"]');
    assert.match((await warning.textContent()) ?? "", /same\.jpg, same\.png/);
    assert.deepEqual(Object.keys(await preview(page)), ["same.jpg.txt", "same.png.txt", "other.txt"]);
    await page.click('[data-do="use-full-names"]');
    await warning.waitFor({ state: "detached" });
    const { path } = await saved(page, () => save(page));
    assert.deepEqual(Object.keys(unzip(path)), ["same.jpg.txt", "same.png.txt", "other.jpg.txt"]);
    await openExport(page, "keywords");
    assert.equal(await warning.count(), 0, "copies have names of their own");
    assert.deepEqual(Object.keys(await preview(page)), ["same.jpg", "same.png", "other.jpg"]);
});

test("each naming of sidecars says who reads it; there is none for a picture without tags", async () => {
    const page = await site.open("", HIGH);
    await fill(page, [painted("a.jpg", CASTLE), painted("plain.jpg", {}), painted("c.nef", CASTLE)]);
    await openExport(page, "xmp");
    const words = (await page.textContent(".export-options")) ?? "";
    assert.match(words, /digiKam, darktable and Immich/);
    assert.match(words, /Lightroom, Bridge and Capture One.* only beside raw files/s);
    assert.match(words, /Copies with keywords inside/);
    assert.match((await page.textContent('[data-about="merging"]')) ?? "", /would replace them/);
    assert.deepEqual(await preview(page), { "a.jpg.xmp": "castle, building", "c.xmp": "castle, building" });
    assert.equal(await filesInDialog(page), 2);
    assert.match((await page.textContent('[data-count="files"]')) ?? "", /1 picture has no tags and gets no file/);
    await page.click('[data-export="names"][value="stem_or_full"]');
    assert.deepEqual(Object.keys(await preview(page)), ["a.xmp", "c.xmp"]);
});

test("the menu and the dialog say how many of how many are meant", async () => {
    const page = await emptied();
    await fill(page, [painted("a.jpg", CASTLE), painted("b.jpg", CASTLE), painted("c.jpg", "cat")]);
    const menu = async () => {
        await page.click('[data-do="export"]');
        const words = await page.textContent('[data-count="to-export"]');
        await page.keyboard.press("Escape");
        return words?.trim();
    };
    assert.equal(await menu(), "All 3 pictures");
    await page.click('[data-filter-tag="castle"]');
    await waitForIdle(page);
    assert.equal(await menu(), "2 of 3 pictures (filtered)");
    await openExport(page, "captions");
    assert.equal(await filesInDialog(page), 2);
    await page.click('[data-do="close-dialog"]');
    await waitForIdle(page); // what opened it has the keyboard again
    await page.focus(".card .card-name >> nth=0");
    await page.keyboard.press("Space");
    await waitForIdle(page);
    assert.equal(await menu(), "1 selected picture");
});

/** One of each kind that can hold keywords, and one that cannot. */
const CASES = {
    "in/coffee.jpg": "cases/coffee/picture.jpg",
    "in/turned.jpg": "cases/chelsea_orientation_6/picture.jpg",
    "in/rocket.jpg": "cases/rocket_progressive/picture.jpg",
    "in/cat.png": "cases/chelsea_small_png/picture.png",
    "in/clock.webp": "cases/clock_webp/picture.webp",
    "in/balloons.gif": "cases/drawn_balloons_gif/picture.gif",
};
const HOLDERS = Object.keys(CASES).filter((name) => !name.endsWith(".gif"));

test("copies have the keywords inside, as exiftool reads them, and every pixel as it was", async (context) => {
    const page = await emptied();
    await fill(
        page,
        Object.entries(CASES).map(([name, path]) => file(path, name)),
    );
    await tagAll(page, "Kreta, söder");
    await openExport(page, "keywords");
    assert.match((await page.textContent('[data-warning="cannot-hold"]')) ?? "", /1 picture can’t.*in\/balloons\.gif/s);
    assert.match((await preview(page))["in/coffee.jpg"] ?? "", /Kreta/);
    const { name, path } = await saved(page, () => save(page));
    assert.match(name, /^tagsmith-keywords-6-\d{4}-\d\d-\d\d\.zip$/);
    await page.waitForSelector('[data-left-out="in/balloons.gif"][data-code="keywords_not_writable"]');
    const told = (await page.textContent('[data-warning="left-out"]')) ?? "";
    assert.match(told, /JPEG, PNG and WebP/);
    assert.match(told, /got a sidecar instead/);

    const folder = mkdtempSync(join(tmpdir(), "copies-"));
    try {
        execFileSync("python3", ["-m", "zipfile", "-e", path, folder]);
        const sidecar = readFileSync(join(folder, "in/balloons.gif.xmp"), "utf8");
        assert.match(sidecar, /<rdf:li>Kreta<\/rdf:li>/);
        for (const name of HOLDERS) {
            const original = join(ROOT, "tests", CASES[/** @type {keyof typeof CASES} */ (name)]);
            const copy = readFileSync(join(folder, name));
            assert.deepEqual(pixelsOf(copy), pixelsOf(readFileSync(original)), name);
        }
        if (!hasExiftool()) return context.skip("exiftool is missing (Debian: libimage-exiftool-perl)");
        for (const name of HOLDERS) {
            const original = join(ROOT, "tests", CASES[/** @type {keyof typeof CASES} */ (name)]);
            const { subject, lightroom, digikam } = keywordsIn(join(folder, name), original);
            for (const list of [subject, lightroom, digikam])
                for (const word of ["Kreta", "söder"]) assert.ok(list.includes(word), `${name}: ${list}`);
        }
    } finally {
        rmSync(folder, { recursive: true });
    }
});

test("a single copy is no ZIP, and one that cannot be made says why", async () => {
    const page = await emptied();
    await fill(page, [file(CASES["in/coffee.jpg"], "coffee.jpg")]);
    await tagAll(page, "Crete");
    await openExport(page, "keywords");
    const { name, path } = await saved(page, () => save(page));
    assert.equal(name, "coffee.jpg");
    assert.ok(readFileSync(path).includes("<rdf:li>Crete</rdf:li>"));

    const other = await emptied();
    await fill(other, [file(CASES["in/balloons.gif"], "balloons.gif")]);
    await tagAll(other, "Crete");
    await openExport(other, "keywords");
    await save(other);
    await other.waitForSelector('.dialog [data-code="keywords_not_writable"]');
});

const withFolder = site.inTurn(() =>
    site.open("", {
        ...HIGH,
        prepare: (page) =>
            page.addInitScript(() => {
                const choose = async () =>
                    (await navigator.storage.getDirectory()).getDirectoryHandle("Holiday", { create: true });
                Object.assign(globalThis, { showDirectoryPicker: choose });
            }),
    }),
);

/**
 * A page whose picker hands over a real file system handle, that of the origin's own files: a program cannot answer the browser's
 * question. Its folder is called Holiday. Without pictures; where exports go is as the test before has chosen.
 * @param {Record<string, string>} [files] what is there already
 */
async function openWithFolder(files = {}) {
    const page = await withFolder();
    await waitUntilReady(page);
    await removeAll(page);
    await page.evaluate(async () => {
        const root = await navigator.storage.getDirectory();
        await root.removeEntry("Holiday", { recursive: true }).catch(() => {}); // of the test before
    });
    for (const [path, text] of Object.entries(files)) await writeOpfs(page, path, Buffer.from(text));
    return page;
}

/** @param {Page} page @param {string} path @param {Buffer} content */
const writeOpfs = (page, path, content) =>
    page.evaluate(
        async ([path, bytes]) => {
            const names = `Holiday/${path}`.split("/");
            const name = names.pop() ?? "";
            let folder = await navigator.storage.getDirectory();
            for (const one of names) folder = await folder.getDirectoryHandle(one, { create: true });
            const writer = await (await folder.getFileHandle(name, { create: true })).createWritable();
            await writer.write(Uint8Array.from(atob(bytes), (char) => char.charCodeAt(0)));
            await writer.close();
        },
        /** @type {const} */ ([path, content.toString("base64")]),
    );

/** Everything below the folder: path → text. @param {Page} page @returns {Promise<Record<string, string>>} */
const folderContent = (page) =>
    page.evaluate(async () => {
        /** @type {Record<string, string>} */
        const found = {};
        const walk = async (/** @type {any} */ folder, /** @type {string} */ way) => {
            for await (const [name, handle] of folder.entries()) {
                if (handle.kind === "directory") await walk(handle, `${way}${name}/`);
                else found[way + name] = new TextDecoder("latin1").decode(await (await handle.getFile()).arrayBuffer());
            }
        };
        await walk(await (await navigator.storage.getDirectory()).getDirectoryHandle("Holiday"), "");
        return found;
    });

test("copies are counted while they are written, and Cancel stops between two of them", async () => {
    const page = await openWithFolder();
    await fill(
        page,
        Array.from({ length: 6 }, (_, idx) => file(CASES["in/coffee.jpg"], `${idx}.jpg`)),
    );
    await tagAll(page, "Crete");
    await openExport(page, "keywords");
    await page.click('[data-export="place"][value="folder"]');
    // As slow as a disk behind a cable: each copy waits until it is let through.
    await page.evaluate(() => {
        const { createWritable } = FileSystemFileHandle.prototype;
        const turns = /** @type {(() => void)[]} */ ([]);
        Object.assign(window, { letThrough: () => turns.shift()?.(), waits: () => turns.length });
        FileSystemFileHandle.prototype.createWritable = async function (...options) {
            await new Promise((resolve) => turns.push(() => resolve(null)));
            return createWritable.apply(this, options);
        };
        Object.assign(window, { hurry: () => (FileSystemFileHandle.prototype.createWritable = createWritable) });
    });
    await page.click('[data-do="save-export"]');
    for (const nDone of [1, 2]) {
        await page.waitForFunction(() => Reflect.get(window, "waits")() > 0);
        await page.evaluate(() => Reflect.get(window, "letThrough")());
        await page.waitForFunction(
            (nDone) =>
                /** @type {HTMLProgressElement | null} */ (document.querySelector(".dialog progress"))?.value === nDone,
            nDone,
        );
        assert.match(await page.innerText(".dialog"), new RegExp(`${nDone} of 6`));
    }
    await page.click('[data-do="stop-export"]');
    await page.evaluate(() => Reflect.get(window, "letThrough")());
    await page.waitForSelector(".dialog progress", { state: "detached" });
    await page.waitForSelector('[data-do="save-export"]:not([disabled])');
    await page.evaluate(() => void Reflect.get(window, "hurry")());
    const copies = Object.values(await folderContent(page)).filter((copy) => copy.length > 0);
    assert.ok(copies.length >= 2 && copies.length <= 3, `${copies.length} copies`);
    for (const copy of copies)
        assert.ok(copy.includes("<rdf:li>Crete</rdf:li>") && copy.endsWith("\xff\xd9"), "each is whole");
});

const THEIRS = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:subject><rdf:Bag><rdf:li>Sommer</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>`;

test("sidecars go straight into the folder, and one that is there keeps what another program wrote", async () => {
    const page = await openWithFolder({ "day 1/a.jpg.xmp": THEIRS, "b.jpg.xmp": "not XMP at all <" });
    await fill(page, [painted("day 1/a.jpg", CASTLE), painted("b.jpg", CASTLE), painted("c.jpg", CASTLE)]);
    await openExport(page, "xmp");
    await page.click('[data-export="place"][value="folder"]');
    await page.locator('[data-about="merging"]', { hasText: "keep what other programs wrote" }).waitFor();
    await save(page);
    await page.waitForSelector('[data-left-out="b.jpg"][data-code="xmp_invalid"]');
    const found = await folderContent(page);
    assert.deepEqual(Object.keys(found).sort(), ["b.jpg.xmp", "c.jpg.xmp", "day 1/a.jpg.xmp"]);
    assert.equal(found["b.jpg.xmp"], "not XMP at all <", "left as it is");
    const merged = found["day 1/a.jpg.xmp"] ?? "";
    for (const part of ['xmp:Rating="4"', "<rdf:li>Sommer</rdf:li>", "<rdf:li>castle</rdf:li>"])
        assert.ok(merged.includes(part), merged);
});

test("files that would be replaced are asked for once for all", async () => {
    const page = await openWithFolder({ "a.txt": "mine" });
    await fill(page, [painted("a.jpg", CASTLE), painted("b.jpg", CASTLE)]);
    await openExport(page, "captions");
    await page.click('[data-export="place"][value="folder"]');
    await save(page);
    await page.waitForSelector('[data-warning="replace"]');
    assert.match((await page.textContent('[data-warning="replace"]')) ?? "", /Replace 1 file\?.*a\.txt/s);
    assert.deepEqual(await folderContent(page), { "a.txt": "mine" }, "nothing before the answer");
    await page.click('[data-do="answer-keep"]');
    await page.waitForSelector(".dialog:not([open])", { state: "attached" });
    assert.deepEqual(await folderContent(page), { "a.txt": "mine", "b.txt": "castle\n" });
    assert.match((await page.textContent('[data-view="said"]')) ?? "", /Saved 1 file in Holiday/);

    await openExport(page, "captions");
    await save(page);
    await page.click('[data-do="answer-replace"]');
    await page.waitForSelector(".dialog:not([open])", { state: "attached" });
    assert.deepEqual(await folderContent(page), { "a.txt": "castle\n", "b.txt": "castle\n" });
});

test("pictures that came from a folder offer it first, and what belongs to them lies beside them", async () => {
    const page = await openWithFolder();
    await writeOpfs(page, "day 1/a.png", painted("a.png", CASTLE).buffer);
    await page.click(".drop-buttons >> text=Choose a folder");
    await waitUntilDone(page);
    await openExport(page, "xmp");
    assert.deepEqual(await page.$$eval('[data-export="place"]', (all) => all.map((one) => one.getAttribute("value"))), [
        "pictures",
        "zip",
        "folder",
    ]);
    await page.click('[data-export="place"][value="pictures"]');
    await save(page);
    await page.waitForSelector(".dialog:not([open])", { state: "attached" });
    assert.deepEqual(Object.keys(await folderContent(page)).sort(), ["day 1/a.png", "day 1/a.png.xmp"]);
});

test("a browser without folders offers none, and saves a ZIP though a folder was chosen elsewhere", async () => {
    const page = await site.open("", {
        ...HIGH,
        prepare: (page) =>
            page.addInitScript(() => {
                Reflect.deleteProperty(globalThis, "showDirectoryPicker");
                localStorage.setItem("tagsmith.exports", JSON.stringify({ place: "folder" }));
            }),
    });
    await fill(page, [painted("a.jpg", CASTLE), painted("b.jpg", CASTLE)]);
    await openExport(page, "xmp");
    assert.equal(await page.locator('[data-export="place"]').count(), 0);
    const { path } = await saved(page, () => save(page));
    assert.deepEqual(Object.keys(unzip(path)), ["a.jpg.xmp", "b.jpg.xmp"]);
});

const twoAlike = site.inTurn(async () => {
    const page = await site.open();
    await fill(page, [
        painted("same.jpg", CASTLE),
        painted("same.png", "cat"),
        file(CASES["in/balloons.gif"], "b.gif"),
    ]);
    return page;
});

for (const view of [
    { width: 360, height: 740 },
    { width: 740, height: 360 },
    { width: 1440, height: 900 },
]) {
    test(`the dialog is accessible and fits ${view.width} × ${view.height}`, async () => {
        const page = await twoAlike();
        await page.setViewportSize(view);
        for (const format of /** @type {const} */ (["captions", "xmp", "keywords"])) {
            await openExport(page, format);
            await waitForTransitions(page);
            assert.deepEqual(await findings(page), []);
            assert.deepEqual(await tooWide(page), []);
            const foot = await page.locator('[data-do="save-export"]').boundingBox();
            assert.ok(foot && foot.y + foot.height <= view.height, "Save is in sight");
            await page.click('[data-do="close-dialog"]');
        }
    });
}
