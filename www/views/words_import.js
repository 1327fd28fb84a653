/** Where a list of words comes from: a file of another program, or what somebody types. What a file has is shown before it is used. */
import { strictWords } from "../app/state.js";
import { actions } from "../app/words_actions.js";
import { wordsImport } from "../app/words_state.js";
import { html, live, nothing, signal } from "../vendor/view.js";
import { localForm } from "./local_form.js";
import { t } from "./text.js";

/** What is typed. */
const typed = signal("");

/** What a file was read as, in the reader's words. */
const FORMATS = /** @type {const} */ ({
    words: "words_as_words",
    text: "words_as_text",
    paths: "words_as_paths",
    xmp: "words_as_xmp",
    table: "words_as_table",
    skos: "words_as_skos",
});
const REASONS = /** @type {const} */ ({
    too_long: "words_too_long",
    empty: "words_empty",
    too_deep: "words_too_deep",
    too_many: "words_too_many",
});
/** Words of a file that are shown before it is used. */
const N_SHOWN = 12;

export function wordsImportView() {
    const offer = wordsImport.value;
    if (offer?.status === "asking") return preview(offer.imported);
    if (offer) return html`<p role="status">${t("words_reading")}</p>`;
    return html`<section class="words-import">
        <h3>${t(strictWords.value ? "words_another" : "words_begin")}</h3>
        <p>${t("words_formats")}</p>
        ${localForm(html`<p class="words-buttons">
            <label class="button"
                >${t("words_choose")}<input
                    class="visually-hidden"
                    type="file"
                    data-do="choose-words"
                    accept=".txt,.csv,.tsv,.xmp,.rdf,.xml,.owl,.ttl,.nt,.n3,.jsonld,.json,text/*"
                    @change=${choose}
            /></label>
        </p>
        <label for="words-typed">${t("words_type")}</label>
        <textarea
            id="words-typed"
            class="field"
            rows="4"
            data-do="type-words"
            .value=${live(typed.value)}
            @input=${(/** @type {Event} */ { currentTarget }) => void ((typed.value = /** @type {HTMLTextAreaElement} */ (currentTarget).value))}
        ></textarea>
        <p class="words-buttons">
            <button class="button" type="button" data-do="add-words" ?disabled=${typed.value.trim() === ""} @click=${add}>${t("words_add")}</button>
        </p>`)}
    </section>`;
}

/** @param {Event} event */
function choose({ currentTarget }) {
    const input = /** @type {HTMLInputElement} */ (currentTarget);
    const [file] = input.files ?? [];
    if (file) void actions.readWordsFile(file);
    input.value = ""; // the same file may be chosen again once it was changed
}

async function add() {
    const text = typed.value;
    typed.value = "";
    await actions.typeWords(text);
}

/** @param {import("../core/engine_api.d.ts").ImportedWords} imported */
function preview({ format, words, n_left_out: nLeftOut, left_out: leftOut }) {
    const { length: n } = words.words;
    return html`<section class="words-import" data-format=${format}>
        <h3><bdi>${words.title || t("words_untitled")}</bdi></h3>
        <p role="status">${t(FORMATS[format])} ${t("words_n", { n })}</p>
        <ul class="words-names">
            ${words.words.slice(0, N_SHOWN).map(({ name }) => html`<li><bdi>${name}</bdi></li>`)}
            ${n > N_SHOWN ? html`<li>${t("words_more", { n: n - N_SHOWN })}</li>` : nothing}
        </ul>
        ${nLeftOut > 0 ? html`<p>${t("words_left_out", { n: nLeftOut })}</p>` : nothing}
        <ul class="words-left-out">
            ${leftOut.slice(0, N_SHOWN).map(({ text, reason }) => html`<li><bdi>${text}</bdi> ${t(REASONS[reason])}</li>`)}
        </ul>
        <p class="words-buttons">
            <button class="button is-main" type="button" data-do="use-words" @click=${() => void actions.useImport()}>${t("words_use")}</button>
            <button class="button" type="button" data-do="drop-words" @click=${actions.dropImport}>${t("words_drop")}</button>
        </p>
    </section>`;
}
