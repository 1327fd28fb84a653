/** A newer version of the page is offered. Nothing is loaded again unless someone presses the button, and never in the middle of a run. */
import { actions } from "../app/actions.js";
import { is_running, total, update_ready } from "../app/state.js";
import { html, nothing } from "../vendor/view.js";
import { renew_icon } from "./icons.js";
import { t } from "./words.js";

export function update_bar() {
    if (!update_ready.value) return html`${nothing}`;
    return html`<section class="update" aria-label=${t("update")} ?data-waiting=${is_running.value}>
        ${renew_icon()}
        <p class="update-words"><strong>${t("update_ready")}</strong> ${condition()}</p>
        <div class="update-buttons">
            ${is_running.value ? nothing : reload()}
            <button class="button" type="button" data-do="later" @click=${actions.postpone_update}>${t("update_later")}</button>
        </div>
    </section>`;
}

const reload = () =>
    html`<button class="button" type="button" data-do="reload" @click=${actions.apply_update}>${t("update_reload")}</button>`;

function condition() {
    if (is_running.value) return t("update_waits");
    return total.value > 0 ? t("update_costs") : nothing;
}
