/**
 * Scroll bars as people with a mouse have them; elsewhere Playwright hides them. The page itself is never higher than the window: a bar
 * beside it would take its width from everything, and come and go. states.test.mjs has the height in every state.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { tooHigh } from "./accessibility.mjs";
import { usePage, waitForIdle, waitUntilReady } from "./harness.mjs";
import { stopLongTimers } from "./idle.mjs";
import { STATES, tagPictures } from "./states.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const site = usePage({ model: "painted", hasScrollBars: true });

/** How much of the window the page has, and what scrolls sideways. @param {Page} page */
const look = async (page) => ({
    tooHigh: await tooHigh(page),
    ...(await page.evaluate(() => {
        const isBarred = (/** @type {Element} */ element) =>
            element instanceof HTMLElement &&
            element.clientHeight > 0 &&
            element.offsetHeight - element.clientHeight > 8;
        const scrollers = Array.from(document.querySelectorAll("body *")).filter((element) =>
            ["auto", "scroll"].includes(getComputedStyle(element).overflowX),
        );
        return {
            barWidth: innerWidth - document.documentElement.clientWidth,
            sideways: scrollers.filter(isBarred).map(({ className }) => className),
        };
    })),
});

const NOTHING = { tooHigh: [], barWidth: 0, sideways: [] };

for (const width of [360, 768, 1440]) {
    test(`no bar lies beside the page at ${width} pixels, with or without a message, and none lies below anything`, async () => {
        const viewport = { width, height: width < 600 ? 740 : 900 };
        const page = await site.open("", { viewport, prepare: stopLongTimers });
        await waitUntilReady(page);
        assert.deepEqual(await look(page), NOTHING, "empty");
        await tagPictures(page);
        assert.deepEqual(await look(page), NOTHING, "pictures");
        await STATES.message?.(page);
        await waitForIdle(page);
        assert.deepEqual(await look(page), NOTHING, "message");
        await STATES.help?.(page);
        assert.deepEqual(await look(page), NOTHING, "help");
    });
}

test("a bar beside the page, and a bar below a part of it, are found", async () => {
    const page = await site.open();
    await tagPictures(page);
    await page.evaluate(() => {
        const below = Object.assign(document.createElement("p"), { className: "strip" });
        below.style.cssText = "position: absolute; top: 100vh; width: 9px; height: 1px; margin: 0";
        const strip = Object.assign(document.createElement("p"), {
            className: "strip",
            textContent: "wide ".repeat(99),
        });
        strip.style.cssText = "position: fixed; top: 0; width: 90px; overflow-x: auto; white-space: pre";
        document.body.append(below, strip);
    });
    const found = await look(page);
    assert.deepEqual([found.tooHigh, found.sideways], [["the page is 1 px higher than the window"], ["strip"]]);
    assert.ok(found.barWidth > 8, `${found.barWidth}`);
});
