/**
 * Name, promise, language, export and adding. On a phone the last two lie at the foot, within the thumb's reach.
 * @import { Language } from "../i18n/messages.js"
 */
import { export_tags, set_language, show_menu } from "../app/actions.js";
import { finished, is_running, language, open_menu, run_base, total } from "../app/state.js";
import { LANGUAGE_NAMES } from "../i18n/messages.js";
import { html, nothing } from "../vendor/view.js";
import { choose_files, choose_folder } from "./file_inputs.js";
import { folder_icon, plus_icon, save_icon, tag_icon } from "./icons.js";
import { t } from "./words.js";

export const top_bar = () => html`
    <div class="top-bar">
        <h1 class="top-name">${tag_icon()}<span>${t("app_name")}</span></h1>
        <p class="top-promise" title=${t("on_this_device_why")}>${t("on_this_device")}</p>
        ${languages()}
        <div class="top-deeds">
            ${exports()}
            <button class="button is-icon" type="button" data-do="folder" aria-label=${t("choose_folder")} title=${t("choose_folder")} @click=${choose_folder}>
                ${folder_icon()}
            </button>
            <button class="button is-main" type="button" data-do="add" aria-label=${t("add_pictures")} @click=${choose_files}>
                ${plus_icon()}<span class="top-long">${t("add_pictures")}</span><span class="top-short">${t("add")}</span>
            </button>
        </div>
    </div>
    ${progress_line()}
`;

function languages() {
    const choose = (/** @type {Event} */ event) => {
        set_language(/** @type {Language} */ (/** @type {HTMLSelectElement} */ (event.currentTarget).value));
    };
    return html`<select class="top-language" data-do="language" aria-label=${t("language")} @change=${choose}>
        ${Object.entries(LANGUAGE_NAMES).map(
            ([code, name]) => html`<option value=${code} lang=${code} .selected=${language.value === code}>${name}</option>`,
        )}
    </select>`;
}

function exports() {
    const is_open = open_menu.value === "export";
    const is_empty = finished.value === 0;
    const leave = (/** @type {FocusEvent} */ event) => {
        const menu = /** @type {HTMLElement} */ (event.currentTarget);
        if (!menu.contains(/** @type {Node | null} */ (event.relatedTarget))) show_menu(null);
    };
    return html`<div class="top-export" @focusout=${leave}>
        <button
            class="button"
            type="button"
            data-do="export"
            aria-expanded=${is_open}
            ?disabled=${is_empty}
            title=${is_empty ? t("export_wait") : nothing}
            @click=${() => show_menu(is_open ? null : "export")}
        >
            ${save_icon()}<span>${t("export")}</span>
        </button>
        <div class="top-menu" ?hidden=${!is_open}>
            <button type="button" data-do="export-csv" @click=${() => export_tags("csv")}>${t("export_csv")}</button>
            <button type="button" data-do="export-jsonl" @click=${() => export_tags("jsonl")}>${t("export_jsonl")}</button>
        </div>
    </div>`;
}

function progress_line() {
    const base = run_base.value ?? 0;
    const n = Math.max(1, total.value - base);
    const done = finished.value - base;
    return html`<div
        class="top-progress"
        role="progressbar"
        aria-label=${t("progress")}
        aria-valuemin="0"
        aria-valuemax=${n}
        aria-valuenow=${is_running.value ? done : n}
        ?data-running=${is_running.value}
    >
        <i .style=${`transform:scaleX(${is_running.value ? done / n : 0})`}></i>
    </div>`;
}
