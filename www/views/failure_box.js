/**
 * What could not be done, where it was asked for: what is wrong, and what to do.
 * @import { Failure } from "../core/protocol.js"
 * @import { TemplateResult } from "../vendor/view.js"
 */
import { html, nothing } from "../vendor/view.js";
import { warningIcon } from "./icons.js";
import { errorText } from "./text.js";

/** @param {Failure | null} failure @param {TemplateResult | typeof nothing | string} [more] what else there is to say @param {string} [name] a class of its own */
export function failureBox(failure, more = nothing, name = "") {
    if (!failure) return nothing;
    const { title, remedy } = errorText(failure);
    return html`<div class="failure-box ${name}" role="alert" data-code=${failure.code} title=${failure.detail}>
        ${warningIcon()}
        <p><strong>${title}</strong> ${remedy} ${more}</p>
    </div>`;
}
