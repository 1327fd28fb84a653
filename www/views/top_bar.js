/**
 * Name, promise, undo, language, and the menus for adding, exporting and everything else. On a phone adding, threshold and export lie at
 * the foot, within the thumb's reach.
 * @import { Language } from "../i18n/messages.js"
 * @import { MessageKey } from "../i18n/en.js"
 */
import { actions } from "../app/actions.js";
import { chosen, export_formats, finished, history, is_running, language, picture_of, presets, run_base, sheet, threshold, total } from "../app/state.js";
import { LANGUAGE_NAMES } from "../i18n/messages.js";
import { html, nothing } from "../vendor/view.js";
import { choose_files, choose_folder } from "./file_inputs.js";
import {
    camera_icon, folder_icon, help_icon, model_icon, more_icon, picture_icon, plus_icon, redo_icon, save_icon, settings_icon, tag_icon,
    undo_icon,
} from "./icons.js";
import { menu_button, menu_item } from "./menu.js";
import { PASTE_KEYS } from "./paste.js";
import { percent, t } from "./words.js";


export const top_bar = () => html`
    <div class="top-bar">
        <h1 class="top-name">${tag_icon()}<span>${t("app_name")}</span></h1>
        <button class="top-promise" type="button" data-do="promise" title=${t("on_this_device_why")} @click=${() => actions.show_dialog("help")}>
            ${t("on_this_device")}
        </button>
        ${steps()} ${languages()}
        <div class="top-deeds">${exports()} ${policy()} ${adding()}</div>
        ${more()}
    </div>
    ${progress_line()}
`;

function steps() {
    const { undo: last, redo: next } = history.value;
    const undo_words = last === null ? t("nothing_to_undo") : t("undo_what", { what: last });
    const redo_words = next === null ? t("nothing_to_redo") : t("redo_what", { what: next });
    return html`<div class="top-steps">
        <button class="button is-icon" type="button" data-do="undo" aria-label=${undo_words} title=${undo_words} ?disabled=${last === null} @click=${actions.undo}>
            ${undo_icon()}
        </button>
        <button class="button is-icon" type="button" data-do="redo" aria-label=${redo_words} title=${redo_words} ?disabled=${next === null} @click=${actions.redo}>
            ${redo_icon()}
        </button>
    </div>`;
}

function languages() {
    const choose = (/** @type {Event} */ event) => {
        actions.set_language(/** @type {Language} */ (/** @type {HTMLSelectElement} */ (event.currentTarget).value));
    };
    return html`<select class="top-language" data-do="language" aria-label=${t("language")} @change=${choose}>
        ${Object.entries(LANGUAGE_NAMES).map(
            ([code, name]) => html`<option value=${code} lang=${code} .selected=${language.value === code}>${name}</option>`,
        )}
    </select>`;
}

const adding = () =>
    menu_button({
        name: "add",
        classes: "is-main",
        has_words: true,
        label: t("add_pictures"),
        content: html`${plus_icon()}<span class="top-long">${t("add_pictures")}</span><span class="top-short">${t("add")}</span>`,
        items: () => [
            menu_item("add-files", choose_files, { icon: picture_icon(), words: t("choose_files") }),
            menu_item("add-folder", choose_folder, { icon: folder_icon(), words: t("choose_folder") }),
            actions.has_camera() ? menu_item("add-camera", () => actions.show_dialog("camera"), { icon: camera_icon(), words: t("take_pictures") }) : nothing,
            menu_item("add-models", () => actions.show_dialog("models"), { icon: model_icon(), words: t("models") }),
        ],
        after: () => html`<p class="menu-words">${t("paste_hint", { keys: PASTE_KEYS })}</p>`,
    });

/** Only at the foot of a phone: elsewhere the instrument shows the three words itself. */
function policy() {
    const is_at = (/** @type {number} */ value) => Math.abs(value - threshold.value) < 0.005;
    const names = /** @type {const} */ (["generous", "balanced", "sure"]);
    const at = names.find((name) => is_at(presets.value[name]));
    return menu_button({
        name: "policy",
        classes: "top-policy",
        has_words: true,
        label: t("preset"),
        content: html`<span>${at ? t(at) : t("policy_free", { percent: percent(threshold.value) })}</span>`,
        is_disabled: total.value === 0,
        items: () =>
            names.map((name) => menu_item(`policy-${name}`, () => actions.set_threshold(presets.value[name]), { words: t(name), is_chosen: name === at })),
    });
}

function exports() {
    const is_empty = finished.value === 0;
    return menu_button({
        name: "export",
        has_words: true,
        label: t("export"),
        content: html`${save_icon()}<span>${t("export")}</span>`,
        is_disabled: is_empty,
        ...(is_empty ? { title: t("export_wait") } : {}),
        before: export_scope,
        items: () =>
            export_formats.value.map((format) => {
                const what = t(/** @type {MessageKey} */ (`export_${format.name}_what`));
                return menu_item(`export-${format.name}`, () => actions.export_tags(format), { words: t(`export_${format.name}`), what });
            }),
    });
}

/** What is going to be exported. */
function export_scope() {
    const is_some = chosen.value.length > 0;
    const ids = (is_some ? chosen.value : sheet.value).filter((id) => ["done", "failed"].includes(picture_of(id)?.state ?? ""));
    const words = is_some ? t("export_selected", { n: ids.length }) : t("export_all", { n: ids.length });
    return html`<p class="menu-words" data-count="to-export" data-value=${ids.length}>${words}</p>`;
}

const more = () =>
    menu_button({
        name: "more",
        classes: "is-icon",
        label: t("more"),
        content: more_icon(),
        items: () => [
            menu_item("settings", () => actions.show_dialog("settings"), { icon: settings_icon(), words: t("settings") }),
            menu_item("models", () => actions.show_dialog("models"), { icon: model_icon(), words: t("models") }),
            menu_item("help", () => actions.show_dialog("help"), { icon: help_icon(), words: t("help") }),
        ],
    });

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
