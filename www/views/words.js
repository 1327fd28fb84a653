/** One's own words: a part of the page that is fetched when somebody opens it. */
import { strictWords } from "../app/state.js";
import { actions } from "../app/words_actions.js";
import { wordsFailure, wordsImport } from "../app/words_state.js";
import { html, nothing } from "../vendor/view.js";
import { addDialogs } from "./dialog.js";
import { failureBox } from "./failure_box.js";
import { t } from "./text.js";
import { wordsHealthView } from "./words_health.js";
import { wordsImportView } from "./words_import.js";
import { wordsSuggestions } from "./words_suggestions.js";

export { startWordsActions } from "../app/words_actions.js";

export function mountWords() {
    addDialogs({
        words: { title: "words_title", isWide: true, body, onOpen: actions.openWords, onClose: actions.leaveWords },
    });
}

function body() {
    const kept = strictWords.value;
    return html`<div class="words">
        ${failureBox(wordsFailure.value)}
        <p class="words-why">${t("words_what")}</p>
        ${kept ? list(kept) : nothing} ${wordsImportView()}
        ${kept && wordsImport.value === null ? html`${wordsSuggestions(kept)} ${wordsHealthView(kept)}` : nothing}
    </div>`;
}

/** @param {import("../app/actions/strict_words.js").KeptWords} kept */
function list({ is_on: isOn, words }) {
    const toggle = (/** @type {Event} */ event) =>
        actions.restrictTags(/** @type {HTMLInputElement} */ (event.currentTarget).checked);
    return html`<section class="words-list" data-on=${isOn}>
        <h3><bdi>${words.title || t("words_untitled")}</bdi></h3>
        <p role="status">${t("words_n", { n: words.words.length })}</p>
        <label class="words-switch">
            <input type="checkbox" role="switch" class="switch" data-do="restrict-tags" .checked=${isOn} @change=${toggle} />
            ${t("words_only")}
        </label>
        <p class="words-buttons">
            <button class="button" type="button" data-do="save-words" @click=${() => void actions.saveWords()}>${t("words_save")}</button>
            <button class="button" type="button" data-do="remove-word-list" @click=${actions.removeWordList}>${t("words_remove_list")}</button>
        </p>
    </section>`;
}
