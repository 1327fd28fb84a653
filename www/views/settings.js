/** The settings: each takes effect at once, on what is tagged too, and is there at the next visit. */
import { actions } from "../app/dialog_actions.js";
import { RANGES } from "../app/settings.js";
import { automaticTagLanguage, engine, history, language, maxTags, settings } from "../app/state.js";
import { LANGUAGE_NAMES } from "../i18n/messages.js";
import { html, nothing } from "../vendor/view.js";
import { listEditor } from "./list_editor.js";
import { localForm } from "./local_form.js";
import { whenDrawn } from "./mount.js";
import { t } from "./text.js";

/** @typedef {import("../vendor/view.js").TemplateResult} TemplateResult */

/** @type {import("./dialog.js").DialogView} */
export const settingsDialog = {
    title: "settings",
    body: settingsBody,
    onOpen: () => actions.openLists(),
    onClose: () => actions.closeLists(),
};

function settingsBody() {
    const { policy, languages = [], has_second_look: hasSecondLook = false } = engine.value.facts ?? {};
    const {
        is_finding_objects: isFindingObjects,
        is_stopping_at_errors: isStoppingAtErrors,
        relaunches,
        relaunch_window_s: relaunchWindowS,
        tag_language: tagLanguage,
        max_megapixels: maxMegapixels,
    } = settings.value;
    return localForm(html`<div class="settings">
        <section>
            <h3>${t("settings_tags")}</h3>
            ${row("max_tags", t("max_tags"), number("max_tags", maxTags.value), policy ? t("max_tags_why", { n: policy.max_tags }) : "")}
            ${
                hasSecondLook
                    ? row(
                          "find_objects",
                          t("find_objects"),
                          toggle("find_objects", isFindingObjects, (isOn) => actions.set({ is_finding_objects: isOn })),
                          t("find_objects_why"),
                      )
                    : nothing
            }
            ${listEditor("allow", t("allow"), t("allow_why"))} ${listEditor("deny", t("deny"), t("deny_why"))}
            <div class="settings-row">
                <p>${t("words_row")}</p>
                <button class="button" type="button" data-do="open-words" aria-describedby="settings-words-why" @click=${() => actions.showDialog("words")}>${t("words_open")}</button>
                <p class="settings-why" id="settings-words-why">${t("words_row_why")}</p>
            </div>
        </section>
        <section>
            <h3>${t("settings_languages")}</h3>
            ${row("page_language", t("page_language"), pageLanguages())}
            ${row("tag_language", t("tag_language"), tagLanguages(languages, tagLanguage))}
        </section>
        <section>
            <h3>${t("settings_errors")}</h3>
            ${row(
                "go_on",
                t("go_on_after_errors"),
                toggle("go_on", !isStoppingAtErrors, (isOn) => actions.set({ is_stopping_at_errors: !isOn })),
                t("go_on_after_errors_why"),
            )}
            ${row("max_megapixels", t("max_megapixels"), number("max_megapixels", maxMegapixels), t("max_megapixels_why"))}
            ${row("relaunches", t("relaunches"), number("relaunches", relaunches))}
            ${row("relaunch_window_s", t("relaunch_window"), number("relaunch_window_s", relaunchWindowS), t("relaunches_why"))}
        </section>
        <section>
            <h3>${t("settings_model")}</h3>
            ${model()}
        </section>
        <div class="settings-foot">
            <button class="button" type="button" data-do="reset-settings" @click=${actions.resetSettings}>${t("reset_settings")}</button>
            ${
                history.value.undo === t("did_reset_settings")
                    ? html`<button class="button" type="button" data-do="undo-reset" @click=${actions.undo}>${t("undo")}</button>`
                    : nothing
            }
        </div>
    </div>`);
}

/** @param {Event} event */
const inputOf = (event) => /** @type {HTMLInputElement} */ (event.currentTarget);

/** @param {string} name @param {string} label @param {TemplateResult} control whose id is `settings-NAME` @param {string} [why] */
function row(name, label, control, why = "") {
    return html`<div class="settings-row">
        <label for=${`settings-${name}`}>${label}</label>
        ${control} ${why ? html`<p class="settings-why" id=${`settings-${name}-why`}>${why}</p>` : nothing}
    </div>`;
}

/** @param {string} name @param {boolean} isOn @param {(isOn: boolean) => void} act */
function toggle(name, isOn, act) {
    return html`<input
        type="checkbox"
        role="switch"
        class="switch"
        id=${`settings-${name}`}
        data-setting=${name}
        aria-describedby=${`settings-${name}-why`}
        .checked=${isOn}
        @change=${(/** @type {Event} */ event) => act(inputOf(event).checked)}
    />`;
}

/**
 * What is beyond the range becomes its end; an empty field goes back to what holds without it.
 * @param {"max_tags" | "relaunches" | "relaunch_window_s" | "max_megapixels"} name @param {number | null} value null for none of one's own
 */
function number(name, value) {
    const [least = 0, most = 0] = RANGES[name];
    const change = (/** @type {Event} */ event) => {
        const input = inputOf(event);
        const wanted = Math.round(Math.min(most, Math.max(least, input.valueAsNumber)));
        actions.set({ [name]: Number.isNaN(wanted) ? null : wanted });
        // Drawn again only if it has changed; what was typed may have been something else.
        whenDrawn(() => (input.value = String((name === "max_tags" ? maxTags.value : settings.value[name]) ?? "")));
    };
    return html`<input
        class="field"
        type="number"
        inputmode="numeric"
        id=${`settings-${name}`}
        data-setting=${name}
        min=${least}
        max=${most}
        step="1"
        .value=${String(value ?? "")}
        @change=${change}
    />`;
}

function pageLanguages() {
    const options = Object.entries(LANGUAGE_NAMES).map(
        ([code, name]) =>
            html`<option value=${code} lang=${code} .selected=${language.value === code}>${name}</option>`,
    );
    const choose = (/** @type {Event} */ event) => {
        actions.setLanguage(/** @type {import("../i18n/messages.js").Language} */ (inputOf(event).value));
    };
    return html`<select class="field" id="settings-page_language" data-setting="page_language" @change=${choose}>${options}</select>`;
}

/** @param {string[]} languages that the model has names in @param {string | null} wanted which may be none of them: another model's */
function tagLanguages(languages, wanted) {
    const all = wanted === null || languages.includes(wanted) ? languages : [...languages, wanted];
    /** @param {string} code @param {string} name */
    const option = (code, name) => html`<option value=${code} .selected=${code === (wanted ?? "")}>${name}</option>`;
    return html`<select
        class="field"
        id="settings-tag_language"
        data-setting="tag_language"
        @change=${(/** @type {Event} */ event) => actions.set({ tag_language: inputOf(event).value || null })}
    >
        ${option("", t("tag_language_auto", { language: languageName(automaticTagLanguage.value) }))} ${all.map((code) => option(code, languageName(code)))}
    </select>`;
}

/** In the page's language. A vocabulary may call its languages anything. @param {string} code */
function languageName(code) {
    try {
        const name = new Intl.DisplayNames([language.value], { type: "language" }).of(code) ?? code;
        return name.charAt(0).toLocaleUpperCase(language.value) + name.slice(1);
    } catch {
        return code;
    }
}

function model() {
    const { facts } = engine.value;
    const { name = "", version = "", n_tags: nTags = 0 } = facts ?? {};
    return html`<div class="settings-row">
        <p>${facts ? html`<strong>${t("model_in_use", { name, version })}</strong> ${t("model_tags", { n: nTags })}` : t("model_none")}</p>
        <button class="button" type="button" data-do="open-models" @click=${() => actions.showDialog("models")}>${t("open_models")}</button>
    </div>`;
}
