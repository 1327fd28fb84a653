/**
 * Asks which picture is meant, where the browser does not tell: a menu on a background, or a key.
 * @import { Language } from "./messages.js"
 * @import { PagePicture } from "./picture_of.js"
 */
import { html } from "../../vendor/view.js";
import { pictureAt } from "./find_pictures.js";
import { openLayer } from "./layer.js";
import css from "./picker.css";
import { say } from "./words.js";

/** Ends the one that is open. @type {() => void} */
let leave = () => {};

/** @param {Language} language @returns {Promise<PagePicture | null>} null: none was meant after all */
export function pickPicture(language) {
    leave();
    const layer = openLayer(css);
    const { host } = layer;
    const ended = new AbortController();
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    return new Promise((resolve) => {
        /** @param {PagePicture | null} picture */
        const end = (picture) => {
            ended.abort();
            layer.close();
            before?.focus?.();
            resolve(picture);
        };
        leave = () => end(null);
        /** @param {MouseEvent} event */
        const below = ({ clientX, clientY }) => {
            host.hidden = true; // or it would find itself
            const picture = pictureAt(clientX, clientY);
            host.hidden = false;
            return picture;
        };
        const listen = (/** @type {string} */ kind, /** @type {(event: any) => void} */ act) =>
            host.addEventListener(kind, act, { signal: ended.signal });
        listen("click", (event) => end(below(event)));
        listen("mousemove", (event) => host.classList.toggle("is-over", below(event) !== null));
        listen("keydown", (event) => void (event.key === "Escape" && end(null)));
        layer.draw(html`<p class="hint" role="status">${say(language, "pick")}</p>`);
        host.tabIndex = -1;
        host.focus();
    });
}
