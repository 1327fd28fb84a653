/**
 * The inputs of the form for a model without a card.
 * @import { MessageKey } from "../i18n/en.js"
 * @import { TemplateResult } from "../vendor/view.js"
 */
import { html, nothing } from "../vendor/view.js";
import { rounded, t } from "./text.js";

/**
 * @param {MessageKey} key the input has it as its id @param {TemplateResult} input
 * @param {TemplateResult | typeof nothing} [basis] what the value rests on
 */
export const field = (key, input, basis = nothing) =>
    html`<div class="model-field"><label for=${key}>${t(key)}</label>${input}${basis}</div>`;

/** @param {MessageKey} key @param {TemplateResult} inputs @param {TemplateResult | typeof nothing} [basis] */
export const group = (
    key,
    inputs,
    basis = nothing,
) => html`<div class="model-field" role="group" aria-labelledby=${key}>
    <span id=${key}>${t(key)}</span>
    <div class="model-numbers">${inputs}</div>
    ${basis}
</div>`;

/**
 * @template {string} V
 * @param {string} prefix of the options' words @param {V} value @param {readonly V[]} values @param {(value: V) => void} set @param {string} [id]
 */
export function choice(prefix, value, values, set, id = prefix) {
    const changed = (/** @type {Event} */ event) =>
        set(/** @type {V} */ (/** @type {HTMLSelectElement} */ (event.currentTarget).value));
    return html`<select id=${id} @change=${changed}>
        ${values.map((one) => html`<option value=${one} .selected=${one === value}>${t(/** @type {MessageKey} */ (`${prefix}_${one}`))}</option>`)}
    </select>`;
}

/** @param {{id?: string, label: string, value: number, least?: number, most: number, step?: string, isFixed?: boolean, set: (value: number) => void}} what */
export function number({ id, label, value, least = 1, most, step = "1", isFixed = false, set }) {
    const changed = (/** @type {Event} */ event) => {
        const input = /** @type {HTMLInputElement} */ (event.currentTarget);
        if (input.checkValidity() && input.value !== "") set(input.valueAsNumber);
        else input.value = String(rounded(value, 3)); // what makes no sense is not taken
    };
    return html`<input
        type="number"
        id=${id ?? nothing}
        aria-label=${label}
        min=${least}
        max=${most}
        step=${step}
        ?readonly=${isFixed}
        .value=${String(rounded(value, 3))}
        @change=${changed}
    />`;
}

/**
 * A colour: red, green and blue from 0 to 255. @param {string} id @param {readonly number[]} rgb
 * @param {(rgb: [number, number, number]) => void} set
 */
export function colour(id, rgb, set) {
    const hex = `#${rgb.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
    const changed = (/** @type {Event} */ event) => {
        const { value } = /** @type {HTMLInputElement} */ (event.currentTarget);
        const at = (/** @type {number} */ from) => Number.parseInt(value.slice(from, from + 2), 16);
        set([at(1), at(3), at(5)]);
    };
    return html`<input id=${id} type="color" .value=${hex} @change=${changed} />`;
}

/** Opens the choice of files beside a button. @param {Event} event */
export function openInput(event) {
    const button = /** @type {HTMLElement} */ (event.currentTarget);
    /** @type {HTMLElement | null | undefined} */ (button.parentElement?.querySelector('input[type="file"]'))?.click();
}
