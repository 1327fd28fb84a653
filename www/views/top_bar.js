/**
 * Name, promise, undo, language, and the menus for adding, exporting and everything else. On a phone adding, threshold and export lie at
 * the foot, within the thumb's reach.
 * @import { Language } from "../i18n/messages.js"
 * @import { MenuButton } from "./menu.js"
 * @import { Signal, TemplateResult } from "../vendor/view.js"
 */
import { actions } from "../app/actions.js";
import {
    canAskProviders,
    collection,
    finished,
    history,
    isRegardless,
    isRunning,
    isWaitingAsAdded,
    language,
    leftOut,
    nWanted,
    operatingPoints,
    finishedBeforeRun,
    gridIds,
    providersOn,
    selectedIds,
    threshold,
    total,
} from "../app/state.js";
import { LANGUAGE_NAMES } from "../i18n/messages.js";
import { html, nothing, signal } from "../vendor/view.js";
import { chooseFiles, chooseFolder } from "./file_inputs.js";
import {
    cameraIcon,
    cloudIcon,
    folderIcon,
    helpIcon,
    modelIcon,
    moreIcon,
    pictureIcon,
    plusIcon,
    redoIcon,
    runIcon,
    saveIcon,
    settingsIcon,
    storageIcon,
    tagIcon,
    teachIcon,
    undoIcon,
    warningIcon,
} from "./icons.js";
import { menuButton, menuCheck, menuItem } from "./menu.js";
import { PASTE_KEYS } from "./paste.js";
import { percent, t } from "./text.js";

/** What is in the menu for exporting: there once there can be something to export. @type {Signal<Pick<MenuButton, "before" | "items">>} */
export const exportMenu = signal({ items: () => [] });

/** The collection in the grid, and the way to the others: there once there can be one. @type {Signal<() => TemplateResult | typeof nothing>} */
export const collectionPlace = signal(() => nothing);

export const topBar = () => html`
    <div class="top-bar">
        <h1 class="top-name">${tagIcon()}<span>${t("app_name")}</span></h1>
        ${collectionPlace.value()}
        ${promise()}
        ${steps()} ${languages()}
        <div class="top-actions">${total.value > 0 ? html`${exports()} ${policy()}` : nothing} ${adding()}</div>
        ${more()}
    </div>
    ${progressLine()}
`;

/** What holds for every picture; and who may be sent some, where anyone may. */
function promise() {
    const names = providersOn.value.join(", ");
    const isAlone = names === "";
    return html`<button
        class="top-promise ${isAlone ? "" : "has-others"}"
        type="button"
        data-do="promise"
        title=${isAlone ? t("on_this_device_why") : t("on_this_device_and_why", { names })}
        @click=${() => actions.showDialog(isAlone ? "help" : "providers")}
    >
        ${isAlone ? t("on_this_device") : t("on_this_device_and", { names })}
    </button>`;
}

function steps() {
    const { undo: last, redo: next } = history.value;
    if (total.value === 0 && last === null && next === null) return nothing;
    const undoText = last === null ? t("nothing_to_undo") : t("undo_what", { what: last });
    const redoText = next === null ? t("nothing_to_redo") : t("redo_what", { what: next });
    return html`<div class="top-steps">
        <button class="button is-icon" type="button" data-do="undo" aria-label=${undoText} title=${undoText} ?disabled=${last === null} @click=${actions.undo}>
            ${undoIcon()}
        </button>
        <button class="button is-icon" type="button" data-do="redo" aria-label=${redoText} title=${redoText} ?disabled=${next === null} @click=${actions.redo}>
            ${redoIcon()}
        </button>
    </div>`;
}

function languages() {
    const choose = (/** @type {Event} */ event) => {
        actions.setLanguage(/** @type {Language} */ (/** @type {HTMLSelectElement} */ (event.currentTarget).value));
    };
    return html`<select class="top-language" data-do="language" aria-label=${t("language")} @change=${choose}>
        ${Object.entries(LANGUAGE_NAMES).map(
            ([code, name]) =>
                html`<option value=${code} lang=${code} .selected=${language.value === code}>${name}</option>`,
        )}
    </select>`;
}

const adding = () =>
    menuButton({
        name: "add",
        classes: total.value > 0 ? "is-main" : "", // the empty page has a button of its own for this
        hasText: true,
        label: t("add_pictures"),
        content: html`${plusIcon()}<span class="top-long">${t("add_pictures")}</span><span class="top-short">${t("add")}</span>`,
        items: () => [
            menuItem("add-files", chooseFiles, { icon: pictureIcon(), words: t("choose_files") }),
            menuItem("add-folder", chooseFolder, { icon: folderIcon(), words: t("choose_folder") }),
            actions.hasCamera()
                ? menuItem("add-camera", () => actions.showDialog("camera"), {
                      icon: cameraIcon(),
                      words: t("take_pictures"),
                  })
                : nothing,
            regardless(),
            menuItem("add-models", () => actions.showDialog("models"), { icon: modelIcon(), words: t("models") }),
        ],
        after: () => html`<p class="menu-words top-paste">${t("paste_hint", { keys: PASTE_KEYS })}</p>`,
    });

/** Where pictures wait untagged, those that come in next can be tagged all the same. */
const regardless = () =>
    isWaitingAsAdded.value
        ? menuCheck("tag-regardless", isRegardless.value, actions.tagRegardless, {
              words: t("tag_regardless"),
              what: t("tag_regardless_why"),
          })
        : nothing;

/** Only at the foot of a phone: elsewhere the threshold bar shows the operating points itself. */
function policy() {
    const isAt = (/** @type {number} */ value) => Math.abs(value - threshold.value) < 0.005;
    const names = /** @type {const} */ (["generous", "balanced", "sure"]);
    const at = names.find((name) => isAt(operatingPoints.value[name]));
    return menuButton({
        name: "policy",
        classes: "top-policy",
        hasText: true,
        label: t("preset"),
        content: html`<span>${at ? t(at) : t("policy_free", { percent: percent(threshold.value) })}</span>`,
        items: () =>
            names.map((name) =>
                menuItem(`policy-${name}`, () => actions.setThreshold(operatingPoints.value[name]), {
                    words: t(name),
                    isSelected: name === at,
                }),
            ),
    });
}

function exports() {
    const isEmpty = finished.value === 0;
    return menuButton({
        name: "export",
        hasText: true,
        label: t("export"),
        content: html`${saveIcon()}<span>${t("export")}</span>`,
        isDisabled: isEmpty,
        ...(isEmpty ? { title: t("export_wait") } : {}),
        ...exportMenu.value,
    });
}

/** The selection, else everything in the grid. */
const meant = () => (selectedIds.value.length > 0 ? selectedIds.value : gridIds.value);

/** It is asked about first. */
const tagWith = () => void actions.openPart("providers", (providers) => void providers.askProvider(meant()));
const compare = () => void actions.openPart("providers", (providers) => void providers.compareProviders(meant()));

const more = () =>
    menuButton({
        name: "more",
        classes: "is-icon",
        label: t("more"),
        content: moreIcon(),
        items: () => [
            menuItem("settings", () => actions.showDialog("settings"), { icon: settingsIcon(), words: t("settings") }),
            menuItem("models", () => actions.showDialog("models"), { icon: modelIcon(), words: t("models") }),
            actions.hasTraining()
                ? menuItem("own-tags", () => actions.showDialog("own_tags"), {
                      icon: teachIcon(),
                      words: t("own_tags"),
                  })
                : nothing,
            actions.hasProviders()
                ? menuItem("providers", () => actions.showDialog("providers"), {
                      icon: cloudIcon(),
                      words: t("providers"),
                  })
                : nothing,
            ...(canAskProviders.value && total.value > 0
                ? [
                      menuItem("tag-with", tagWith, { icon: cloudIcon(), words: t("tag_with") }),
                      menuItem("compare", compare, { icon: cloudIcon(), words: t("compare_with") }),
                  ]
                : []),
            menuItem("storage", () => actions.showDialog("storage"), { icon: storageIcon(), words: t("storage") }),
            collection.value
                ? menuItem("runs", () => actions.showDialog("runs"), { icon: runIcon(), words: t("runs") })
                : nothing,
            leftOut.value.length > 0
                ? menuItem("menu-left-out", () => actions.showDialog("left_out"), {
                      icon: warningIcon(),
                      words: t("n_left_out", { n: leftOut.value.length }),
                  })
                : nothing,
            menuItem("help", () => actions.showDialog("help"), { icon: helpIcon(), words: t("help") }),
        ],
    });

function progressLine() {
    const base = finishedBeforeRun.value ?? 0;
    const n = Math.max(1, nWanted.value - base);
    const done = finished.value - base;
    return html`<div
        class="top-progress"
        role="progressbar"
        aria-label=${t("progress")}
        aria-valuemin="0"
        aria-valuemax=${n}
        aria-valuenow=${isRunning.value ? done : n}
        ?data-running=${isRunning.value}
    >
        <i .style=${`transform:scaleX(${isRunning.value ? done / n : 0})`}></i>
    </div>`;
}
