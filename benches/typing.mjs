/**
 * Typing into the search field while 2,000 pictures are being tagged: from a key to the frame in which the grid shows what was found.
 * What the page shows is compared with what the session worker has answered to these words, so that no key counts as answered by the
 * list of the one before.
 */
import { serve } from "../www/tools/serve.mjs";
import { startChromium } from "./lib/browser.mjs";
import { BenchError, readGoldenPictures } from "./lib/built.mjs";
import { atMost, figure } from "./lib/figures.mjs";
import { median, quantile } from "./lib/interleave.js";
import { choosePictures, openVisit, takeLongTasks } from "./lib/page_visit.mjs";

/** @typedef {import("./lib/browser.mjs").Page} Page */

const N = 2_000;
/** A letter every so often, as somebody types who knows what they look for. */
const EVERY_MS = 150;
const WORDS = ["dog beach", "cat", "coffee cup", "castle", "mountain lake", "red flower"];
const SEARCH = '[data-do="search"]';

/** @param {import("./run.mjs").Wanted} wanted */
export async function measure({ built, isQuick }) {
    const golden = await readGoldenPictures();
    const server = await serve({ dir: built.dir, port: 0 });
    const browser = await startChromium();
    try {
        const page = await openVisit(browser, server.url, watchSearch);
        await choosePictures(page, golden, N);
        await waitForTagged(page, isQuick ? 20 : 100);
        await takeLongTasks(page);
        const rounds = WORDS.slice(0, isQuick ? 2 : WORDS.length);
        for (const words of rounds) await type(page, words);
        if (!(await page.$("[data-running]")))
            throw new BenchError("The pictures were all tagged before the last word.");
        const ms = await page.evaluate(() => /** @type {number[]} */ (Reflect.get(window, "answered")));
        const nKeys = rounds.join("").length;
        if (ms.length < nKeys * 0.9) throw new BenchError(`${ms.length} of ${nKeys} keys were answered.`);
        const longTasks = await takeLongTasks(page);
        const nTagged = await page.evaluate(() => performance.getEntriesByName("tagsmith:tag").length);
        console.log(`  ${ms.length} keys, ${nTagged} of ${N} pictures tagged at the end`);
        return [
            atMost(`${N} pictures being tagged, key to list, 95th percentile`, quantile(ms, 0.95), "ms", 50),
            figure("the same, median", median(ms), "ms"),
            figure("the same, longest", Math.max(...ms), "ms"),
            figure("longest task meanwhile (0: none over 50 ms)", Math.max(0, ...longTasks), "ms"),
        ];
    } finally {
        await browser.close();
        await server.close();
    }
}

/** @param {Page} page @param {number} n */
const waitForTagged = (page, n) =>
    page.waitForFunction((n) => performance.getEntriesByName("tagsmith:tag").length >= n, n, {
        timeout: 300_000,
        polling: 200,
    });

/** One letter after the other; then the field is emptied, and all are there again. @param {Page} page @param {string} words */
async function type(page, words) {
    await page.focus(SEARCH);
    await page.keyboard.type(words, { delay: EVERY_MS });
    await page.waitForTimeout(EVERY_MS);
    await page.keyboard.press("Escape");
    await page.waitForTimeout(2 * EVERY_MS);
}

/**
 * Runs in the page before its own scripts: notes in `window.answered` how long each letter took, in ms. Where another letter was typed
 * before the answer, the time ends with the list for both.
 */
function watchSearch() {
    const answered = /** @type {number[]} */ ([]);
    /** When each letter was typed that is not answered yet, and what the field said with it. @type {{at: number, words: string}[]} */
    const typed = [];
    /** What the worker has found for the words asked last. @type {{words: string, n: number, first: number | undefined} | null} */
    let found = null;
    /** By the number of the call. @type {Map<number, string>} */
    const asked = new Map();
    Reflect.set(window, "answered", answered);

    /** @param {Event} event */
    const isSearch = (event) => /** @type {Element} */ (event.target).matches?.('[data-do="search"]');
    let at = 0;
    addEventListener("keydown", (event) => void (isSearch(event) && event.key.length === 1 && (at = event.timeStamp)), {
        capture: true,
    });
    addEventListener(
        "input",
        (event) => {
            const { value: words } = /** @type {HTMLInputElement} */ (event.target);
            if (!isSearch(event) || at === 0 || words.trim() === "") return;
            typed.push({ at, words });
            at = 0;
        },
        { capture: true },
    );

    const { postMessage } = Worker.prototype;
    /** @type {WeakSet<Worker>} */
    const heard = new WeakSet();
    Worker.prototype.postMessage = function (/** @type {any} */ message, /** @type {any} */ ...rest) {
        if (message?.name === "update" && message.params.query) {
            asked.set(message.seq, message.params.query.words);
            // After the page's own listener.
            if (!heard.has(this)) this.addEventListener("message", hear);
            heard.add(this);
        }
        return postMessage.call(this, message, ...rest);
    };
    /** @param {MessageEvent} event */
    function hear({ data }) {
        const words = asked.get(data.seq);
        asked.delete(data.seq);
        const ids = data.ok?.counted?.found;
        if (words === undefined || !ids) return;
        found = { words, n: ids.length, first: ids[0] };
        look();
    }

    /** Whether the grid shows what was found. */
    function look() {
        const last = typed.findLastIndex(({ words }) => words === found?.words);
        if (!found || last < 0) return;
        const n = document.querySelector('[data-count="found"]')?.getAttribute("data-value");
        const first = document.querySelector('.card[aria-posinset="1"]')?.getAttribute("data-id");
        const isShown = found.n === 0 ? document.querySelector(".grid-none") : Number(first) === found.first;
        if (Number(n) !== found.n || !isShown) return;
        const done = typed.splice(0, last + 1);
        // The page draws in animation frames: the next task comes when this one is laid out and painted.
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => done.forEach(({ at }) => void answered.push(performance.now() - at));
        port2.postMessage(null);
    }
    new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
}
