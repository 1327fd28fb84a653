/** What did not come in is said by name: the same file again, what is no picture, what is hidden, what could not be read. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { wrongInAnyLook } from "./accessibility.mjs";
import { card, focused } from "./grid.mjs";
import { addFiles, cards, usePage, waitForIdle, waitUntilDone, waitUntilReady } from "./harness.mjs";
import { painted } from "./painted.mjs";
import { closeLayers, removeAll } from "./rest.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const site = usePage({ model: "painted" });
const HIGH = { viewport: { width: 1440, height: 3000 } };
const HOSTILE = "<img src=x onerror=alert(1)>\u202egpj.txt";

const disk = mkdtempSync(join(tmpdir(), "tagsmith-"));
after(() => rmSync(disk, { recursive: true }));
const FILES = {
    "Trip/cup.jpg": painted("cup.jpg", "cup").buffer,
    "Trip/cup again.jpg": painted("cup.jpg", "cup").buffer,
    "Trip/cat.jpg": painted("cat.jpg", "cat").buffer,
    "Trip/.hidden.jpg": painted("cat.jpg", "cat").buffer,
    [`Trip/${HOSTILE}`]: "no picture",
    "Trip/closed/man.jpg": painted("man.jpg", "man").buffer,
};
for (const [path, content] of Object.entries(FILES)) {
    mkdirSync(dirname(join(disk, path)), { recursive: true });
    writeFileSync(join(disk, path), content);
}

/** Drops what lies on this disk. @param {Page} page @param {...string} names */
async function drop(page, ...names) {
    const session = await page.context().newCDPSession(page);
    const data = { items: [], files: names.map((name) => join(disk, name)), dragOperationsMask: 1 };
    for (const type of /** @type {const} */ (["dragEnter", "dragOver", "drop"]))
        await session.send("Input.dispatchDragEvent", { type, x: 700, y: 500, data });
}

/** One folder cannot be read, as if its owner were somebody else. @param {Page} page */
const closeFolder = (page) =>
    page.addInitScript(() => {
        const { webkitGetAsEntry } = DataTransferItem.prototype;
        DataTransferItem.prototype.webkitGetAsEntry = function () {
            const entry = webkitGetAsEntry.call(this);
            if (entry?.isDirectory) closeBelow(Object.getPrototypeOf(entry));
            return entry;
        };
        let isDone = false;
        const closeBelow = (/** @type {FileSystemDirectoryEntry} */ kind) => {
            if (isDone) return;
            isDone = true;
            const { createReader } = kind;
            kind.createReader = function () {
                const reader = createReader.call(this);
                if (this.name === "closed")
                    reader.readEntries = (_, fail) => fail?.(new DOMException("no", "NotReadableError"));
                return reader;
            };
        };
    });

const permissions = ["clipboard-read", "clipboard-write"];
const PAGES = {
    open: site.inTurn(() => site.open("", HIGH)),
    closed: site.inTurn(() => site.open("", { ...HIGH, permissions, prepare: closeFolder })),
};

/** A page without pictures, of which nothing was left out. @param {"open" | "closed"} [folder] whether one folder can be read */
async function emptied(folder = "open") {
    const page = await PAGES[folder]();
    await waitUntilReady(page);
    await removeAll(page);
    await page.click('[data-do="more"]');
    await page.waitForSelector('[data-do="settings"]');
    if (await page.isVisible('[data-do="menu-left-out"]')) {
        await page.click('[data-do="menu-left-out"]');
        await page.click('[data-do="clear-left-out"]');
        await page.waitForSelector(".left-out-none");
    }
    await closeLayers(page);
    assert.equal(await page.locator('[data-do="left-out"]').count(), 0);
    return page;
}

/** @param {Page} page */
const paths = async (page) => (await cards(page)).map(({ path }) => path);
/** @param {Page} page @param {string} text */
const waitForToast = (page, text) => page.locator(".toast", { hasText: text }).waitFor();
/** The list, by reason. @param {Page} page @returns {Promise<Record<string, string[]>>} */
const listed = async (page) => {
    await page.waitForSelector(".left-out");
    await waitForIdle(page);
    return Object.fromEntries(
        await page.$$eval(".left-out-group", (all) =>
            all.map((group) => [
                group.getAttribute("data-reason"),
                Array.from(group.querySelectorAll("li bdi"), ({ textContent }) => textContent),
            ]),
        ),
    );
};

test("a folder that is dropped again comes in once, also where its pictures are chosen one by one, and copies within it stay", async () => {
    const page = await emptied();
    await drop(page, "Trip");
    await waitUntilDone(page);
    const all = ["Trip/cat.jpg", "Trip/closed/man.jpg", "Trip/cup again.jpg", "Trip/cup.jpg"];
    assert.deepEqual((await paths(page)).sort(), all);
    await drop(page, "Trip");
    await waitForToast(page, "Left out 6 files.");
    await page.setInputFiles('[data-input="files"]', [join(disk, "Trip/cat.jpg"), join(disk, "Trip/cup again.jpg")]);
    await waitForToast(page, "2 pictures are already here.");
    await waitForIdle(page);
    assert.deepEqual((await paths(page)).sort(), all);
    assert.equal((await page.textContent('[data-do="left-out"]'))?.trim(), "8 left out");
});

test("what was left out is listed by reason with its name, hostile or not, and a folder that cannot be read is named", async () => {
    const page = await emptied("closed");
    await drop(page, "Trip");
    await waitForToast(page, "Left out 3 files.");
    await waitUntilDone(page);
    await page.click('.toast [data-do="notice"]');
    assert.equal(await page.locator(".dialog-notice").innerText(), "", "what it said is not said again");
    assert.deepEqual(await listed(page), {
        denied: ["Trip/closed/"],
        not_picture: [`Trip/${HOSTILE}`],
        hidden: ["Trip/.hidden.jpg"],
    });
    assert.equal(await page.locator(".left-out img").count(), 0);
    const heads = await page.$$eval(".left-out h3", (all) => all.map(({ textContent }) => textContent?.trim()));
    assert.deepEqual(heads, ["Couldn’t be read: permission denied 1", "Not a picture 1", "Hidden file 1"]);
});

test("the same files come in if they are wanted, by the keyboard alone, and the list is cleared", async () => {
    const page = await emptied();
    const cup = painted("cup.jpg", "cup");
    await addFiles(page, [cup]);
    await waitUntilDone(page);
    await addFiles(page, [cup, painted("cat.jpg", "cat")]);
    await waitForToast(page, "1 picture is already here.");
    await waitUntilDone(page);
    await page.focus('[data-do="select-all"]');
    while ((await focused(page)) !== "left-out") await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    assert.deepEqual(await listed(page), { same: ["cup.jpg"] });
    while ((await focused(page)) !== "add-left-out") await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".left-out-none");
    await page.keyboard.press("Escape");
    await waitUntilDone(page);
    assert.deepEqual(await paths(page), ["cup.jpg", "cat.jpg", "cup.jpg"]);
    assert.equal(await page.locator('[data-do="left-out"]').count(), 0);
});

test("the notice's button is reached by Tab, and the list it opens says which file it was", async () => {
    const page = await emptied();
    const cup = painted("cup.jpg", "cup");
    await addFiles(page, [cup]);
    await waitUntilDone(page);
    await addFiles(page, [cup]);
    await waitForToast(page, "1 picture is already here.");
    for (let n = 0; n < 60 && (await focused(page)) !== "notice"; n++) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.deepEqual(await listed(page), { same: ["cup.jpg"] });
});

test("where everything was left out the list is behind the menu", async () => {
    const page = await emptied();
    mkdirSync(join(disk, "Papers"), { recursive: true });
    writeFileSync(join(disk, "Papers/notes.txt"), "no picture");
    await drop(page, "Papers");
    await waitForToast(page, "Skipped 1 file that isn’t a picture.");
    await page.click('[data-do="more"]');
    await page.click('[data-do="menu-left-out"]');
    assert.deepEqual(await listed(page), { not_picture: ["Papers/notes.txt"] });
    await page.click('[data-do="clear-left-out"]');
    await page.waitForSelector(".left-out-none");
    await page.keyboard.press("Escape");
    await page.click('[data-do="more"]');
    await page.waitForSelector('[data-do="settings"]');
    assert.equal(await page.locator('[data-do="menu-left-out"]').count(), 0);
});

test("the list is copied as text, and a browser that forbids it is said to", async () => {
    const page = await emptied("closed");
    await drop(page, "Trip");
    await waitForToast(page, "Left out 3 files.");
    await page.click('.toast [data-do="notice"]');
    await page.click('[data-do="copy-left-out"]');
    await page.locator(".dialog-notice", { hasText: "Copied." }).waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(text, /^Couldn’t be read: permission denied\n {2}Trip\/closed\/\n\nNot a picture\n {2}Trip\/<img/);
    await page.evaluate(() => {
        const { writeText } = Clipboard.prototype;
        Clipboard.prototype.writeText = () => {
            Clipboard.prototype.writeText = writeText;
            return Promise.reject(new DOMException("no", "NotAllowedError"));
        };
    });
    await page.click('[data-do="copy-left-out"]');
    await page.locator(".dialog-notice", { hasText: "blocked copying" }).waitFor();
});

test("a removed picture may come in again, and undoing its removal brings it back beside it", async () => {
    const page = await emptied();
    const cup = painted("cup.jpg", "cup");
    await addFiles(page, [cup, painted("cat.jpg", "cat")]);
    await waitUntilDone(page);
    await page.click(`${card("cup.jpg")} .card-frame`);
    await waitForIdle(page);
    await page.keyboard.press("Delete");
    await waitForIdle(page);
    assert.deepEqual(await paths(page), ["cat.jpg"]);
    await addFiles(page, [cup]);
    await waitUntilDone(page);
    assert.deepEqual(await paths(page), ["cat.jpg", "cup.jpg"]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("z");
    await waitForIdle(page);
    assert.deepEqual(await paths(page), ["cup.jpg", "cat.jpg", "cup.jpg"]);
    await addFiles(page, [cup]);
    await waitForToast(page, "1 picture is already here.");
});

test("the list is accessible and fits every width, light and dark, in both languages", async () => {
    const page = await emptied("closed");
    await drop(page, "Trip");
    await waitForToast(page, "Left out 3 files.");
    await addFiles(page, [painted("cat.jpg", "cat")]);
    await waitUntilDone(page);
    /** @type {Record<string, unknown>} */
    const wrong = {};
    const look = async (/** @type {string} */ name) => {
        const found = await wrongInAnyLook(page);
        if (Object.keys(found).length > 0) wrong[name] = found;
    };
    await look("the notice and the line");
    for (const language of ["en", "sv"]) {
        await page.setViewportSize({ width: 1440, height: 900 });
        await page.selectOption('[data-do="language"]', language);
        await waitForIdle(page);
        await page.click('[data-do="left-out"]');
        await page.waitForSelector(".left-out");
        await look(language);
        await page.keyboard.press("Escape");
        await page.waitForSelector(".dialog[open]", { state: "detached" });
    }
    assert.deepEqual(wrong, {});
});
