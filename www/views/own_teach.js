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
/** @typedef {import("../db/own_protocol.js").OwnTagger} OwnTagger */

/** What cannot be a tag. */
const wrong = signal(/** @type {Failure | null} */ (null));
/** The tagger that was chosen, "" for a new one, and for which pictures: others begin anew. */
const chosen = signal(/** @type {{ids: readonly number[], id: string} | null} */ (null));

/** @param {readonly number[]} ids */
export function ownTeachView(ids) {
    const all = ownTaggers.value ?? [];
    const here = collection.value?.id ?? -1;
    // Who learns from this collection already is meant first.
    const first = all.find(({ settings }) => ownSettingsOf(settings).collections.includes(here)) ?? all[0];
    const id = chosen.value?.ids === ids ? chosen.value.id : (first?.id ?? "");
    const teach = async (/** @type {Event} */ { currentTarget }) => {
        const form = /** @type {HTMLElement} */ (currentTarget).closest(".own");
        const field = (/** @type {string} */ name) =>
            /** @type {HTMLInputElement | null} */ (form?.querySelector(`#own-teach-${name}`));
        const how = {
            isOnlyTag: field("only-tag")?.checked === true,
            areOnlyPictures: field("only-pictures")?.checked === true,
        };
        const word = field("tag")?.value ?? "";
        if (word.trim() === "" && !how.areOnlyPictures) return field("tag")?.focus(); // what they are examples of is missing
        wrong.value = await actions.teach(word, id || null, how);
    };
    const choose = (/** @type {Event} */ { currentTarget }) =>
        void (chosen.value = { ids, id: /** @type {HTMLSelectElement} */ (currentTarget).value });
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
                          <select class="field" id="own-teach-tagger" aria-describedby="own-teach-how" @change=${choose}>
                              ${all.map((one) => html`<option value=${one.id} ?selected=${one.id === id}>${one.name}</option>`)}
                              <option value="" ?selected=${id === ""}>${t("taught_teach_new")}</option>
                          </select>`
                    : nothing
            }
            <div class="own-teach-how" id="own-teach-how">${id === "" ? onlyThese(ids.length) : joins(all.find((one) => one.id === id))}</div>
            <button class="button is-main" type="button" data-do="teach" @click=${teach}>${t("taught_teach_do")}</button>
        </div>`)}
    </div>`;
}

/** A new tagger may have one tag, or a selection, of its own. @param {number} n */
const onlyThese = (n) => [
    tick("own-teach-only-tag", t("taught_teach_only_tag")),
    tick("own-teach-only-pictures", t("taught_teach_only_pictures", { n })),
];

/** @param {string} id @param {string} words */
const tick = (id, words) =>
    html`<label class="own-tick"><input type="checkbox" id=${id} /><span>${words}</span></label>`;

/** What becomes of them where a tagger has a set of its own. @param {OwnTagger | undefined} tagger */
function joins(tagger) {
    const { files, tags } = ownSettingsOf(tagger?.settings ?? {});
    if (files.length === 0 && tags === null) return nothing;
    return html`<p class="own-why">
        ${files.length > 0 ? t("taught_teach_joins_pictures", { n: files.length }) : nothing} ${tags ? t("taught_teach_joins_tags") : nothing}
    </p>`;
}
