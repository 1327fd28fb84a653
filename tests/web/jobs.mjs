/**
 * Whole jobs, as people do them, with what each of them costs: every press and every typed word goes through a hand that counts. The
 * jobs are in `jobs/`, a file each: the pictures, the steps on the page of today, and what must have come of it. `jobs_before.json` has
 * what the same jobs cost with version 0.1.0.
 *
 * How it is counted:
 * - One press: a click, a tap, a key or a chord (Ctrl+A), a swipe, a drag, a turn of the wheel by a screen. A double click is two.
 * - One word: what stands between spaces and commas in what is typed; in a formula or a command line each function or command.
 * - Nothing: looking, pointing, waiting, the system's own dialogs, and opening the file that came out, which every way has in common.
 * - What has to be done outside the page is counted by the same rule and named. Who does it knows both programs well.
 * - A target must be on screen before it is pressed: scrolling there is a press, too.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, addFiles, waitForIdle, waitUntilDone, waitUntilReady } from "./harness.mjs";
import { fingersOn, middleOf } from "./touch.mjs";

/** @typedef {import("./harness.mjs").Page} Page */
/** @typedef {import("./harness.mjs").NamedFile} NamedFile */
/** @typedef {{presses: number, words: number, outside: {what: string, presses: number, words: number}[]}} Cost */
/**
 * `areTagged`: the pictures are there when it begins. `steps` hands over what came of it, in a form that does not depend on the page's
 * version; `check` looks at that.
 * @typedef {{
 *   title: string, pictures: () => NamedFile[], areTagged?: boolean, view?: import("playwright-core").BrowserContextOptions,
 *   steps: (hand: Hand, page: Page) => Promise<any>, check: (result: any, hand: Hand) => void }} Job
 */

/** What the jobs cost before, by name. @type {{version: string, commit: string, jobs: Record<string, Cost>}} */
export const BEFORE = JSON.parse(readFileSync(join(ROOT, "tests/web/jobs_before.json"), "utf8"));

/** In the page and outside. @param {Cost} cost */
export const allOf = ({ presses, words, outside }) =>
    outside.reduce((sum, one) => sum + one.presses + one.words, presses + words);

/** @param {string} text */
const wordsOf = (text) => text.match(/[^\s,]+/g)?.length ?? 0;

/** So long a finger rests before it lets go. */
const REST_MS = 100;
/** After so long nothing is going to scroll any more. */
const PATIENCE_MS = 5_000;

/** Somebody at the page. */
export class Hand {
    /** @type {Cost} */
    cost = { presses: 0, words: 0, outside: [] };
    /** @type {Set<string>} the pictures that were on screen, by path */
    seen = new Set();
    /** @type {Set<string>} the pictures that had the keyboard or were open, by path */
    met = new Set();

    /** @param {Page} page @param {NamedFile[]} pictures those of the job */
    constructor(page, pictures) {
        this.page = page;
        this.pictures = pictures;
    }

    /** @param {string} selector @param {{holding?: "Shift" | "Control", over?: string}} [how] a key held meanwhile; what is pointed at first */
    async click(selector, { holding, over } = {}) {
        if (over !== undefined) await this.#pointAt(over);
        await this.#assertIsInReach(selector);
        await this.page.click(selector, holding ? { modifiers: [holding] } : {});
        await this.#pressed();
    }

    /** With a finger. @param {string} selector */
    async tap(selector) {
        await this.#assertIsInReach(selector);
        await this.page.tap(selector);
        await this.#pressed();
    }

    /** A finger rests on the one and draws on to the other. @param {string} from @param {string} to */
    async draw(from, to) {
        for (const selector of [from, to]) await this.#assertIsInReach(selector);
        const finger = await fingersOn(this.page);
        const [start, end] = [await middleOf(this.page, from), await middleOf(this.page, to)];
        await finger.press(start);
        await this.page.waitForSelector(".grid.is-held");
        await finger.drag(start, end);
        await finger.lift();
        await this.#pressed();
    }

    /** @param {string} chord @param {{isBusy?: boolean}} [how] whether the page is at work, so that nothing would come to rest */
    async key(chord, { isBusy = false } = {}) {
        await this.page.keyboard.press(chord);
        await this.#pressed(isBusy);
    }

    /** Into what has the keyboard. @param {string} text */
    async type(text) {
        await this.page.keyboard.type(text);
        this.cost.words += wordsOf(text);
        await this.#look();
    }

    /** Presses a key until something has the keyboard. @param {string} selector @param {string} [key] */
    async walkTo(selector, key = "Tab") {
        for (let n = 0; n < 60; n++) {
            await this.key(key);
            if (await this.page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
        }
        assert.fail(`${key} does not lead to ${selector}`);
    }

    /** Turns the wheel until the first row that is cut off at the foot is at the top. */
    async turn() {
        const { x, y, by } = await this.#nextScreen();
        await this.page.mouse.move(x, y);
        await this.#scroll(() => this.page.mouse.wheel(0, by));
    }

    /** The same with a finger, which comes to rest before it lets go: the grid stays where it was drawn to. */
    async swipe() {
        const { x, y, by } = await this.#nextScreen();
        const touch = await this.page.context().newCDPSession(this.page);
        const send = (
            /** @type {"touchStart" | "touchMove" | "touchEnd"} */ type,
            /** @type {number[]} */ ...heights
        ) => touch.send("Input.dispatchTouchEvent", { type, touchPoints: heights.map((height) => ({ x, y: height })) });
        await this.#scroll(async () => {
            await send("touchStart", y + by / 2);
            for (let part = 0.1; part < 1; part += 0.1) await send("touchMove", y + by / 2 - part * by);
            await new Promise((rested) => setTimeout(rested, REST_MS));
            await send("touchMove", y - by / 2);
            await send("touchEnd");
        });
        await touch.detach();
    }

    /** @param {() => Promise<unknown>} move */
    async #scroll(move) {
        const ended = await this.page.locator(".grid").evaluateHandle((grid, patience) => {
            const end = new Promise((resolve) =>
                grid.addEventListener("scrollend", () => resolve(true), { once: true }),
            );
            return { end: Promise.race([end, new Promise((resolve) => setTimeout(resolve, patience))]) };
        }, PATIENCE_MS);
        await move();
        assert.ok(await ended.evaluate(({ end }) => end), "nothing scrolls");
        await this.#pressed();
    }

    /** The grid's middle, and how far it is to what comes next. */
    #nextScreen() {
        return this.page.locator(".grid").evaluate((grid) => {
            const { x, y, width, height, bottom } = grid.getBoundingClientRect();
            const tops = Array.from(grid.querySelectorAll(".card"), (card) => {
                const frame = (card.querySelector(".card-frame") ?? card).getBoundingClientRect();
                return frame.bottom > bottom ? frame.top - y : Infinity;
            });
            return { x: x + width / 2, y: y + height / 2, by: Math.min(height, ...tops) - 8 };
        });
    }

    /** Adds the pictures of the job. @param {() => Promise<void>} press what opens the system's dialog */
    async choose(press) {
        const [chooser] = await Promise.all([this.page.waitForEvent("filechooser"), press()]);
        await chooser.setFiles(this.pictures);
    }

    /** Until all pictures are tagged. */
    async waitUntilDone() {
        await waitUntilDone(this.page);
        await this.#look();
    }

    /** @param {() => Promise<void>} press what saves it @returns {Promise<string>} where it lies */
    async save(press) {
        const [download] = await Promise.all([this.page.waitForEvent("download"), press()]);
        return download.path();
    }

    /** What the page leaves to another program. @param {string} what @param {{presses: number, words: number}} cost */
    outside(what, { presses, words }) {
        this.cost.outside.push({ what, presses, words });
    }

    async #pressed(isBusy = false) {
        this.cost.presses++;
        if (!isBusy) await waitForIdle(this.page);
        await this.#look();
    }

    /** Takes in what is on screen: a picture counts as seen if hardly anything of it is cut off. */
    async #look() {
        const { seen, met } = await this.page.evaluate(() => {
            const grid = document.querySelector(".grid")?.getBoundingClientRect();
            const cards = [...document.querySelectorAll(".card[data-path]")];
            const isSeen = (/** @type {Element} */ card) => {
                const { top, bottom, height } = (card.querySelector(".card-frame") ?? card).getBoundingClientRect();
                if (!grid || height === 0) return false;
                return Math.min(bottom, grid.bottom) - Math.max(top, grid.top) > 0.9 * height;
            };
            const withKeyboard = document.activeElement?.closest("[data-path]");
            const open = [...document.querySelectorAll(".details[data-path], .large[data-path]"), withKeyboard];
            const pathsOf = (/** @type {(Element | null | undefined)[]} */ all) =>
                all.flatMap((one) => one?.getAttribute("data-path") ?? []);
            return { seen: pathsOf(cards.filter(isSeen)), met: pathsOf(open) };
        });
        for (const path of seen) this.seen.add(path);
        for (const path of met) this.met.add(path);
    }

    /** @param {string} selector */
    async #pointAt(selector) {
        await this.#assertIsInReach(selector);
        await this.page.hover(selector);
    }

    /** The browser's tools would scroll to it themselves; people have to. @param {string} selector */
    async #assertIsInReach(selector) {
        const target = this.page.locator(selector);
        await target.waitFor();
        const isInReach = () =>
            target.evaluate((element) => {
                const { x, y, width, height } = element.getBoundingClientRect();
                return element.contains(document.elementFromPoint(x + width / 2, y + height / 2));
            });
        assert.ok(await isInReach(), `${selector} is off screen or covered`);
    }
}

/**
 * Does a job in a page of its own, checks what came of it, and says what it cost.
 * @param {ReturnType<typeof import("./harness.mjs").usePage>} site @param {Job} job @returns {Promise<Cost>}
 */
export async function doJob(site, { pictures, areTagged = false, view = {}, steps, check }) {
    const page = await site.open("", view);
    await waitUntilReady(page);
    const all = pictures();
    if (areTagged) await addFiles(page, all);
    const hand = new Hand(page, all);
    if (areTagged) await hand.waitUntilDone();
    check(await steps(hand, page), hand);
    return hand.cost;
}
