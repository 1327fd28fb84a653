/** What is dragged to the upper or lower edge of something that scrolls takes it along, as long as it stays there. */
import { edgeSpeed } from "./grid_geometry.js";

/** A frame that took longer counts as this long: nobody wants to be somewhere else after a pause. */
const LONGEST_MS = 50;

/**
 * @param {HTMLElement} root what scrolls @param {() => void} after it has scrolled
 * @returns {{follow: (y: number) => void, stop: () => void}} `follow` where the pointer is in the window
 */
export function edgeScroll(root, after) {
    let y = 0;
    let frame = 0;
    let before = 0;

    /** @param {number} now */
    const step = (now) => {
        const { scrollTop } = root;
        root.scrollTop += edgeSpeed(y, root.getBoundingClientRect()) * Math.min(LONGEST_MS, now - before);
        before = now;
        // At its end, or away from the edges, until the pointer moves on.
        frame = root.scrollTop === scrollTop ? 0 : requestAnimationFrame(step);
        if (frame) after();
    };

    return {
        follow(at) {
            y = at;
            if (frame || edgeSpeed(y, root.getBoundingClientRect()) === 0) return;
            before = performance.now();
            frame = requestAnimationFrame(step);
        },
        stop() {
            cancelAnimationFrame(frame);
            frame = 0;
        },
    };
}
