/** Keys, the promise and how to check it, what works without a network, and what this is. */
import { actions } from "../app/dialog_actions.js";
import { engine, isOfflineReady } from "../app/state.js";
import { html, nothing } from "../vendor/view.js";
import { KEYS, capsOf } from "./keys.js";
import { fileSize, rounded, t } from "./text.js";

/** @type {import("./dialog.js").DialogView} */
export const helpDialog = { title: "help", body: helpBody };

function helpBody() {
    return html`<div class="help">
        <section>
            <h3>${t("help_privacy")}</h3>
            <p>${t("privacy_nothing_leaves")}</p>
            <p>${t("privacy_forbidden")}</p>
            <p>${t("privacy_check")}</p>
        </section>
        <section>
            <h3>${t("help_offline")}</h3>
            <p>${t(isOfflineReady.value ? "help_offline_ready" : "help_offline_not")}</p>
        </section>
        <section>
            <h3>${t("help_keys")}</h3>
            <table class="help-keys">
                <thead class="visually-hidden">
                    <tr><th scope="col">${t("help_key")}</th><th scope="col">${t("help_does")}</th></tr>
                </thead>
                <tbody>
                    ${KEYS.map(({ keys, shown = keys, words }) => html`<tr><td>${shown.map(chord)}</td><td>${t(words)}</td></tr>`)}
                </tbody>
            </table>
        </section>
        <section>
            <h3>${t("self_test")}</h3>
            <p>${t("self_test_what")}</p>
            <button class="button" type="button" data-do="open-self-test" @click=${() => actions.showDialog("self_test")}>
                ${t("self_test_start")}
            </button>
        </section>
        <section>
            <h3>${t("help_about")}</h3>
            ${model()}
            <p data-version>${t("version", { ...actions.version() })}</p>
            <p>${t("licences")}</p>
            <p><a href=${actions.licencesUrl()} target="_blank" rel="noreferrer" data-do="licences">${t("licences_of_others")}</a></p>
        </section>
    </div>`;
}

/** The model in use, and how long it took until it was ready. */
function model() {
    const { facts, modelBytes = 0, readyMs = 0 } = engine.value;
    if (!facts) return nothing;
    const size = fileSize(modelBytes);
    return html`<p data-engine-line>${t("engine_ready", { name: facts.name, size, seconds: rounded(readyMs / 1e3) })}</p>`;
}

/** @param {string} one */
const chord = (one) => html`<span class="help-chord">${capsOf(one).map((cap) => html`<kbd>${cap}</kbd>`)}</span>`;
