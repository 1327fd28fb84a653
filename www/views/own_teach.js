/** Which tag the selected pictures are examples of, and which tagger is to learn it. */
import { actions } from "../app/own_actions.js";
import { MAX_NAME } from "../app/collection_names.js";
import { ownSettingsOf } from "../app/own/settings.js";
import { ownFailure, ownTaggers } from "../app/own_state.js";
import { collection } from "../app/state.js";
import { html, nothing, signal } from "../vendor/view.js";
import { failureBox } from "./failure_box.js";
import { localForm } from "./local_form.js";
import { t } from "./text.js";

/** @typedef {import("../core/protocol.js").Failure} Failure */

/** What cannot be a tag. */
const wrong = signal(/** @type {Failure | null} */ (null));

/** @param {readonly number[]} ids */
export function ownTeachView(ids) {
    const all = ownTaggers.value ?? [];
    const here = collection.value?.id ?? -1;
    // Who learns from this collection already is meant first.
    const first = all.find(({ settings }) => ownSettingsOf(settings).collections.includes(here)) ?? all[0];
    const teach = async (/** @type {Event} */ { currentTarget }) => {
        const form = /** @type {HTMLElement} */ (currentTarget).closest(".own");
        const word = /** @type {HTMLInputElement | null} */ (form?.querySelector("#own-teach-tag"))?.value ?? "";
        const chosen = /** @type {HTMLSelectElement | null} */ (form?.querySelector("#own-teach-tagger"))?.value;
        wrong.value = await actions.teach(word, chosen || null);
    };
    const onKey = (/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Enter" && !event.isComposing) void teach(event);
    };
    return html`<div class="own" data-teach=${ids.length}>
        <h3 tabindex="-1">${t("teach_tag")}</h3>
        ${failureBox(ownFailure.value ?? wrong.value)}
        <p class="own-why">${t("taught_teach_what", { n: ids.length })} ${t("taught_teach_counts")}</p>
        ${localForm(html`<div class="own-form">
            <label for="own-teach-tag">${t("taught_teach_tag")}</label>
            <input class="field" type="text" id="own-teach-tag" autocomplete="off" maxlength=${MAX_NAME} @keydown=${onKey} />
            ${
                all.length > 0
                    ? html`<label for="own-teach-tagger">${t("taught_teach_tagger")}</label>
                          <select class="field" id="own-teach-tagger">
                              ${all.map(({ id, name }) => html`<option value=${id} ?selected=${id === first?.id}>${name}</option>`)}
                              <option value="">${t("taught_teach_new")}</option>
                          </select>`
                    : nothing
            }
            <span></span>
            <button class="button is-main" type="button" data-do="teach" @click=${teach}>${t("taught_teach_do")}</button>
        </div>`)}
    </div>`;
}
