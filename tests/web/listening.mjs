/** What a screen reader hears: read off the live regions, line by line, as it is said. */
import { waitForIdle } from "./harness.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

/**
 * Listens to every live region that says what happened. A line is what was added to one that a screen reader can reach: not behind a
 * dialog.
 * @param {Page} page @returns {Promise<(act: () => Promise<unknown>) => Promise<string[]>>} does something and has what is said of it
 */
export async function listen(page) {
    await page.evaluate(() => {
        if ("heard" in globalThis) return; // who came before in this page listens still
        const heard = /** @type {string[]} */ ([]);
        const isReached = (/** @type {Element} */ region) => {
            const modal = document.querySelector("dialog:modal");
            return !modal || modal.contains(region);
        };
        new MutationObserver((changes) => {
            for (const { target, addedNodes } of changes) {
                const region = /** @type {Element} */ (target).closest('[role="log"]');
                if (!region || !isReached(region)) continue;
                for (const node of addedNodes)
                    if (node instanceof Element && node.parentElement === region) heard.push(node.textContent ?? "");
            }
        }).observe(document.body, { childList: true, subtree: true });
        Object.assign(globalThis, { heard });
    });
    return async (act) => {
        const take = () => page.evaluate(() => /** @type {any} */ (globalThis).heard.splice(0));
        await take();
        await act();
        await waitForIdle(page);
        return take();
    };
}
