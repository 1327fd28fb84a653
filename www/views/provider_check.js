/**
 * The check of a set-up: form, way, signing in, rights and answer, step by step; each with what came of it and what to do.
 * @import { CheckStep, Provider } from "../app/provider_state.js"
 */
import { actions } from "../app/provider_actions.js";
import { checks } from "../app/provider_state.js";
import { html, nothing } from "../vendor/view.js";
import { closeIcon } from "./icons.js";
import { errorText, momentText, t } from "./text.js";
import { acceptIcon } from "./work_icons.js";

const ADOBE_STATUS = "https://status.adobe.com";

/** @param {Provider} provider @param {boolean} canBe whether there is anything to check with */
export function checkSection({ id, kind, name }, canBe) {
    const check = checks.value.get(id);
    const isRunning = check?.status === "running";
    const hasFailed = check?.steps.some(({ ok }) => ok === false) ?? false;
    return html`<section class="provider-section" data-check=${check?.status ?? "none"}>
        <h4>${t("provider_check_heading")}</h4>
        <p class="provider-why">${t("provider_check_why")}</p>
        <p class="provider-buttons">
            <button
                class="button"
                type="button"
                data-do="check-provider"
                aria-label=${t("provider_check_which", { name })}
                ?disabled=${isRunning || !canBe}
                @click=${() => void actions.checkProvider(id)}
            >
                ${t(isRunning ? "provider_checking" : "provider_check")}
            </button>
            ${check?.status === "done" ? html`<span class="provider-why">${momentText(check.at_ms)}</span>` : nothing}
        </p>
        <div role="status">${check && check.steps.length > 0 ? html`<ol class="provider-steps">${check.steps.map(step)}</ol>` : nothing}</div>
        ${
            hasFailed && kind === "adobe"
                ? html`<p><a href=${ADOBE_STATUS} target="_blank" rel="noreferrer">${t("adobe_status")}</a></p>`
                : nothing
        }
    </section>`;
}

/** @param {CheckStep} one */
function step({ step, ok, failure }) {
    const { title, remedy } = failure ? errorText(failure) : { title: "", remedy: "" };
    const result = ok === null ? "provider_step_untried" : ok ? "provider_step_ok" : "provider_step_failed";
    return html`<li data-step=${step} data-ok=${String(ok)} data-code=${failure?.code ?? nothing}>
        <span class="provider-step-mark">${ok === null ? "–" : ok ? acceptIcon() : closeIcon()}</span>
        <div>
            <p><strong>${t(`provider_step_${step}`)}</strong> <span>${t(result)}</span></p>
            ${failure ? html`<p>${title} ${remedy}</p>` : nothing}
            ${failure?.detail ? html`<p class="provider-why">${t("engine_details", { detail: failure.detail })}</p>` : nothing}
        </div>
    </li>`;
}
