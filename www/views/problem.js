/** What is wrong with the engine as a whole: what happened, what to do, and the button that does it. */
import { actions } from "../app/actions.js";
import { engine, problem } from "../app/state.js";
import { html, nothing } from "../vendor/view.js";
import { closeIcon, warningIcon } from "./icons.js";
import { t, errorText } from "./text.js";

export function problemBanner() {
    if (!problem.value) return html`${nothing}`;
    const { code, detail } = problem.value;
    const { title, remedy, action } = errorText(problem.value);
    return html`<div class="problem" role="alert" data-code=${code}>
        ${warningIcon()}
        <div class="problem-words">
            <p><strong>${title}</strong> ${remedy}</p>
            ${detail ? html`<p class="problem-detail">${t("engine_details", { detail })}</p>` : nothing}
        </div>
        ${action ? html`<button class="button" type="button" data-do="try-again" @click=${actionFor(code)}>${action}</button>` : nothing}
        ${engine.value.status === "ready" && code !== "library_full" ? dismiss() : nothing}
    </div>`;
}

/** Trying again does not bring back a model that is gone; another one has to be chosen. @param {string} code */
function actionFor(code) {
    if (code.startsWith("own_model_")) return () => actions.showDialog("models");
    if (code.startsWith("objects_")) return actions.retryObjects;
    if (code === "library_full") return actions.retryWriting;
    if (code === "library_damaged") return () => actions.showDialog("storage");
    if (/^(library|store)_/.test(code)) return actions.retryLibrary;
    return code === "part_unreachable" ? actions.retryPart : actions.retryEngine;
}

/** Not offered while the engine is off or failed: the button that brings it back would go too. */
const dismiss =
    () => html`<button class="button is-icon" type="button" data-do="dismiss" aria-label=${t("dismiss")} @click=${actions.dismissProblem}>
    ${closeIcon()}
</button>`;
