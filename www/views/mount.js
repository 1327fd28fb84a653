/**
 * Keeps a part of the page as its view says. However many signals change, it is drawn once a frame.
 * @import { TemplateResult } from "../vendor/view.js"
 */
import { effect, nothing, render } from "../vendor/view.js";

/**
 * @param {HTMLElement} root @param {() => TemplateResult | typeof nothing} view
 * @param {() => void} [after] runs when it has been drawn
 */
export function mount(root, view, after) {
    let stop = () => {};
    const draw = () => {
        stop();
        let is_first = true;
        stop = effect(() => {
            // The second run tells that something read by the first has changed. It reads nothing, so it is also the last.
            if (!is_first) return void requestAnimationFrame(draw);
            is_first = false;
            render(view(), root);
        });
        after?.();
    };
    draw();
}
