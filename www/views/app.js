/** The whole of what people see, in the places that a shell's document has for it: `data-view` on each. */
import { actions } from "../app/actions.js";
import { engine, isOfflineReady, language, notice, total } from "../app/state.js";
import { effect, html } from "../vendor/view.js";
import { mountDetails } from "./details.js";
import { mountDialog } from "./dialog.js";
import { dropZone, listenForDrops } from "./drop_zone.js";
import { fileInputs } from "./file_inputs.js";
import { mountGrid } from "./grid.js";
import { thresholdBar } from "./threshold_bar.js";
import { listenForKeys } from "./keys.js";
import { mountLarge } from "./large.js";
import { mount } from "./mount.js";
import { pageTitle } from "./page_title.js";
import { listenForPastes } from "./paste.js";
import { problemBanner } from "./problem.js";
import { sidebar } from "./sidebar.js";
import { mountSelection } from "./selection.js";
import { topBar } from "./top_bar.js";
import { updateBar } from "./update.js";

/** Once the actions are there, and the words of the language. @param {Document} root */
export function mountApp(root) {
    /** @param {string} view */
    const place = (view) => {
        const found = /** @type {HTMLElement | null} */ (root.querySelector(`[data-view="${view}"]`));
        if (!found) throw new Error(`The document has no place for ${view}.`);
        return found;
    };
    const gridRoot = place("gallery");
    const empty = root.createElement("div");
    empty.dataset["view"] = "drop_zone";
    gridRoot.after(empty);

    mount(place("top_bar"), topBar);
    mount(place("instrument"), thresholdBar);
    mount(place("update"), updateBar);
    mount(place("problem"), problemBanner);
    mountDetails(place("details"));
    mountLarge(place("large"), place("page"));
    mount(place("file_inputs"), fileInputs);
    mount(
        place("said"),
        () => html`<p class=${notice.value.isShown ? "toast" : "visually-hidden"}>${notice.value.text}</p>`,
    );
    mount(empty, dropZone);
    const grid = mountGrid(gridRoot);
    mount(place("rail"), sidebar);
    mountSelection(place("selection"), grid);
    listenForKeys(window, grid);
    listenForDrops(window);
    listenForPastes(root);
    mountDialog(/** @type {HTMLDialogElement} */ (place("dialog")), loadDialogs);
    keepDocument(root, gridRoot);
}

/** The dialogs, and what only they do. */
async function loadDialogs() {
    const [views] = await Promise.all([import("./dialogs.js"), actions.loadDialogActions()]);
    return views;
}

/** What belongs to the document as a whole. @param {Document} document @param {HTMLElement} gridRoot */
function keepDocument(document, gridRoot) {
    effect(() => {
        document.title = pageTitle();
    });
    effect(() => {
        document.documentElement.lang = language.value;
        gridRoot.hidden = total.value === 0;
    });
    document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "visible") actions.checkForUpdate();
    });
    // What tests and style sheets may ask of the page as a whole.
    effect(() => {
        document.documentElement.dataset["offline"] = isOfflineReady.value ? "ready" : "";
        document.documentElement.dataset["engine"] = engine.value.status;
        document.documentElement.dataset["variant"] = engine.value.variant ?? "";
    });
}
