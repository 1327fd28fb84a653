/**
 * The extension as it is installed, in Chromium: a picture's menu on pages of every kind, the list of a page, the options; and that it goes on
 * when the browser ends a part of it. One browser for all tests, which follow each other.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { buildExtension } from "../../../www/tools/build_extension.mjs";
import { poll } from "../browsers/browser.mjs";
import { start } from "../command_line.mjs";
import { FIFTY, assertSameOfFifty, fiftyByCommandLine } from "../fifty_pictures.mjs";
import { ROOT, fromWww } from "../harness.mjs";
import { TOLERANCES } from "../same_reports.mjs";
import { openExtension, panelIn } from "./extension_chromium.mjs";
import { NAMES, namesInBrowser } from "./extension_names.mjs";
import { CAT, DESCRIBED, startSites } from "./extension_pages.mjs";

/** @import { Page } from "playwright-core" */

/** @type {Awaited<ReturnType<typeof startSites>>} */
let sites;
/** @type {Awaited<ReturnType<typeof openExtension>>} */
let extension;
const out = mkdtempSync(join(tmpdir(), "extension-"));
/** What the command line says of the picture. @type {import("../command_line.mjs").Report} */
let expected;
/** A model that somebody may bring. */
const SMALL = join(ROOT, "tests/fixtures/models/float32");

before(async () => {
    const asked = fiftyByCommandLine(); // it takes as long as all of the below
    await buildExtension({
        engine: join(ROOT, "target/engine"),
        models: join(ROOT, "models"),
        out,
        browsers: ["chromium"],
        minify: true,
        effort: 1,
    });
    sites = await startSites();
    extension = await openExtension(join(out, "extension-chromium"), ["http://localhost/*"]);
    const [cat] = (await asked).filter(({ path }) => path === CAT);
    expected = cat ?? assert.fail("the cat is one of them");
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

test("fifty pictures of a page get the command line's tags and suggestions; what was cancelled or refused is asked for again", async () => {
    const page = await openPage("/fifty.html");
    const list = await extension.openPopup(page);
    const shown = () => list.locator("li").count();
    const refused = `**/fifty/${FIFTY.at(-1)?.name}`;
    await page.route(refused, (route) => route.fulfill({ status: 503 }));
    await hesitate(list);
    const told = list.getByText("hand out this picture any more (answer 503)");
    const remedy = list.getByText("Reload the page, then try again.");
    assert.deepEqual([await told.count(), await remedy.count()], [1, 1]);
    assert.equal((await reportsIn(list)).length, FIFTY.length - 1);
    assert.match(await saved(list, "csv"), /^\ufeff"address","alt","tags","error"\r\n.+answer 503/s);
    await page.unroute(refused);
    await tagAll(list);
    assert.deepEqual([await told.count(), await remedy.count()], [0, 0]);
    assert.doesNotMatch(await saved(list, "csv"), /503/);
    await assertSameOfFifty("extension", await reportsIn(list), TOLERANCES.relaxed);

    await list.fill('[data-do="filter"]', "tabby");
    const cats = (await fiftyByCommandLine()).filter(({ tags }) => tags.some(({ id }) => id === "tabby-cat"));
    assert.equal(await shown(), cats.length);
    await list.fill('[data-do="filter"]', "no such tag");
    assert.equal(await shown(), 0);
    await list.fill('[data-do="filter"]', "");
    await list.check('[data-do="only-missing"]');
    const texts = await list.locator("li").allInnerTexts();
    assert.ok(texts.some((text) => text.includes("Suggested alternative text")));
    assert.deepEqual(await violations(list), []);
    const report = await saved(list, "report");
    assert.match(report, /^# Pictures without alternative text\n/);
    assert.ok(report.includes("Suggestion: ") && !report.includes(DESCRIBED));
    await list.close();
    await page.close();
});

test("a picture's menu gives its tags on a page with a strict policy, and the keyboard goes in and back", async () => {
    const page = await openPage("/strict.html");
    await page.focus("#before");
    await extension.chooseFromMenu(page, { srcUrl: `${sites.url}/cat.jpg` });
    const panel = await panelIn(page);
    const { tags, focus, rect, buttons } = await panel.shown();
    const sure = (/** @type {number} */ confidence) => `${Math.round(confidence * 100)}%`;
    assert.deepEqual(
        tags.map((one) => [one.id, one.sure]),
        expected.tags.map((one) => [one.id, sure(one.confidence)]),
    );
    assert.equal(focus, "H2");
    const picture = await page.locator("#own").boundingBox();
    assert.ok(picture && rect.left >= picture.x + picture.width, "it is beside its picture");
    assert.deepEqual(buttons, ["close", "wrong", "copy-html", "copy", "add"]);

    const copy = await extension.context.newPage();
    await copy.setContent(
        `<!doctype html><html lang="en"><title>Panel</title><main>${await panel.markup()}</main></html>`,
    );
    assert.deepEqual(await violations(copy, ["page-has-heading-one", "heading-order"]), []);
    await copy.close();
    await page.bringToFront();
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
    const tags = expected.tags.map(({ id }) => id);
    /** @param {string} id of an element @param {{isNamed?: boolean}} [how] whether the browser names the picture's address */
    const choose = async (id, { isNamed = true } = {}) => {
        const shown = page.locator(`#${id}`);
        const srcUrl = isNamed
            ? await shown.evaluate((/** @type {any} */ one) => one.currentSrc || one.src || one.href?.baseVal)
            : undefined;
        await shown.scrollIntoViewIfNeeded();
        if (!isNamed) await shown.click({ button: "right", force: true });
        await extension.chooseFromMenu(page, { srcUrl });
        const said = await panel.shown();
        await panel.click('[data-do="close"]');
        await panel.gone();
        return said;
    };
    for (const id of ["own", "cors", "data", "blob", "picture", "srcset", "input", "far"])
        assert.deepEqual(
            (await choose(id)).tags.map((tag) => tag.id),
            tags,
            id,
        );
    for (const id of ["late", "svg", "background", "veiled", "canvas", "shadow"])
        assert.deepEqual(
            (await choose(id, { isNamed: false })).tags.map((tag) => tag.id),
            tags,
            id,
        );

    const frame = await extension.frameOf(page, "/frame.html");
    await extension.chooseFromMenu(page, { srcUrl: `${sites.url}/cat.jpg?inside`, frame });
    assert.deepEqual(
        (await panel.shown()).tags.map((tag) => tag.id),
        tags,
        "in a frame",
    );
    await panel.click('[data-do="close"]');

    assert.match((await choose("film", { isNamed: false })).failure, /video/);
    assert.match((await choose("tainted", { isNamed: false })).failure, /protects/);
    assert.match((await choose("broken")).failure, /isn’t a supported picture/);
    const { failure, buttons } = await choose("foreign");
    assert.match(failure, /localhost:\d+ doesn’t let others read/);
    assert.deepEqual(buttons, ["close", "allow", "again"]);
    await extension.chooseFromMenu(page, { srcUrl: `${sites.other}/cat.jpg` });
    await panel.until(({ failure }) => failure !== "");
    await panel.click('[data-do="allow"]');
    assert.deepEqual(
        (await panel.until(({ tags }) => tags.length > 0)).tags.map((tag) => tag.id),
        tags,
        "with leave for its site",
    );

    // The page's own scripts saw where the events went, and nothing of what they were for.
    await extension.chooseFromMenu(page, { srcUrl: `${sites.url}/cat.jpg` });
    const { alt } = await panel.shown();
    const spied = await page.evaluate(() => ({
        seen: /** @type {any} */ (globalThis).seen,
        roots: [...document.querySelectorAll("*")].filter((one) => one.shadowRoot).map((one) => one.id),
        text: document.documentElement.innerText,
    }));
    assert.deepEqual(spied.roots, ["shadow"]);
    assert.ok(alt && !spied.text.includes(alt));
    assert.deepEqual(
        spied.seen.filter((/** @type {string} */ one) => one.endsWith("DIV")),
        [],
    );
    await page.close();
});

test("a frame of another site is told of where it is out of reach, and is like any other once that site is allowed", async () => {
    const page = await openPage("/framing.html");
    const frame = await extension.frameOf(page, "/framed.html"); // the site was allowed above
    await extension.revoke("http://localhost/*");
    const panel = await panelIn(page);
    await extension.chooseFromMenu(page, { srcUrl: `${sites.other}/cat.jpg?inside`, frame });
    assert.match((await panel.shown()).failure, /localhost:\d+ doesn’t let others read/);
    await panel.click('[data-do="close"]');
    await extension.chooseFromMenu(page, { frame }); // of a background a menu names no address
    const { failure, buttons } = await panel.shown();
    assert.match(failure, /This part of the page comes from localhost:\d+/);
    assert.deepEqual(buttons, ["close", "allow", "again"]);

    const list = await extension.openPopup(page);
    assert.equal(await list.locator("li").count(), 1);
    await list.getByText("Pictures in frames of other sites aren’t listed.").waitFor();
    assert.deepEqual(await violations(list), []);
    await list.click('[data-do="allow"]');
    await list.waitForFunction(() => document.querySelectorAll("li").length === 3);
    assert.equal(await list.locator('[data-do="allow"]').count(), 0);
    await list.close();

    await page.bringToFront();
    await panel.click('[data-do="again"]');
    await panel.until(({ failure }) => /may now read pictures from localhost/.test(failure));
    await panel.click('[data-do="close"]');
    await page.frameLocator("#frame").locator("#background").click({ button: "right" });
    await extension.chooseFromMenu(page, { frame });
    const inside = await panelIn(
        page,
        page.frames().find((one) => one.url() === frame.frameUrl),
    );
    assert.deepEqual(
        (await inside.shown()).tags.map(({ id }) => id),
        expected.tags.map(({ id }) => id),
    );
    await page.close();
});

test("a wrong tag goes into the library with the picture, and is taken back", async () => {
    const page = await openPage("/strict.html");
    await extension.chooseFromMenu(page, { srcUrl: `${sites.url}/cat.jpg` });
    const panel = await panelIn(page);
    const { tags } = await panel.shown();
    await panel.click('[data-do="wrong"]');
    await panel.click('[data-do="add"]');
    await panel.until(({ said }) => said === "Added to the library, with your correction.");
    const [kept] = await extension.inbox();
    assert.deepEqual(
        kept?.rejected.map(({ id }) => id),
        [tags[0]?.id],
    );
    assert.deepEqual([kept?.path, kept?.size], [`${sites.url}/cat.jpg`, statSync(CAT).size]);
    await panel.click('[data-do="wrong"]'); // right after all
    await poll(async () => (await extension.inbox())[0]?.rejected.length === 0, { ms: 20_000 });
    await panel.click('[data-do="undo"]');
    await panel.until(({ said }) => said === "Taken back.");
    assert.deepEqual(await extension.inbox(), []);
    await page.close();
});

test("a tab closed in the middle and a background that was stopped leave a tagger that goes on", async () => {
    const closed = await openPage("/strict.html");
    await extension.chooseFromMenu(closed, { srcUrl: `${sites.url}/cat.jpg` });
    await closed.close();
    const page = await openPage("/strict.html");
    await extension.chooseFromMenu(page, { srcUrl: `${sites.url}/cat.jpg` });
    const panel = await panelIn(page);
    const { tags } = await panel.shown();
    await extension.stopBackground();
    await panel.click('[data-do="add"]'); // of a panel that was open
    await panel.until(({ said }) => said === "Added to the library.");
    await panel.click('[data-do="undo"]');
    await panel.until(({ said }) => said === "Taken back.");
    await extension.stopTagger(); // the browser took its memory
    await extension.chooseFromMenu(page, { srcUrl: `${sites.url}/cat.jpg` }); // wakes the background
    assert.deepEqual((await panel.until(({ isBusy, said }) => !isBusy && said === "")).tags, tags);
    await page.close();
});

test("the toolbar lists every picture of a page, and which have no alternative text", async () => {
    const page = await openPage("/");
    await page.waitForSelector("html[data-ready]");
    const list = await extension.openPopup(page);
    const all = await list.locator("li").count();
    assert.ok(all > 12, `${all} pictures`);
    await list.fill('[data-do="side"]', "200"); // the files are larger than they are shown
    const n = await list.locator("li").count();
    assert.ok(n > 3 && n < all);
    await list.check('[data-do="only-missing"]');
    const texts = await list.locator("li").allInnerTexts();
    assert.ok(texts.length > 0 && texts.length < n && texts.every((text) => text.includes("No alternative text")));
    await list.close();
    await page.close();

    const named = await openPage("/names.html");
    const names = await extension.openPopup(named);
    const shown = await names.locator("li .words").allInnerTexts();
    const wanted = NAMES.map(({ name }) =>
        name === null ? "No alternative text" : name === "" ? "Marked as decoration" : `Alternative text: ${name}`,
    );
    assert.deepEqual(
        shown.map((text, idx) => [NAMES[idx]?.html, text.split("\n").find((line) => wanted.includes(line))]),
        NAMES.map(({ html }, idx) => [html, wanted[idx]]),
    );
    await names.check('[data-do="only-missing"]');
    assert.equal(await names.locator("li").count(), NAMES.filter(({ isLacking }) => isLacking).length);
    assert.deepEqual(
        await namesInBrowser(named),
        NAMES.map(({ name, browser }) => browser ?? name ?? ""),
    );
    await names.close();
    await named.close();

    const none = await openPage("/empty.html");
    const empty = await extension.openPopup(none);
    await empty.getByText("There are no pictures on this page.").waitFor();
    await empty.close();
    await none.close();
});

test("the library takes what waits, with its corrections, and keeps it", async () => {
    const page = await openPage("/strict.html");
    await extension.chooseFromMenu(page, { srcUrl: `${sites.url}/cat.jpg` });
    const panel = await panelIn(page);
    const { tags } = await panel.shown();
    await panel.click('[data-do="wrong"]');
    await panel.click('[data-do="add"]');
    await panel.until(({ said }) => said.startsWith("Added to the library, with"));
    const library = await extension.context.newPage();
    await library.goto(extension.address("library.html"));
    const card = library.locator(".card", { hasText: "cat.jpg" });
    await card.waitFor();
    await library.waitForFunction(
        (name) =>
            document.querySelector(".card")?.textContent?.includes("cat") &&
            !document.querySelector(".card")?.textContent?.includes(name),
        "tabby",
    );
    assert.deepEqual([tags[0]?.id, await extension.inbox()], ["tabby-cat", []]);
    await panel.click('[data-do="undo"]');
    await panel.until(({ said }) => said === "The library has it already. Change it there.");
    await panel.click('[data-do="wrong"]'); // right after all: said in a panel that is still open
    await panel.until(({ said }) => said === "The library has it already, and gets your correction.");
    await library.waitForFunction(() => document.querySelector(".card")?.textContent?.includes("tabby"));

    // Another panel, of a picture that is there, from an earlier visit.
    await library.reload();
    await library.locator(".card").waitFor();
    await extension.chooseFromMenu(page, { srcUrl: `${sites.url}/cat.jpg` });
    await panel.until(({ said, tags }) => said === "" && tags.length > 0);
    await panel.click('[data-do="wrong"]');
    await panel.click('[data-do="add"]');
    await panel.until(({ said }) => said === "The library has it already, and gets your correction.");
    await library.waitForFunction(() => !document.querySelector(".card")?.textContent?.includes("tabby"));
    await library.bringToFront();
    await library.keyboard.press("Control+z");
    await library.waitForFunction(() => document.querySelector(".card")?.textContent?.includes("tabby"));
    assert.equal(await library.locator(".card").count(), 1);
    await panel.click('[data-do="library"]');
    await poll(async () => (await extension.contexts()).includes("SIDE_PANEL"), { ms: 20_000 });
    await drop(library, "model.onnx");
    await library.waitForSelector('.model-form[data-own="asking"]'); // what its labels are
    await library.close();
    await page.close();
});

test("a model that was brought in the library is chosen in the options and tags in pages; one that is broken or gone says so", async () => {
    const library = await extension.context.newPage();
    await library.goto(extension.address("library.html"));
    await library.locator(".card").waitFor();
    await drop(library, "model.onnx", "model.json", "vocabulary.json");
    await library.waitForSelector('[data-model="float32"][data-state="used"]');
    const page = await openPage("/strict.html");
    const panel = await panelIn(page);
    const tagged = async () => {
        await extension.chooseFromMenu(page, { srcUrl: `${sites.url}/cat.jpg` });
        const now = await panel.until(({ isBusy, said }) => !isBusy && said === "");
        await panel.click('[data-do="close"]');
        await panel.gone();
        return now.failure || now.tags.map(({ id }) => id);
    };
    const { ended } = start(["tag", "--model", SMALL, "--format", "jsonl", CAT]);
    const own = await tagged();
    assert.deepEqual(own, JSON.parse((await ended).stdout).tags.map(ids), "the choice is that of the library");

    const options = await extension.context.newPage();
    await options.goto(extension.address("options.html"));
    await options.getByText("454ca070c8300967078818c0a9b1fdd0af4b04e70a167d2f5b1ef68c2f2130c1").waitFor();
    assert.deepEqual(await options.locator('[data-do="model"] option').allInnerTexts(), [
        "EfficientNet-Lite0",
        "Tiny network for tests: float32",
    ]);
    await options.selectOption('[data-do="model"]', "");
    await options.getByText("Saved.").waitFor();
    await library.waitForSelector('[data-model="bundled"][data-state="used"]');
    assert.deepEqual(await tagged(), expected.tags.map(ids));

    await options.evaluate(async () => {
        const kept = await caches.open("tagsmith-models");
        const [network] = (await kept.keys()).filter(({ url }) => url.endsWith("/float32/model.onnx"));
        await kept.put(/** @type {Request} */ (network), new Response("broken"));
    });
    await options.selectOption('[data-do="model"]', "float32");
    assert.match(await options.locator('[role="alert"]').innerText(), /^The model file doesn’t match its card/);
    assert.equal(await options.inputValue('[data-do="model"]'), "");
    assert.deepEqual(await violations(options), []);
    await options.evaluate(() => localStorage.setItem("tagsmith.settings", JSON.stringify({ model: "gone" })));
    assert.equal(await tagged(), "The model “gone” is no longer on this device.");
    assert.deepEqual(await tagged(), expected.tags.map(ids), "that of the package stands in");
    for (const one of [options, page, library]) await one.close();
});

test("options hold for the next picture, in both languages, and a site's leave can be revoked", async () => {
    const options = await extension.context.newPage();
    await options.goto(extension.address("options.html"));
    assert.deepEqual(await violations(options), []);
    const other = await extension.context.newPage(); // whoever has revoked it: the browser's own page of extensions can, too
    await other.goto(extension.address("options.html"));
    for (const page of [options, other]) await page.getByText("http://localhost").waitFor();
    await options.click('[data-do="revoke"]');
    for (const page of [options, other]) await page.getByText("None. You are asked").waitFor();
    await other.close();
    await options.selectOption('[data-do="preset"]', "own");
    await options.fill('[data-do="threshold"]', "1");
    await options.fill('[data-do="most"]', "3");
    await options.press('[data-do="most"]', "Enter");
    await options.selectOption('[data-do="language"]', "sv");
    await options.getByText("Sparat.").waitFor();
    assert.deepEqual(await violations(options), []);
    await options.close();

    const page = await openPage("/strict.html");
    await extension.chooseFromMenu(page, { srcUrl: `${sites.url}/cat.jpg` });
    const { tags, lang } = await (await panelIn(page)).shown();
    assert.deepEqual([tags.length, lang], [3, "sv"]);
    await page.close();
    assert.deepEqual(
        extension.complaints.filter(
            (text) => !/404|503|net::ERR|Access to fetch at|Content Security Policy of your site blocks/.test(text),
        ),
        [],
    );
});

const ids = (/** @type {{id: string}} */ { id }) => id;

/** Files of a small model, let go over a page. @param {Page} page @param {string[]} names */
async function drop(page, ...names) {
    const files = names.map((name) => ({ name, content: readFileSync(join(SMALL, name), "base64") }));
    const carried = await page.evaluateHandle((files) => {
        const transfer = new DataTransfer();
        for (const { name, content } of files)
            transfer.items.add(new File([Uint8Array.from(atob(content), (byte) => byte.charCodeAt(0))], name));
        return transfer;
    }, files);
    await page.dispatchEvent("body", "drop", { dataTransfer: carried });
}

/** What axe finds. @param {Page} page @param {string[]} [left] rules that are for whole pages */
async function violations(page, left = []) {
    await page.evaluate(readFileSync(fromWww.resolve("axe-core/axe.min.js"), "utf8"));
    const found = await page.evaluate(async () =>
        (await /** @type {any} */ (globalThis).axe.run()).violations.map((/** @type {any} */ one) => [
            one.id,
            one.nodes[0].html,
        ]),
    );
    return found.filter((/** @type {[string, string]} */ [rule]) => !left.includes(rule));
}

/** Until it is through. @param {Page} list */
async function tagAll(list) {
    await list.click('[data-do="tag-all"]');
    await untilTagged(list);
}

/** Begins, cancels and begins again, before the engine has started. @param {Page} list */
async function hesitate(list) {
    await list.evaluate(async () => {
        const press = (/** @type {string} */ name) =>
            /** @type {HTMLElement} */ (document.querySelector(`[data-do="${name}"]`)).click();
        press("tag-all");
        for (let nFrames = 0; nFrames < 2; nFrames++) await new Promise(requestAnimationFrame);
        press("cancel");
        press("tag-all");
    });
    await untilTagged(list);
}

/** @param {Page} list */
const untilTagged = (list) => list.waitForSelector('[data-do="cancel"]', { state: "detached" }); // it is there meanwhile

/** @param {Page} list @returns {Promise<import("../command_line.mjs").Report[]>} */
async function reportsIn(list) {
    const lines = (await saved(list, "jsonl")).trimEnd().split("\n");
    return lines.map((line) => JSON.parse(line));
}

/** @param {Page} page @param {string} button */
async function saved(page, button) {
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(`[data-do="${button}"]`)]);
    return readFileSync(await download.path(), "utf8");
}
