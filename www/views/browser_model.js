/** The browser's own model: whether it is there, what it takes to have it, and how far its download is. */
import { actions } from "../app/provider_actions.js";
import { browserModel } from "../app/provider_state.js";
import { html, nothing } from "../vendor/view.js";
import { failureBox } from "./failure_box.js";
import { percent, t } from "./text.js";

export function browserModelSection() {
    const { status, share, failure } = browserModel.value ?? { status: "unavailable", share: 0, failure: null };
    return html`<section class="provider-section" data-browser-model=${status}>
        <h4>${t("browser_model")}</h4>
        <p class="provider-why">${t("browser_model_what")}</p>
        <p role="status">${t(`browser_model_${status}`, { percent: percent(share) })}</p>
        ${failureBox(failure)}
        ${
            status === "downloading"
                ? html`<progress class="job-bar" aria-label=${t("browser_model")} max="1" .value=${share}></progress>`
                : nothing
        }
        ${
            status === "downloadable"
                ? html`<p class="provider-buttons">
                      <button class="button" type="button" data-do="download-browser-model" @click=${() => void actions.downloadBrowserModel()}>${t("models_download")}</button>
                  </p>`
                : nothing
        }
    </section>`;
}
