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
    /** When it was scrolled last; null before the first frame. @type {number | null} */
    let before = null;

    const speed = () => edgeSpeed(y, root.getBoundingClientRect());
    /** There is nothing more that way. @param {number} speed */
    const isAtEnd = (speed) =>
        speed < 0 ? root.scrollTop <= 0 : root.scrollTop >= root.scrollHeight - root.clientHeight - 1;

    /** @param {number} now */
    const step = (now) => {
        const by = speed();
        frame = by === 0 || isAtEnd(by) ? 0 : requestAnimationFrame(step);
        if (!frame) return;
        root.scrollTop += by * Math.min(LONGEST_MS, now - (before ?? now));
        before = now;
        after();
    };

    return {
        follow(at) {
            y = at;
            if (frame || speed() === 0) return;
            before = null;
            frame = requestAnimationFrame(step);
        },
        stop() {
            cancelAnimationFrame(frame);
            frame = 0;
        },
    };
}
