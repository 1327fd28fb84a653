/** The grid scrolled as people do, and what becomes of its frames. */
import { atMost, figure } from "./figures.mjs";
import { median, quantile } from "./interleave.js";

/** @param {string} how @param {number[]} frames */
export const framesOf = (how, frames) => [
    atMost(`frames over 50 ms, ${how}`, frames.filter((ms) => ms > 50).length, "", 0),
    atMost(`longest frame, ${how}`, Math.max(...frames), "ms", 50),
    figure(`median frame, ${how}`, median(frames), "ms"),
    figure(`99th percentile, ${how}`, quantile(frames, 0.99), "ms"),
];

/**
 * From one end of the grid to the other, a bit more than a screen at every frame for a while, then slowly.
 * @param {import("./browser.mjs").Page} page @param {1 | -1} direction @returns {Promise<{dragged: number[], wheel: number[]}>} ms between frames
 */
export function scroll(page, direction) {
    return page.evaluate(async (direction) => {
        const grid = /** @type {HTMLElement} */ (document.querySelector('[data-view="gallery"]'));
        const dragged = /** @type {number[]} */ ([]);
        const wheel = /** @type {number[]} */ ([]);
        const next = () => new Promise((drawn) => requestAnimationFrame(drawn));
        const end = grid.scrollHeight - grid.clientHeight;
        // Some 400 steps over all of it, then 200 small ones as a wheel makes them.
        const fast = end / 400;
        let before = await next();
        for (let idx = 0; idx < 600; idx++) {
            grid.scrollTop += direction * (idx < 400 ? fast : -120);
            const now = await next();
            // The clock is off by some microseconds: three sixtieths of a second are 50 ms.
            (idx < 400 ? dragged : wheel).push(Math.round((now - before) * 10) / 10);
            before = now;
        }
        grid.scrollTop = direction > 0 ? end : 0;
        return { dragged, wheel };
    }, direction);
}
