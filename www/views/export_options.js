/**
 * What can be chosen about an export of a file per picture, format by format.
 * @import { CaptionOptions, ExportFormatFacts } from "../core/engine_api.d.ts"
 * @import { MessageKey } from "../i18n/en.js"
 * @import { TemplateResult } from "../vendor/view.js"
 */
import { actions } from "../app/dialog_actions.js";
import { ORDERS, wordsIn } from "../app/export_choices.js";
import { exportChoices, exportScope } from "../app/export_state.js";
import { pictureOf } from "../app/state.js";
import { html, nothing, signal } from "../vendor/view.js";
import { nameList } from "./name_list.js";
import { t } from "./text.js";

/** As they are typed, comma and all. */
const neverTyped = signal("");

const HOLDERS = ["jpeg", "png", "webp"];
const SEPARATORS = [", ", ",", " ", "; ", " | "];
/** Each shows itself. */
const WORDS = [
    { example: "Tabby cat", underscores: false, lower_case: false },
    { example: "tabby cat", underscores: false, lower_case: true },
    { example: "Tabby_cat", underscores: true, lower_case: false },
    { example: "tabby_cat", underscores: true, lower_case: true },
];

/** To be called when the dialog opens. */
export const resetOptions = () => void (neverTyped.value = exportChoices.value.captions.never.join(", "));

/** @param {ExportFormatFacts} format */
export function exportOptions(format) {
    if (format.name === "captions") return html`${captionOptions()} ${naming(format, "caption_names")}`;
    return format.name === "xmp" ? naming(format, "sidecar_names") : copyOptions();
}

/** @param {Event} event */
const inputOf = ({ currentTarget }) => /** @type {HTMLInputElement} */ (currentTarget);

/** @param {Partial<CaptionOptions>} news */
const choose = (news) => actions.chooseExport({ captions: { ...exportChoices.value.captions, ...news } });

function captionOptions() {
    const { prefix, separator, underscores, lower_case: isLower, parents, order } = exportChoices.value.captions;
    const words = WORDS.map((one) => {
        const isChosen = one.underscores === underscores && one.lower_case === isLower;
        const { example, ...news } = one;
        return pill("words", example, html`${example}`, isChosen, () => choose(news));
    });
    const separators = [...new Set([...SEPARATORS, separator])].map(
        (one) =>
            html`<option value=${one} .selected=${one === separator}>${one === " " ? t("write_separator_space") : one}</option>`,
    );
    const orders = ORDERS.map(
        (one) => html`<option value=${one} .selected=${one === order}>${t(`order_${one}`)}</option>`,
    );
    return html`
        ${field("prefix", t("write_prefix"), prefix, (value) => choose({ prefix: value }), t("write_prefix_why"))}
        ${pills(t("write_words"), words)}
        ${field(
            "never",
            t("write_never"),
            neverTyped.value,
            (value) => {
                neverTyped.value = value;
                choose({ never: wordsIn(value) });
            },
            t("write_never_why"),
        )}
        ${row(
            "separator",
            t("write_separator"),
            html`<select class="field" id="export-separator" data-export="separator" @change=${(/** @type {Event} */ event) => choose({ separator: inputOf(event).value })}>${separators}</select>`,
        )}
        ${row(
            "order",
            t("write_order"),
            html`<select class="field" id="export-order" data-export="order" @change=${(/** @type {Event} */ event) => choose({ order: /** @type {CaptionOptions["order"]} */ (inputOf(event).value) })}>${orders}</select>`,
        )}
        ${check("parents", t("write_parents"), parents, (isOn) => choose({ parents: isOn }), t("write_parents_why"))}
    `;
}

/** @param {ExportFormatFacts} format @param {"caption_names" | "sidecar_names"} which */
function naming(format, which) {
    const chosen = exportChoices.value[which];
    const isSidecar = format.name === "xmp";
    const ending = format.ending ?? "";
    /** @param {"full" | "stem_or_full"} value @param {MessageKey} words @param {string} why */
    const one = (value, words, why) => {
        const content = html`<code>${t(words, { ending })}</code>${isSidecar ? html`<small>${why}</small>` : nothing}`;
        return pill("names", value, content, chosen === value, () => actions.chooseExport({ [which]: value }));
    };
    const stem = one("stem_or_full", "names_stem", t("names_stem_why"));
    const full = one("full", "names_full", t("names_full_why"));
    const all = isSidecar ? [full, stem] : [stem, full];
    return html`${pills(t("write_names"), all, isSidecar)} ${isSidecar ? html`<p class="export-why">${t("names_raw_why")}</p>` : nothing}`;
}

/** Paths of the pictures that can hold no keywords. */
export const cannotHold = () =>
    exportScope.value.ids.flatMap((id) => {
        const { state, facts, path = "" } = pictureOf(id) ?? {};
        return state === "done" && facts && !HOLDERS.includes(facts.format) ? [path] : [];
    });

function copyOptions() {
    const others = cannotHold();
    const set = (/** @type {boolean} */ isOn) => actions.chooseExport({ with_sidecars: isOn });
    return html`<p class="export-why">${t("write_copies_why")}</p>
        ${
            others.length > 0
                ? html`<div class="export-warning" data-warning="cannot-hold">
                      <p>${t("write_cannot_hold", { n: others.length })}</p>
                      ${nameList(others)}
                  </div>
                  ${check("with_sidecars", t("write_with_sidecars"), exportChoices.value.with_sidecars, set)}`
                : nothing
        }`;
}

/** @param {string} name @param {string} label @param {TemplateResult} control whose id is `export-NAME` @param {string} [why] */
const row = (name, label, control, why = "") => html`<div class="export-row">
    <label for=${`export-${name}`}>${label}</label>
    ${control} ${why ? html`<p class="export-why" id=${`export-${name}-why`}>${why}</p>` : nothing}
</div>`;

/** @param {string} name @param {string} label @param {string} value @param {(value: string) => void} act @param {string} why */
const field = (name, label, value, act, why) =>
    row(
        name,
        label,
        html`<input
            class="field"
            type="text"
            id=${`export-${name}`}
            data-export=${name}
            maxlength="500"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            aria-describedby=${`export-${name}-why`}
            .value=${value}
            @input=${(/** @type {Event} */ event) => act(inputOf(event).value)}
        />`,
        why,
    );

/** @param {string} name @param {string} label @param {boolean} isOn @param {(isOn: boolean) => void} act @param {string} [why] */
const check = (name, label, isOn, act, why) =>
    row(
        name,
        label,
        html`<input
            type="checkbox"
            class="switch"
            role="switch"
            id=${`export-${name}`}
            data-export=${name}
            .checked=${isOn}
            @change=${(/** @type {Event} */ event) => act(inputOf(event).checked)}
        />`,
        why,
    );

/**
 * One of several, each of which shows itself.
 * @param {string} label @param {TemplateResult[]} all @param {boolean} [isTall] each has a sentence below
 */
export const pills = (label, all, isTall = false) => html`<fieldset class="export-pills ${isTall ? "is-tall" : ""}">
    <legend>${label}</legend>
    ${all}
</fieldset>`;

/** @param {string} name @param {string} value @param {TemplateResult} content @param {boolean} isChosen @param {() => void} act */
export const pill = (name, value, content, isChosen, act) => html`<label class="export-pill">
    <input type="radio" name=${`export-${name}`} data-export=${name} value=${value} .checked=${isChosen} @change=${act} />
    <span>${content}</span>
</label>`;
