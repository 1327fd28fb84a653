/** A newer version of the page is offered. Nothing is loaded again unless someone presses the button, and never in the middle of a run. */
import { actions } from "../app/actions.js";
import { isRunning, kept, total, updateReady } from "../app/state.js";
import { html, nothing } from "../vendor/view.js";
import { renewIcon } from "./icons.js";
import { t } from "./text.js";

export function updateBar() {
    if (!updateReady.value) return html`${nothing}`;
    return html`<section class="update" aria-label=${t("update")} ?data-waiting=${isRunning.value}>
        ${renewIcon()}
        <p class="update-words"><strong>${t("update_ready")}</strong> ${condition()}</p>
        <div class="update-buttons">
            ${isRunning.value ? nothing : reload()}
            <button class="button" type="button" data-do="later" @click=${actions.postponeUpdate}>${t("update_later")}</button>
        </div>
    </section>`;
}

const reload = () =>
    html`<button class="button" type="button" data-do="reload" @click=${actions.applyUpdate}>${t("update_reload")}</button>`;

function condition() {
    if (isRunning.value) return t("update_waits");
    return total.value > 0 && kept.value?.where === "memory" ? t("update_costs") : nothing;
}
