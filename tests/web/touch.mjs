/** Fingers on a page: real touch events, which the browser itself makes into taps, scrolling and pinching. */

/** @typedef {import("./harness.mjs").Page} Page */
/** @typedef {{x: number, y: number}} Place */

/** A phone upright, lying on its side, and upright with its keyboard up. */
export const PHONES = /** @type {const} */ ([
    { width: 360, height: 740 },
    { width: 740, height: 360 },
    { width: 360, height: 360 },
]);

/** @param {{width: number, height: number}} viewport */
export const asPhone = (viewport) => ({ viewport, hasTouch: true, isMobile: true, deviceScaleFactor: 2 });

/** One or more fingers. @param {Page} page */
export async function fingersOn(page) {
    const session = await page.context().newCDPSession(page);
    /** @param {"touchStart" | "touchMove" | "touchEnd"} type @param {Place[]} places */
    const send = (type, places) =>
        session.send("Input.dispatchTouchEvent", { type, touchPoints: places.map((place, id) => ({ ...place, id })) });
    return {
        /** @param {...Place} places */
        press: (...places) => send("touchStart", places),
        /** @param {...Place} places */
        move: (...places) => send("touchMove", places),
        lift: () => send("touchEnd", []),
        /** In steps, as a finger goes. @param {Place} from @param {Place} to */
        async drag(from, to, nSteps = 8) {
            for (let step = 1; step <= nSteps; step++) {
                const share = step / nSteps;
                await send("touchMove", [{ x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }]);
            }
        },
        /** @param {Place} place */
        async tap(place) {
            await send("touchStart", [place]);
            await send("touchEnd", []);
        },
    };
}

/** The middle of an element's part that is in sight. @param {Page} page @param {string} selector @returns {Promise<Place>} */
export const middleOf = (page, selector) =>
    page.$eval(selector, (element) => {
        const box = element.getBoundingClientRect();
        const grid = element.closest(".grid")?.getBoundingClientRect() ?? { top: 0, bottom: innerHeight };
        const [top, bottom] = [Math.max(box.top, grid.top), Math.min(box.bottom, grid.bottom)];
        return { x: box.left + box.width / 2, y: (top + bottom) / 2 };
    });
