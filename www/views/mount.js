/**
 * Keeps a part of the page as its view says. However many signals change, it is drawn once a frame; and where much is to be drawn, what
 * would make a frame long waits for the next one.
 * @import { TemplateResult } from "../vendor/view.js"
 */
import { effect, nothing, render } from "../vendor/view.js";
import { restoreFocus } from "./lost_focus.js";

/** Half of what a frame has at 60 Hz: the other half is the browser's, for styles, layout and painting. */
const BUDGET_MS = 8;

/** What is to be drawn, and what waits for that, in the order in which it was asked for. @type {Set<() => void>} */
const waiting = new Set();
let isAsked = false;

/** The places that a shell's document has for views: `data-view` on each. @param {Document} document @returns {(view: string) => HTMLElement} */
export const placeIn = (document) => (view) => {
    const found = /** @type {HTMLElement | null} */ (document.querySelector(`[data-view="${view}"]`));
    if (!found) throw new Error(`The document has no place for ${view}.`);
    return found;
};

/**
 * @param {HTMLElement} root @param {() => TemplateResult | typeof nothing} view
 * @param {() => void} [after] runs when it has been drawn
 */
export function mount(root, view, after) {
    let stop = () => {};
    const draw = () => {
        stop();
        let isFirst = true;
        stop = effect(() => {
            // The second run tells that something read by the first has changed. It reads nothing, so it is also the last.
            if (!isFirst) return void ask(draw);
            isFirst = false;
            render(view(), root);
        });
        after?.();
    };
    draw();
}

/** Acts when everything that has changed so far is on the page; what changes meanwhile does not hold it up. @param {() => void} act */
export const whenDrawn = (act) => ask(act);

/** @param {() => void} act */
function ask(act) {
    waiting.add(act);
    askForFrame();
}

function askForFrame() {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(drawSome);
}

function drawSome() {
    isAsked = false;
    const end = performance.now() + BUDGET_MS;
    try {
        // What is asked for by these has its turn in the next frame.
        for (const act of [...waiting]) {
            waiting.delete(act);
            act();
            if (performance.now() >= end) break;
        }
    } finally {
        if (waiting.size > 0) askForFrame();
        else restoreFocus();
    }
}
