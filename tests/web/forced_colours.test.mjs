/**
 * The page in a person's own colours (Windows' contrast themes): shadows, grounds and shades are gone there, and what they said has to be
 * said by lines and by the colours for what is chosen.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { usePage, waitForIdle, waitForTransitions } from "./harness.mjs";
import { card } from "./grid.mjs";
import { STATES, tagPictures } from "./states.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const site = usePage({ model: "painted" });

/** What an element looks like there, as far as it can be told apart by it. @param {Page} page @param {string} selector @param {string} [pseudo] */
const look = (page, selector, pseudo) =>
    page
        .locator(selector)
        .first()
        .evaluate((element, pseudo) => {
            const {
                backgroundColor,
                color,
                borderTopColor,
                borderTopStyle,
                borderTopWidth,
                fill,
                outlineColor,
                outlineStyle,
            } = getComputedStyle(element, pseudo);
            const border = `${borderTopWidth} ${borderTopStyle} ${borderTopColor}`;
            return { ground: backgroundColor, color, border, fill, outline: `${outlineStyle} ${outlineColor}` };
        }, pseudo);

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    test(`in a ${colorScheme} contrast theme all that is on, chosen, open, current or done is told apart`, async () => {
        const page = await site.open("", { forcedColors: "active", colorScheme });
        await tagPictures(page);
        await waitForTransitions(page);
        const highlight = await systemColour(page, "Highlight");
        const canvas = await systemColour(page, "Canvas");
        assert.notEqual(highlight, canvas);

        const bars = [
            await look(page, ".threshold-bar-histogram .is-shown"),
            await look(page, ".threshold-bar-histogram rect:not(.is-shown)"),
        ];
        assert.notEqual(bars[0]?.fill, bars[1]?.fill, "what the threshold shows, and what it hides");
        assert.ok(bars.every((bar) => bar.fill !== canvas));
        assert.equal((await look(page, '[data-preset="balanced"]')).ground, highlight, "the preset that is on");
        assert.notEqual((await look(page, '[data-preset="sure"]')).ground, highlight);
        assert.equal(
            (await look(page, '.sidebar-item[aria-current="true"]')).ground,
            highlight,
            "the filter that is on",
        );
        assert.equal((await look(page, ".chip-bar")).ground, highlight, "how sure a tag is");
        assert.match((await look(page, ".chip")).outline, /^solid/, "a chip is a thing");

        const plain = (await look(page, card("cup.jpg"))).border;
        await page.focus(`${card("cat.jpg")} .card-name`);
        await page.keyboard.press("ArrowRight");
        await page.keyboard.press("ArrowLeft");
        await waitForIdle(page);
        assert.equal((await look(page, card("cat.jpg"))).outline, `solid ${highlight}`, "what has the keyboard");
        await page.keyboard.press("Enter");
        await waitForIdle(page);
        const opened = (await look(page, card("cat.jpg"))).border;
        await page.keyboard.press("r");
        await waitForIdle(page); // the next picture has the keyboard
        await page.focus(`${card("man.jpg")} .card-name`);
        await page.keyboard.press("Space");
        await waitForIdle(page);
        const selected = (await look(page, card("man.jpg"))).border;
        assert.equal(new Set([plain, opened, selected]).size, 3, `${plain}, ${opened}, ${selected}`);
        assert.equal((await look(page, `${card("man.jpg")} .card-check`, "::before")).ground, highlight);
        const reviewed = await look(page, ".card-reviewed");
        assert.notEqual(reviewed.ground, reviewed.color, "the mark of a review");
        assert.equal((await look(page, ".button.is-main")).ground, highlight, "the button to press first");
        assert.equal((await look(page, ".tag-row .tag-bar")).ground, highlight);
        await page.locator('.details .tag-row [data-do="why"]').first().click();
        await waitForIdle(page);
        assert.equal(
            (await look(page, '.tag-action[aria-pressed="true"]')).ground,
            highlight,
            "the tag that is explained",
        );

        await page.keyboard.press("Delete");
        await page.waitForSelector(".toast");
        const toast = await look(page, ".toast");
        assert.ok(toast.ground !== toast.color && /solid/.test(toast.border), JSON.stringify(toast));
        await STATES["settings"]?.(page);
        assert.match((await look(page, "dialog")).border, /^2px solid/);
    });
}

/** @param {Page} page @param {string} name */
const systemColour = (page, name) =>
    page.evaluate((name) => {
        const probe = document.body.appendChild(document.createElement("i"));
        probe.style.cssText = `forced-color-adjust: none; background: ${name}`;
        const { backgroundColor } = getComputedStyle(probe);
        probe.remove();
        return backgroundColor;
    }, name);
