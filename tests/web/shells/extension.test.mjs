/**
 * The extension as it is installed, in Chromium: a picture's menu on pages of every kind, the list of a page, the options; and that it goes on
 * when the browser ends a part of it. One browser for all tests, which follow each other.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { buildExtension } from "../../../www/tools/build_extension.mjs";
import { reportsOf } from "../command_line.mjs";
import { ROOT, fromWww } from "../harness.mjs";
import { openExtension, panelIn } from "./extension_chromium.mjs";
import { CAT, startSites } from "./extension_pages.mjs";

/** @import { Page } from "playwright-core" */

/** @type {Awaited<ReturnType<typeof startSites>>} */
let sites;
/** @type {Awaited<ReturnType<typeof openExtension>>} */
let extension;
const out = mkdtempSync(join(tmpdir(), "extension-"));

before(async () => {
    await buildExtension({ engine: join(ROOT, "target/engine"), models: join(ROOT, "models"), out, browsers: ["chromium"], minify: true });
    sites = await startSites();
    extension = await openExtension(join(out, "extension-chromium"));
});
after(async () => {
    await extension?.close();
    await sites?.close();
    rmSync(out, { recursive: true, force: true });
});

/** @param {string} path */
async function openPage(path) {
    const page = await extension.context.newPage();
    await page.goto(sites.url + path);
    await extension.press(page);
    return page;
}

/** What the command line says of the picture. */
const expected = () => reportsOf([CAT])[0]?.tags.map(({ id, confidence }) => ({ id, sure: `${Math.round(confidence * 100)}%` }));

test("a picture's menu gives its tags on a page with a strict policy, and the keyboard goes in and back", async () => {
    const page = await openPage("/strict.html");
    await page.focus("#before");
    await extension.chooseFromMenu(page, { srcUrl: `${sites.url}/cat.jpg` });
    const panel = await panelIn(page);
    const { tags, focus, rect, buttons } = await panel.shown();
    assert.deepEqual(tags.map(({ id, sure }) => ({ id, sure })), expected());
    assert.equal(focus, "H2");
    const picture = await page.locator("#own").boundingBox();
    assert.ok(picture && rect.left >= picture.x + picture.width, "it is beside its picture");
    assert.deepEqual(buttons, ["close", "wrong", "copy-html", "copy", "add"]);

    for (const wanted of buttons) {
        await page.keyboard.press("Tab");
        assert.equal((await panel.read())?.focus, "BUTTON", wanted);
    }
    await page.keyboard.press("Escape");
    await panel.gone();
    assert.equal(await page.evaluate(() => document.activeElement?.id), "before");
    await page.close();
});

test("every kind of picture gives the tags of its file, or says in a sentence why not", async () => {
    const page = await openPage("/");
    await page.waitForSelector("html[data-ready]");
    const panel = await panelIn(page);
    const tags = expected()?.map(({ id }) => id);
    /** @param {string} id of an element @param {{isNamed?: boolean, frame?: string}} [how] whether the browser names the picture's address */
    const choose = async (id, { isNamed = true, frame } = {}) => {
        const shown = page.locator(`#${id}`);
        const srcUrl = isNamed ? await shown.evaluate((/** @type {any} */ one) => one.currentSrc || one.src || one.href?.baseVal) : undefined;
        await shown.scrollIntoViewIfNeeded();
        if (!isNamed) await shown.click({ button: "right", force: true });
        await extension.chooseFromMenu(page, { srcUrl, frame });
        const said = await panel.shown();
        await panel.click('[data-do="close"]');
        await panel.gone();
        return said;
    };
    for (const id of ["own", "cors", "data", "blob", "picture", "srcset", "input", "far"])
        assert.deepEqual((await choose(id)).tags.map((tag) => tag.id), tags, id);
    for (const id of ["late", "svg", "background", "veiled", "canvas", "shadow"])
        assert.deepEqual((await choose(id, { isNamed: false })).tags.map((tag) => tag.id), tags, id);

    await extension.chooseFromMenu(page, { srcUrl: `${sites.url}/cat.jpg?inside`, frame: "/frame.html" });
    assert.deepEqual((await panel.shown()).tags.map((tag) => tag.id), tags, "in a frame");
    await panel.click('[data-do="close"]');

    assert.match((await choose("film", { isNamed: false })).failure, /video/);
    assert.match((await choose("tainted", { isNamed: false })).failure, /protects/);
    assert.match((await choose("broken")).failure, /can’t be read|isn’t a picture|format/i);
    const { failure, buttons } = await choose("foreign");
    assert.match(failure, /localhost:\d+ doesn’t let others read/);
    assert.deepEqual(buttons, ["close", "allow", "again"]);

    // The page's own scripts saw where the events went, and nothing of what they were for.
    await extension.chooseFromMenu(page, { srcUrl: `${sites.url}/cat.jpg` });
    const { alt } = await panel.shown();
    const spied = await page.evaluate(() => ({ seen: /** @type {any} */ (globalThis).seen, roots: [...document.querySelectorAll("*")].filter((one) => one.shadowRoot).map((one) => one.id), text: document.documentElement.innerText }));
    assert.deepEqual(spied.roots, ["shadow"]);
    assert.ok(alt && !spied.text.includes(alt));
    assert.deepEqual(spied.seen.filter((/** @type {string} */ one) => one.endsWith("DIV")), []);
    await page.close();
});
