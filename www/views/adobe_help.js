/**
 * What people coming from AEM's pages need beside an Adobe set-up: the two `.config` files dropped in, and the ways from what those pages
 * describe to what holds today.
 */
import { actions } from "../app/provider_actions.js";
import { osgiNotes } from "../app/provider_state.js";
import { html } from "../vendor/view.js";
import { providerNotes } from "./provider_notes.js";
import { t } from "./text.js";

/** @param {string} id of the provider */
export function osgiDrop(id) {
    const onChosen = (/** @type {Event} */ event) => {
        const input = /** @type {HTMLInputElement} */ (event.currentTarget);
        void actions.readOsgi(id, [...(input.files ?? [])]);
        input.value = ""; // the same files may be chosen again
    };
    const choose = (/** @type {Event} */ { currentTarget }) =>
        /** @type {HTMLElement | null | undefined} */ (
            /** @type {HTMLElement} */ (currentTarget).parentElement?.querySelector("input")
        )?.click();
    const onDrop = (/** @type {DragEvent} */ event) => {
        event.preventDefault();
        event.stopPropagation();
        void actions.readOsgi(id, [...(event.dataTransfer?.files ?? [])]);
    };
    const over = (/** @type {DragEvent} */ event) => event.preventDefault();
    return html`<div class="provider-drop" @drop=${onDrop} @dragover=${over}>
        <p>${t("osgi_drop")}</p>
        <button class="button" type="button" data-do="choose-osgi" @click=${choose}>${t("osgi_choose")}</button>
        <input type="file" data-input="osgi" accept=".config,.cfg,.json,.txt" multiple hidden @change=${onChosen} />
        ${providerNotes(osgiNotes.value)}
    </div>`;
}

const STEPS = /** @type {const} */ (["renew", "oauth", "licence", "not_found"]);

export const adobeSteps = () => html`<section class="provider-section">
    <h4>${t("adobe_steps")}</h4>
    ${STEPS.map(
        (step) => html`<details>
            <summary>${t(`adobe_${step}`)}</summary>
            <p class="provider-steps-text">${t(`adobe_${step}_how`)}</p>
        </details>`,
    )}
</section>`;
