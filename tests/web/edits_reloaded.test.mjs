/**
 * Any sequence of edits, undone, gives the library as it was before them, also where the page was loaded anew in between: random steps by
 * keyboard and pointer, with a reload every now and then, and everything on screen the same after each.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { HIGH, card } from "./grid.mjs";
import { addFiles, setThreshold, usePage, waitForIdle, waitUntilDone } from "./harness.mjs";
import { painted } from "./painted.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const site = usePage({ model: "painted" });
const N_STEPS = process.env["TAGSMITH_LONG"] ? 150 : 12;
const N_BETWEEN_RELOADS = 6;
const WORDS = ["Mallorca", "Anna", "Åre & co", "2026", "猫", "straße"];
const PICTURES = /** @type {const} */ ({
    "cup.jpg": "cup",
    "cat.jpg": "cat",
    "man.jpg": "man",
    "puzzle.png": "puzzle",
    "light.png": "light",
    "rocket.png": "rocket",
});

/** The same numbers every time. @param {number} seed */
function randomly(seed) {
    let at = seed;
    const next = () => (at = (Math.imul(at, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
    return { one: (/** @type {readonly any[]} */ all) => all[Math.floor(next() * all.length)], next };
}

/** What people see: pictures in their order with their tags, marks, counts, and the rules. @param {Page} page */
async function seen(page) {
    await waitForIdle(page);
    return page.evaluate(() => {
        const text = (/** @type {Element | null} */ element, /** @type {string} */ name) => element?.getAttribute(name);
        const cards = Array.from(document.querySelectorAll(".card"), (card) => ({
            path: text(card, "data-path"),
            state: text(card, "data-state"),
            isReviewed: card.querySelector(".card-reviewed") !== null,
            tags: Array.from(card.querySelectorAll("[data-tag]"), (chip) =>
                ["data-tag", "data-source", "data-confidence"]
                    .map((name) => text(chip, name))
                    .concat(chip.querySelector(".chip-name")?.textContent),
            ),
        }));
        const counts = Array.from(document.querySelectorAll("[data-filter]"), (filter) => [
            text(filter, "data-filter"),
            text(filter.querySelector("[data-value]"), "data-value"),
        ]);
        return { cards, counts };
    });
}

/** Until the page shows this, after a reload: it comes by and by. @param {Page} page @param {Awaited<ReturnType<typeof seen>>} expected @param {string} when */
async function assertComesBack(page, expected, when) {
    await page.waitForSelector(".card");
    await waitUntilDone(page);
    assert.deepEqual(await seen(page), expected, when);
}

/** @param {Page} page @param {ReturnType<typeof randomly>} random @returns {Record<string, () => Promise<unknown>>} */
function stepsOn(page, random) {
    const focus = async () => {
        const paths = await page.$$eval(".card", (all) => all.map((one) => one.getAttribute("data-path") ?? ""));
        await page.focus(`${card(random.one(paths))} .card-name`);
    };
    const press = async (/** @type {string} */ key) => {
        await focus();
        await page.keyboard.press(key);
    };
    const select = async () => {
        for (let n = 0; n < 2; n++) await press("Space");
    };
    const typeTags = async (/** @type {string} */ typed) => {
        await page.keyboard.press("t");
        await waitForIdle(page);
        await page.keyboard.type(typed);
        await page.keyboard.press("Enter");
        await waitForIdle(page);
        for (let n = 0; n < 2; n++) await page.keyboard.press("Escape");
    };
    return {
        accept: () => press("a"),
        reject: () => press("x"),
        review: () => press("r"),
        add: async () => {
            await focus();
            await typeTags(random.one(WORDS));
        },
        addToSome: async () => {
            await select();
            await page.keyboard.press("a");
            await page.keyboard.press("Escape");
        },
        remove: async () => (await page.locator(".card").count()) > 3 && press("Delete"),
        hide: async () => {
            await page.click('[data-do="manage-tags"]');
            const buttons = page.locator('[data-do="hide-tag"]');
            const n = await buttons.count();
            if (n > 0) await buttons.nth(Math.floor(random.next() * n)).click();
            await waitForIdle(page);
            await page.keyboard.press("Escape");
        },
    };
}

test(`${N_STEPS} random edits with reloads in between are all undone, to the library there was`, async () => {
    const random = randomly(20);
    const page = await site.open("?workers=1", HIGH);
    await addFiles(
        page,
        Object.entries(PICTURES).map(([name, what]) => painted(name, what)),
    );
    await waitUntilDone(page);
    await setThreshold(page, 4);
    const first = await seen(page);
    const steps = stepsOn(page, random);
    const done = [];
    for (let n = 1; n <= N_STEPS; n++) {
        const [name, step] = random.one(Object.entries(steps));
        await step();
        await waitForIdle(page);
        done.push(name);
        if (n % N_BETWEEN_RELOADS !== 0) continue;
        const before = await seen(page);
        await page.reload();
        await assertComesBack(page, before, `loaded anew after ${done.join(" ")}`);
    }
    await page.waitForSelector('[data-do="undo"]:not([disabled])');
    for (let n = 0; await page.locator('[data-do="undo"]:not([disabled])').count(); n++) {
        await page.click('[data-do="undo"]');
        await waitForIdle(page);
        if (n === 3) await page.reload();
        if (n === 3) await page.waitForSelector('[data-do="undo"]:not([disabled])');
        assert.ok(n < 2 * N_STEPS, "undo comes to an end");
    }
    await assertComesBack(page, first, `everything undone: ${done.join(" ")}`);
    await page.reload();
    await assertComesBack(page, first, "and loaded anew");
});
