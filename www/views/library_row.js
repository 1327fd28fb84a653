/**
 * One row of a list of collections or runs: what it is called, what there is to know of it, what can be done with it, and what is asked
 * about it.
 * @import { TemplateResult } from "../vendor/view.js"
 *
 * @typedef {{
 *   id: number | string, name: string, badge: string | null, facts: readonly (TemplateResult | string | null)[], buttons: TemplateResult,
 *   below?: TemplateResult | typeof nothing, isOff?: boolean }} LibraryRow
 */
import { html, nothing } from "../vendor/view.js";

/** @param {LibraryRow} row */
export const libraryRow = ({ id, name, badge, facts, buttons, below = nothing, isOff = false }) => html`<li
    class="library-row ${isOff ? "is-off" : ""}"
    data-library-row=${id}
>
    <div class="library-words">
        <p class="library-name"><bdi>${name}</bdi> ${badge ? html`<span class="library-badge">${badge}</span>` : nothing}</p>
        <p class="library-facts">${facts.filter((fact) => fact !== null).map((fact) => html`<span>${fact}</span>`)}</p>
    </div>
    <div class="library-buttons">${buttons}</div>
    ${below}
</li>`;

/** @param {string} name the `data-do` @param {string} words @param {string} label which of the rows it is for @param {() => void} act */
export const rowButton = (name, words, label, act) =>
    html`<button class="button" type="button" data-do=${name} aria-label=${label} @click=${act}>${words}</button>`;
