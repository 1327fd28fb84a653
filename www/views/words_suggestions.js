/**
 * What no word stands for is parked here until somebody decides; below it, what shows as another word, and why.
 * @import { MappedTag, Suggestion } from "../core/engine_api.d.ts"
 * @import { KeptWords } from "../app/actions/strict_words.js"
 */
import { actions } from "../app/words_actions.js";
import { wordsHealth, wordsReport } from "../app/words_state.js";
import { html, nothing, repeat } from "../vendor/view.js";
import { localForm } from "./local_form.js";
import { t } from "./text.js";

/** So many are drawn at once. */
const N_SHOWN = 100;
const WHY = /** @type {const} */ ({
    hand: "words_by_hand",
    id: "words_by_id",
    name: "words_by_name",
    alias: "words_by_alias",
});

/** @param {KeptWords} kept */
export function wordsSuggestions(kept) {
    const report = wordsReport.value;
    if (!kept.is_on || !report) return nothing;
    const { suggestions, mapped } = report;
    const nearest = wordsHealth.value?.nearest ?? [];
    const dismissed = (kept.words.rules ?? []).filter(({ into }) => into === null);
    return html`<section class="words-suggestions">
            <h3>${t("words_suggestions")}</h3>
            <p>${suggestions.length > 0 ? t("words_suggestions_why") : t("words_no_suggestions")}</p>
            <datalist id="words-all">
                ${kept.words.words.filter(({ heading }) => !heading).map(({ name }) => html`<option value=${name}></option>`)}
            </datalist>
            <ul class="words-rows">
                ${repeat(
                    suggestions.slice(0, N_SHOWN).map((one, at) => ({ one, near: nearest[at] ?? null })),
                    ({ one }) => one.tag.id,
                    ({ one, near }) => suggestion(kept, one, near),
                )}
            </ul>
        </section>
        <details class="words-mapped">
            <summary>${t("words_mapped", { n: mapped.length + dismissed.length })}</summary>
            <ul class="words-rows">
                ${mapped.slice(0, N_SHOWN).map((one) => mappedRow(kept, one))}
                ${dismissed.slice(0, N_SHOWN).map(({ tag }) => dismissedRow(tag))}
            </ul>
        </details>`;
}

/** @param {KeptWords} kept @param {string} id */
const nameOf = ({ words }, id) => words.words.find((word) => word.id === id)?.name ?? id;

/** @param {KeptWords} kept @param {Suggestion} one @param {string | null} near */
function suggestion(kept, { tag, pictures }, near) {
    const showAs = (/** @type {Event} */ { currentTarget }) =>
        actions.showAsTyped(tag, /** @type {HTMLInputElement} */ (currentTarget).value);
    const nearName = near === null ? "" : nameOf(kept, near);
    return html`<li data-suggestion=${tag.id}>
        <span class="words-name"><bdi>${tag.name}</bdi> <small>${t("n_pictures", { n: pictures })}</small></span>
        <span class="words-buttons">
            ${near === null ? nothing : button("show-as-near", t("words_show_as", { name: nearName }), tag.name, () => actions.showAs(tag, near))}
            ${button("take-word-in", t("words_take_in"), tag.name, () => void actions.takeWordIn(tag))}
            ${button("dismiss-word", t("words_dismiss"), tag.name, () => actions.showAs(tag, null))}
            ${localForm(html`<input
                class="field"
                type="text"
                list="words-all"
                autocomplete="off"
                data-do="show-as"
                aria-label=${t("words_show_as_which", { name: tag.name })}
                placeholder=${t("words_show_as_field")}
                @change=${showAs}
            />`)}
        </span>
    </li>`;
}

/** @param {KeptWords} kept @param {MappedTag} one */
function mappedRow(kept, { tag, into, why }) {
    const act = () => (why === "hand" ? actions.dropWordRule(tag) : actions.showAs(tag, null));
    const label = why === "hand" ? t("words_drop_rule") : t("words_not_this");
    return html`<li data-mapped=${tag.id}>
        <span class="words-name"><bdi>${tag.name}</bdi> → <bdi>${nameOf(kept, into)}</bdi> <small>${t(WHY[why])}</small></span>
        <span class="words-buttons">${button("unmap-word", label, tag.name, act)}</span>
    </li>`;
}

/** @param {import("../core/engine_api.d.ts").TagRef} tag */
const dismissedRow = (tag) => html`<li data-dismissed=${tag.id}>
    <span class="words-name"><bdi>${tag.name}</bdi> <small>${t("words_dismissed")}</small></span>
    <span class="words-buttons">${button("unmap-word", t("words_drop_rule"), tag.name, () => actions.dropWordRule(tag))}</span>
</li>`;

/** @param {string} what the `data-do` @param {string} words @param {string} name which of the rows it is for @param {() => void} act */
export const button = (what, words, name, act) =>
    html`<button class="button" type="button" data-do=${what} aria-label=${`${words}: ${name}`} @click=${act}>${words}</button>`;
