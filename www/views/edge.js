/** The pictures at the edge: those that gain or lose a tag while the threshold moves, the nearest to it first. */
import { actions } from "../app/work_actions.js";
import { change, pictureOf } from "../app/state.js";
import { html, nothing, repeat } from "../vendor/view.js";
import { closeIcon } from "./icons.js";
import { confidenceText, t } from "./text.js";

/** @typedef {import("../core/engine_api.d.ts").Change["edge"][0]} EdgePicture */

export function edge() {
    const pictures = change.value?.edge ?? [];
    if (pictures.length === 0) return nothing;
    // Over the grid, not above it: the cards under it stay where they are.
    return html`<div class="edge" role="group" aria-label=${t("edge")}>
        <ul data-scroll="x">${repeat(pictures, ({ id, tag }) => `${id} ${tag}`, atEdge)}</ul>
        <button class="button is-icon" type="button" data-do="close-edge" aria-label=${t("close")} @click=${actions.endChange}>${closeIcon()}</button>
    </div>`;
}

/** @param {EdgePicture} picture */
function atEdge({ id, tag, name, confidence, is_gained: isGained }) {
    const picture = pictureOf(id);
    const label = t(isGained ? "edge_gained" : "edge_lost", {
        name: picture?.name ?? "",
        tag: name,
        percent: confidenceText(confidence),
    });
    return html`<li class="edge-picture ${isGained ? "is-gained" : ""}" data-id=${id} data-edge=${tag} data-confidence=${confidence}>
        <button type="button" aria-label=${label} title=${label} @click=${() => actions.openPicture(id)}>
            ${picture?.thumbnail ? html`<img src=${picture.thumbnail} alt="" decoding="async" />` : nothing}
            <span>${isGained ? "+" : "−"} ${name} <b>${confidenceText(confidence)}</b></span>
        </button>
    </li>`;
}
