/** Storage and backups: what is kept where, a backup of the size that was said, restored as a whole or not at all. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { findings } from "./accessibility.mjs";
import { closeDialog, inMenu, makeCollection, openFromMore, shownName } from "./collections.mjs";
import { card, tagSome } from "./grid.mjs";
import { addFiles, cards, exportReports, usePage, waitForIdle, waitUntilDone, waitUntilReady } from "./harness.mjs";
import { addTag, openPicture } from "./inspect.mjs";
import { painted } from "./painted.mjs";
import { closeLayers } from "./rest.mjs";
import { readDatabase, writeDatabase } from "./stored_library.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const site = usePage({ model: "painted" });

/** @param {Page} page @param {string} name */
const bytesOf = async (page, name) => Number(await page.getAttribute(`[data-storage="${name}"]`, "data-value"));

/** The size that is said of a backup. @param {Page} page */
async function saidSize(page) {
    await page.waitForFunction(() => document.querySelector('[data-count="backup"]')?.getAttribute("data-value"));
    return Number(await page.getAttribute('[data-count="backup"]', "data-value"));
}

/** Saves a backup, in the dialog. @param {Page} page */
async function saveBackup(page) {
    const [download] = await Promise.all([page.waitForEvent("download"), page.click('[data-do="save-backup"]')]);
    assert.match(download.suggestedFilename(), /^backup [\d .-]+( \(2\))?\.tagsmith$/);
    return readFileSync(await download.path());
}

/** @param {Page} page @param {Buffer} buffer @param {string} [name] */
const chooseBackup = (page, buffer, name = "backup.tagsmith") =>
    page.setInputFiles('[data-input="backup"]', { name, mimeType: "", buffer });

/** @param {Page} page @param {string} status */
const waitForOffer = (page, status) => page.waitForSelector(`[data-offer="${status}"]`);

const inTurn = site.inTurn(() => site.open());

test("what is kept is counted, and a backup is as large as was said, with thumbnails and without", async () => {
    const page = await inTurn();
    await waitUntilReady(page);
    await openFromMore(page, "storage");
    assert.match(await page.innerText(".storage"), /Nothing is kept yet.*There is nothing to save yet/s);
    await closeDialog(page);
    await tagSome(page);
    await openFromMore(page, "storage");
    await page.waitForSelector('[data-storage="total"]');
    assert.equal(await page.locator('[data-kept="opfs"]').count(), 1);
    assert.ok((await bytesOf(page, "database")) > 10_000);
    assert.ok((await bytesOf(page, "thumbnails")) > 100);
    const large = await saidSize(page);
    const withThumbnails = await saveBackup(page);
    await page.click('[data-do="backup-thumbnails"]');
    await waitForIdle(page);
    const small = await saidSize(page);
    const without = await saveBackup(page);
    assert.ok(small < large, `${small} < ${large}`);
    for (const [said, { length }] of /** @type {const} */ ([
        [large, withThumbnails],
        [small, without],
    ]))
        assert.ok(Math.abs(said - length) <= 0.1 * length + 8192, `${said} was said of ${length}`);
    assert.equal(without.subarray(0, 15).toString("latin1"), "SQLite format 3");
    await page.click('[data-do="backup-thumbnails"]');
});

test("a backup brings everything back in another browser, after it has been said what is in it and what it replaces", async () => {
    const page = await site.open();
    await tagSome(page);
    await openPicture(page, "cup.jpg");
    await addTag(page, "breakfast");
    await page.keyboard.press("Escape");
    await makeCollection(page, "Zoo");
    await addFiles(page, [painted("lion.jpg", "cat")]);
    await waitUntilDone(page);
    const reports = await exportReports(page);
    await openFromMore(page, "storage");
    const backup = await saveBackup(page);

    const other = await site.open();
    await addFiles(other, [painted("mouse.jpg", "man"), painted("rocket.jpg", "rocket")]);
    await waitUntilDone(other);
    await openFromMore(other, "storage");
    await chooseBackup(other, backup);
    await waitForOffer(other, "asking");
    const said = (await other.innerText("[data-offer]")).replace(/\s+/g, " ");
    assert.match(said, /backup\.tagsmith 6 pictures 2 collections 1 correction with thumbnails/);
    assert.match(said, /Zoo 1 picture/);
    assert.match(said, /replaces everything that is here: 2 pictures/);
    await other.click('[data-do="drop-backup"]');
    await waitForIdle(other);
    assert.equal(await other.locator(card("mouse.jpg")).count(), 1, "nothing has changed");

    await chooseBackup(other, backup);
    await waitForOffer(other, "asking");
    await other.click('[data-do="restore-backup"]');
    await other.locator(".toast", { hasText: "Restored 6 pictures." }).first().waitFor();
    await closeDialog(other);
    assert.equal(await shownName(other), "Zoo");
    await other.waitForSelector(`${card("lion.jpg")} img`);
    assert.deepEqual(await exportReports(other), reports);
    await inMenu(other, "choose-collection", "My pictures");
    await other.waitForSelector(card("cup.jpg"));
    await addFiles(other, [painted("rocket.jpg", "rocket")]); // which was in the library before
    await waitUntilDone(other);
    await other.reload();
    await other.waitForSelector(card("rocket.jpg"));
    await waitForIdle(other);
    assert.equal((await cards(other)).length, 6, "after a reload too: it has come, and took no picture's place");
    await inMenu(other, "choose-collection", "Zoo");
    await other.waitForSelector(card("lion.jpg"));
    assert.equal((await cards(other)).length, 1);
});

test("what is no backup, is damaged or cut off is refused with the reason, dropped on the page too, and nothing changes", async () => {
    const page = await inTurn();
    await closeLayers(page);
    if ((await page.locator(".card").count()) === 0) await tagSome(page);
    await openFromMore(page, "storage");
    const backup = await saveBackup(page);
    const damaged = Buffer.from(backup);
    damaged.fill(0x5a, Math.floor(damaged.length / 2), Math.floor(damaged.length / 2) + 200);
    const newer = Buffer.from(backup);
    newer.writeUInt32BE(99, 60); // user_version
    for (const [what, bytes, code] of /** @type {const} */ ([
        ["text", Buffer.from("This is no backup."), "backup_damaged"],
        ["empty", Buffer.alloc(0), "backup_damaged"],
        ["cut off", backup.subarray(0, backup.length / 2), "backup_damaged"],
        ["damaged", damaged, "backup_damaged"],
        ["newer", newer, "backup_newer"],
    ])) {
        await chooseBackup(page, bytes, `${what}.tagsmith`);
        await page.locator('[data-offer="failed"]', { hasText: `${what}.tagsmith` }).waitFor();
        assert.equal(await page.getAttribute("[data-offer] .failure-box", "data-code"), code, what);
        assert.match(await page.innerText("[data-offer]"), /Nothing here has changed/);
        assert.equal(await page.locator('[data-do="restore-backup"]').count(), 0);
    }
    await closeDialog(page);
    assert.equal((await cards(page)).length, 5);
    await page.evaluate(() => {
        const data = new DataTransfer();
        data.items.add(new File(["no backup"], "holiday.tagsmith"));
        document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    });
    await page.waitForSelector('dialog[open][data-dialog="storage"] [data-offer="failed"]');
    assert.equal((await cards(page)).length, 5);
});

test("a page without storage says that nothing is kept, and offers a backup all the same", async () => {
    const prepare = (/** @type {Page} */ page) =>
        page.addInitScript(() => void Reflect.deleteProperty(StorageManager.prototype, "getDirectory"));
    const page = await site.open("", { prepare });
    await tagSome(page);
    await openFromMore(page, "storage");
    await page.waitForSelector('[data-kept="memory"]');
    assert.match(await page.innerText('[data-kept="memory"]'), /Nothing is kept in this window.*Save a backup/s);
    assert.equal(await page.locator("[data-promised]").count(), 0);
    assert.ok((await saveBackup(page)).length > 10_000);
});

test("the browser is asked to keep what is stored, and what it answers is said", async () => {
    const prepare = (/** @type {Page} */ page) =>
        page.addInitScript(() => {
            let isPromised = false;
            StorageManager.prototype.persisted = async () => isPromised;
            StorageManager.prototype.persist = async () => "isGiven" in globalThis && (isPromised = true);
        });
    const page = await site.open("", { prepare });
    await tagSome(page);
    await openFromMore(page, "storage");
    await page.click('[data-promised="false"] [data-do="ask-storage"]');
    await page.locator(".toast", { hasText: "didn’t promise it" }).first().waitFor();
    await page.evaluate(() => void Object.assign(globalThis, { isGiven: true }));
    await page.click('[data-do="ask-storage"]');
    await page.waitForSelector('[data-promised="true"]');
    assert.equal(await page.locator('[data-do="ask-storage"]').count(), 0);
});

test("a damaged library says so; what can be saved and what is in doubt is told first, and then it takes its place", async () => {
    const page = await site.open();
    await tagSome(page);
    await openPicture(page, "cup.jpg");
    await addTag(page, "breakfast");
    await page.keyboard.press("Escape");
    await waitForIdle(page);
    site.watch.allow(/favicon\.ico/); // only the page itself names its icon
    await page.goto(`${site.url}assets.json`); // where nothing has the library open
    const content = await readDatabase(page);
    content.write("mug", content.indexOf("cup.jpg"));
    await writeDatabase(page, content);
    await page.goto(site.url);
    await page.click('[data-code="library_damaged"] [data-do="try-again"]');
    await page.waitForSelector('[data-rescue="asking"]');
    assert.match(
        await page.innerText(".rescue"),
        /Pictures\s+kept Some may be wrong.*removed\s+kept Some may be wrong.*found by a model\s+kept\s.*5 pictures are tagged again/s,
    );
    assert.deepEqual(await findings(page), []);
    const [download] = await Promise.all([page.waitForEvent("download"), page.click('[data-do="save-damaged"]')]);
    const saved = readFileSync(await download.path());
    assert.ok(saved.indexOf("mug.jpg") > 0 && saved.length === content.length - 4096, "the damaged one can be kept");
    await page.click('[data-do="rescue"]');
    await page.locator(".toast", { hasText: "Saved 5 pictures." }).first().waitFor();
    assert.equal(await page.locator(".problem, .rescue").count(), 0);
    await closeDialog(page);
    assert.deepEqual(await page.innerText(`${card("mug.jpg")} [data-tag="own:breakfast"]`), "breakfast");
    assert.equal((await cards(page)).length, 5);
});
