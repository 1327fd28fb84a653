/**
 * What happened: shown for a while, and said to a screen reader. A message lies at the foot of what is in front (the grid, the sheet of
 * the inspector, the large view, a dialog) and takes its room there, so that it covers nothing and nothing above it moves.
 */
import { actions } from "../app/actions.js";
import { notice, said } from "../app/state.js";
import { html, nothing, repeat } from "../vendor/view.js";

/** No message is higher. */
const MESSAGE_PX = 80;

/** For those who see, and what leads on from there; it is said elsewhere. */
export function messageText() {
    const { text, isShown, action } = notice.value;
    if (!isShown) return nothing;
    const button =
        action &&
        html`<button class="toast-action" type="button" data-do="notice" @click=${actions.followNotice}>${action.text}</button>`;
    return html`<p class="toast">${text}${button ?? nothing}</p>`;
}

/** Each line is an element of its own: what is new in a live region is said, and nothing else of it. */
export const saidLines = () =>
    html`${repeat(
        said.value,
        ({ n }) => n,
        ({ text }) => html`<p>${text}</p>`,
    )}`;

/** The grid gives its last line to the message: what has the keyboard there stays in sight, of whoever uses one. */
export function keepInSight() {
    const held = document.activeElement;
    const scroller = held?.closest(".grid");
    if (!held || !scroller || !held.matches(":focus-visible")) return;
    const { bottom } = scroller.getBoundingClientRect();
    const { top, bottom: end } = held.getBoundingClientRect();
    if (top < bottom + MESSAGE_PX && end > bottom) held.scrollIntoView({ block: "nearest" });
}
