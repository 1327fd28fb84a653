/**
 * Leaving the page: the browser's Back closes what is open, layer by layer, and leaves where nothing is; closing or reloading asks where it
 * would lose what somebody said; and the tab's title says that a run is over.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { card, selected, tagMany, tagSome } from "./grid.mjs";
import { addFiles, exportAs, keepNothing, usePage, waitForIdle, waitUntilDone, waitUntilReady } from "./harness.mjs";
import { painted } from "./painted.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const site = usePage({ model: "painted" });
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

/** Where people come from: a blank page, which the browser's own history knows. @param {Page} page */
const isAway = (page) => page.url() === "about:blank";

const pictures = site.inTurn(async () => {
    const page = await site.open();
    await tagSome(page);
    return page;
});

/** Whether the next Back leads to where people came from: the browser shows a page the entries of its own site alone. @param {Page} page */
const isNextAway = (page) => page.evaluate(() => /** @type {any} */ (globalThis).navigation.currentEntry.index === 0);

/** From a blank page to the pictures that are kept, with nothing open. Who came before and has left nothing behind for Back is still there. */
async function arrive() {
    const page = await pictures();
    if (isAway(page) || !(await isNextAway(page))) {
        await page.goto("about:blank");
        await page.goto(site.url);
        await waitUntilReady(page);
        await waitUntilDone(page);
    }
    assert.deepEqual([await openLayers(page), await isNextAway(page)], [[], true]);
    return page;
}

/** What is open, the outermost first. @param {Page} page */
const openLayers = (page) =>
    page.evaluate(() => {
        const wanted = {
            details: ".at-details .details",
            large: ".large",
            menu: ".menu-popup:not([hidden]), .sidebar.is-open",
            dialog: ".dialog[open]",
        };
        return Object.entries(wanted).flatMap(([name, selector]) => (document.querySelector(selector) ? name : []));
    });

/** Once entries and layers are the same again. @param {Page} page @param {number} n */
async function untilEntries(page, n) {
    await page.waitForFunction((n) => (history.state?.layers ?? 0) === n, n);
    await waitForIdle(page);
}

/** @param {Page} page */
async function goBack(page) {
    await page.goBack();
    if (!isAway(page)) await waitForIdle(page);
}

/** The ways to open something, each over what is open before. @type {Record<string, (page: Page) => Promise<unknown>>} */
const OPEN = {
    details: (page) => page.click(`${card("cat.jpg")} .card-frame`),
    large: (page) => page.click('.at-details [data-do="enlarge"]'),
    menu: (page) => page.click('[data-do="more"]'),
    dialog: (page) => page.keyboard.press("?"),
};

for (const name of ["details", "menu", "dialog"]) {
    test(`Back closes ${name} alone, and the next one leads to where people came from`, async () => {
        const page = await arrive();
        await OPEN[name]?.(page);
        await untilEntries(page, 1);
        assert.deepEqual(await openLayers(page), [name]);
        await goBack(page);
        assert.deepEqual(await openLayers(page), []);
        assert.ok(await isNextAway(page));
    });

    test(`closed with Escape, ${name} leaves nothing behind for Back`, async () => {
        const page = await arrive();
        for (let n = 0; n < 3; n++) {
            await OPEN[name]?.(page);
            await untilEntries(page, 1);
            await page.keyboard.press("Escape");
            await untilEntries(page, 0);
            assert.deepEqual(await openLayers(page), []);
        }
        assert.ok(await isNextAway(page));
    });
}

test("without anything open Back leaves, before pictures are there and afterwards", async () => {
    const page = await site.open();
    await waitUntilReady(page);
    const other = await arrive();
    for (const one of [page, other]) {
        assert.ok(await isNextAway(one));
        await goBack(one);
        assert.ok(isAway(one));
    }
});

test("a stack of inspector, large view and help closes one by one, and the keyboard is back on the card", async () => {
    const page = await arrive();
    await OPEN["details"]?.(page);
    await untilEntries(page, 1);
    await OPEN["large"]?.(page);
    await page.waitForSelector(".large");
    await untilEntries(page, 2);
    await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
    await OPEN["dialog"]?.(page);
    await untilEntries(page, 3);
    assert.deepEqual(await openLayers(page), ["large", "dialog"]);
    await goBack(page);
    assert.deepEqual(await openLayers(page), ["large"]);
    await goBack(page);
    assert.deepEqual(await openLayers(page), ["details"]);
    await goBack(page);
    assert.deepEqual(await openLayers(page), []);
    assert.equal(await page.evaluate(() => document.activeElement?.className), "card-name");
    assert.ok(await isNextAway(page));
});

test("another picture in the open inspector adds no entry, nor does a menu that makes room for a dialog", async () => {
    const page = await arrive();
    await OPEN["details"]?.(page);
    for (const name of ["cup.jpg", "man.jpg", "light.png"]) await page.click(`${card(name)} .card-frame`);
    await page.keyboard.press("ArrowLeft");
    await untilEntries(page, 1);
    await page.click('[data-do="more"]');
    await page.click('[data-do="settings"]');
    await untilEntries(page, 2);
    const length = await page.evaluate(() => history.length);
    await goBack(page);
    assert.deepEqual(await openLayers(page), ["details"]);
    await goBack(page);
    assert.deepEqual(await openLayers(page), []);
    assert.equal(await page.evaluate(() => history.length), length);
    assert.ok(await isNextAway(page));
});

test("a double click opens two layers, and Back closes them one by one as Escape does", async () => {
    const page = await arrive();
    await page.dblclick(`${card("cat.jpg")} .card-frame`);
    await page.waitForSelector(".large");
    await untilEntries(page, 2);
    await goBack(page);
    assert.deepEqual(await openLayers(page), ["details"]);
    await goBack(page);
    assert.deepEqual(await openLayers(page), []);
    assert.ok(await isNextAway(page));
});

test("Forward brings nothing back, and the next Back leaves as if it had not been pressed", async () => {
    const page = await arrive();
    await OPEN["details"]?.(page);
    await untilEntries(page, 1);
    await goBack(page);
    await page.goForward();
    await untilEntries(page, 0);
    assert.deepEqual(await openLayers(page), []);
    assert.ok(await isNextAway(page));
});

test("Back over two entries at once closes two layers", async () => {
    const page = await arrive();
    await OPEN["details"]?.(page);
    await OPEN["dialog"]?.(page);
    await untilEntries(page, 2);
    await page.evaluate(() => history.go(-2));
    await untilEntries(page, 0);
    assert.deepEqual(await openLayers(page), []);
    assert.ok(await isNextAway(page));
});

test("after a reload with layers open nothing is open, and Back leaves", async () => {
    const page = await arrive();
    await OPEN["details"]?.(page);
    await OPEN["dialog"]?.(page);
    await untilEntries(page, 2);
    await page.reload();
    await waitUntilReady(page);
    await untilEntries(page, 0);
    await goBack(page);
    assert.ok(isAway(page));
});

test("back from another page the entries are those of what is open", async () => {
    const page = await arrive();
    await OPEN["details"]?.(page);
    await untilEntries(page, 1);
    await page.goto("about:blank");
    await page.goBack();
    await page.waitForSelector('html[data-engine="ready"]');
    const n = (await openLayers(page)).length;
    await untilEntries(page, n);
    for (let step = 0; step <= n; step++) await goBack(page);
    assert.ok(isAway(page));
});

test("on a phone Back closes the sheet of filters, and ends a selection; with a mouse a selection is no place to leave", async () => {
    const page = await site.open("", PHONE);
    await tagSome(page);
    await page.tap('[data-do="filter"]');
    await untilEntries(page, 1);
    await goBack(page);
    await page.waitForSelector(".sidebar.is-open", { state: "detached" });
    await page.tap(`${card("cat.jpg")} .card-check`);
    await page.tap(`${card("cup.jpg")} .card-frame`);
    assert.equal((await selected(page)).length, 2);
    await untilEntries(page, 1);
    await goBack(page);
    assert.deepEqual(await selected(page), []);
    await goBack(page);
    assert.ok(isAway(page));

    const mouse = await arrive();
    await mouse.click(`${card("cat.jpg")} .card-check`);
    await waitForIdle(mouse);
    assert.equal((await selected(mouse)).length, 1);
    await goBack(mouse);
    assert.ok(isAway(mouse));
});

/** Numbers that look random and are the same every time. @param {number} seed */
const random = (seed) => () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
};

for (const seed of [1, 2, 3]) {
    test(`whatever is opened and closed in any order, there is one entry for each layer that is open (${seed})`, async () => {
        const page = await arrive();
        const next = random(seed);
        /** What should be open, the outermost first. @type {string[]} */
        let model = [];
        /** @type {Record<string, () => Promise<unknown>>} */
        const steps = {
            details: async () => {
                if (model.length > 0) return;
                await OPEN["details"]?.(page);
                model = ["details"];
            },
            other: async () => {
                if (model.at(-1) === "details") await page.click(`${card("man.jpg")} .card-frame`);
            },
            large: async () => {
                if (model.at(-1) !== "details") return;
                await OPEN["large"]?.(page);
                model = ["details", "large"];
            },
            menu: async () => {
                if (["dialog", "menu", "large"].includes(model.at(-1) ?? "")) return;
                await OPEN["menu"]?.(page);
                model.push("menu");
            },
            dialog: async () => {
                if (["dialog", "large"].includes(model.at(-1) ?? "")) return;
                if (model.at(-1) === "menu") {
                    await page.click('[data-do="settings"]');
                    model.pop();
                } else {
                    await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).blur());
                    await OPEN["dialog"]?.(page);
                }
                model.push("dialog");
            },
            escape: async () => {
                if (model.length === 0) return;
                await page.keyboard.press("Escape");
                model.pop();
            },
            back: async () => {
                if (model.length === 0) return;
                await untilEntries(page, model.length);
                await goBack(page);
                model.pop();
            },
            forward: async () => {
                await untilEntries(page, model.length);
                await page.evaluate(() => history.forward());
            },
            hurry: async () => {
                if (model.length > 0) return;
                await OPEN["menu"]?.(page);
                await page.keyboard.press("Escape");
                await OPEN["details"]?.(page);
                model = ["details"];
            },
        };
        const names = Object.keys(steps);
        const done = [];
        for (let n = 0; n < 60; n++) {
            const name = names[Math.floor(next() * names.length)] ?? "";
            done.push(name);
            await steps[name]?.();
            await untilEntries(page, model.length);
            const shown = model.includes("large") ? model.filter((one) => one !== "details") : model;
            const found = await openLayers(page);
            assert.deepEqual([...found].sort(), [...shown].sort(), done.join(" "));
        }
        while (model.length > 0) await steps["back"]?.();
        assert.ok(await isNextAway(page), done.join(" "));
    });
}

/** Whether the page would have the browser ask. @param {Page} page */
const wouldAsk = (page) => page.evaluate(() => !dispatchEvent(new Event("beforeunload", { cancelable: true })));

/** Whether closing the page asks; it stays open then. @param {Page} page */
async function asks(page) {
    const isToAsk = await wouldAsk(page);
    const asked = page.waitForEvent("dialog").then(
        async (dialog) => {
            assert.equal(dialog.type(), "beforeunload");
            await dialog.dismiss();
            return true;
        },
        () => false, // it is closed
    );
    await page.close({ runBeforeUnload: true });
    assert.equal(await asked, isToAsk);
    return asked;
}

test("where nothing is kept, leaving asks when something was said of a picture or of a tag since the last export, and only then", async () => {
    const page = await site.open("", { prepare: keepNothing });
    await tagSome(page);
    await page.click(`${card("cat.jpg")} .card-frame`);
    await waitForIdle(page);
    await page.keyboard.press("a");
    await waitForIdle(page);
    assert.ok(await asks(page), "a tag was accepted");
    assert.equal(await page.locator(".card").count(), 5, "and it is all still there");
    await exportAs(page, "csv");
    await page.waitForSelector(".toast");
    await page.click(`${card("cup.jpg")} .card-frame`);
    await waitForIdle(page);
    await page.keyboard.press("x");
    await waitForIdle(page);
    assert.ok(await asks(page), "and something more since the export");
    await page.keyboard.press("z");
    await waitForIdle(page);
    assert.equal(await wouldAsk(page), false, "all of it is saved, or taken back");

    await page.keyboard.press("Escape");
    await page.click('[data-do="manage-tags"]');
    await page.locator('[data-do="hide-tag"]').first().click();
    await page.keyboard.press("Escape");
    await waitForIdle(page);
    assert.ok(await asks(page), "a rule over tags is asked for as a correction is");
    await exportAs(page, "csv");
    await page.waitForSelector(".toast");
    await waitForIdle(page);
    assert.equal(await asks(page), false);
});

test("leaving does not ask where nothing was said, whatever was looked at and moved", async () => {
    const page = await arrive();
    await page.click(`${card("cat.jpg")} .card-frame`);
    await page.keyboard.press("]");
    await page.keyboard.press("Escape");
    await waitForIdle(page);
    assert.equal(await asks(page), false);
});

test("the title says that a run is over, with what failed, until the tab is looked at again", async () => {
    const page = await site.open("", {
        prepare: (page) =>
            page.addInitScript(() => {
                let isHidden = false;
                Object.defineProperty(Document.prototype, "visibilityState", {
                    get: () => (isHidden ? "hidden" : "visible"),
                });
                Object.assign(globalThis, {
                    hidePage: (/** @type {boolean} */ hide) => {
                        isHidden = hide;
                        document.dispatchEvent(new Event("visibilitychange"));
                    },
                });
            }),
    });
    const hide = (/** @type {boolean} */ isHidden) =>
        page.evaluate((isHidden) => /** @type {any} */ (globalThis).hidePage(isHidden), isHidden);
    await tagMany(page, 3);
    assert.equal(await page.title(), "Tagsmith", "it was looked at all the time");
    await hide(true);
    await addFiles(page, [painted("cat.jpg", "cat")]);
    await waitUntilDone(page);
    assert.equal(await page.title(), "Done: 1 picture · Tagsmith");
    const broken = { name: "broken.jpg", mimeType: "", buffer: Buffer.from("no picture") };
    await addFiles(page, [painted("man.jpg", "man"), broken]);
    await waitUntilDone(page);
    assert.equal(await page.title(), "Done: 2 pictures, 1 failed · Tagsmith");
    await hide(false);
    assert.equal(await page.title(), "Tagsmith");
    await hide(true);
    assert.equal(await page.title(), "Tagsmith", "it was news only once");
});
