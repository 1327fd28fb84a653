/**
 * The health of a list of words: words that may be the same, on one picture only, and on none.
 * @import { KeptWords } from "../app/actions/strict_words.js"
 * @import { NearWords, StrictWord } from "../core/engine_api.d.ts"
 */
import { actions } from "../app/words_actions.js";
import { wordsHealth, wordsReport } from "../app/words_state.js";
import { html, nothing, repeat } from "../vendor/view.js";
import { t } from "./text.js";
import { button } from "./words_suggestions.js";

/** So many are drawn at once. */
const N_SHOWN = 50;
const WHY = /** @type {const} */ ({
    same: "words_near_same",
    spelling: "words_near_spelling",
    plural: "words_near_plural",
    letter: "words_near_letter",
});

/** @param {KeptWords} kept */
export function wordsHealthView({ is_on: isOn, words }) {
    const near = wordsHealth.value?.near ?? [];
    const pictures = wordsReport.value?.pictures ?? [];
    const on = (/** @type {number} */ n) => words.words.filter((word, at) => pictures[at] === n && !word.heading);
    return html`<section class="words-health">
        <h3>${t("words_health")}</h3>
        <p>${near.length > 0 ? t("words_near", { n: near.length }) : t("words_near_none")}</p>
        <ul class="words-rows">
            ${repeat(
                near.slice(0, N_SHOWN),
                ({ one, other }) => `${one} ${other}`,
                (pair) => nearRow(words.words, pair),
            )}
        </ul>
        ${isOn ? html`${few("words_singletons", on(1))} ${few("words_unused", on(0))}` : nothing}
    </section>`;
}

/** @param {readonly StrictWord[]} words @param {NearWords} pair */
function nearRow(words, { one, other, why }) {
    const nameOf = (/** @type {string} */ id) => words.find((word) => word.id === id)?.name ?? id;
    const [a, b] = [nameOf(one), nameOf(other)];
    return html`<li data-near=${`${one} ${other}`}>
        <span class="words-name"><bdi>${a}</bdi> · <bdi>${b}</bdi> <small>${t(WHY[why])}</small></span>
        <span class="words-buttons">
            ${button("join-words", t("words_keep", { name: a }), b, () => actions.joinWords(one, other))}
            ${button("join-words", t("words_keep", { name: b }), a, () => actions.joinWords(other, one))}
        </span>
    </li>`;
}

/** @param {"words_singletons" | "words_unused"} heading @param {readonly StrictWord[]} words */
function few(heading, words) {
    return html`<details data-health=${heading}>
        <summary>${t(heading, { n: words.length })}</summary>
        <ul class="words-rows">
            ${words.slice(0, N_SHOWN).map(
                ({ id, name }) =>
                    html`<li data-word=${id}>
                        <span class="words-name"><bdi>${name}</bdi></span>
                        <span class="words-buttons">${button("remove-word", t("words_remove"), name, () => actions.removeWords([id]))}</span>
                    </li>`,
            )}
        </ul>
    </details>`;
}
