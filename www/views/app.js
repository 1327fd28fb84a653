/** The whole of what people see, in the places that a shell's document has for it: `data-view` on each. */
import { actions } from "../app/actions.js";
import { engine, is_offline_ready, language, said, total } from "../app/state.js";
import { effect, html } from "../vendor/view.js";
import { mount_details } from "./details.js";
import { mount_dialog } from "./dialog.js";
import { drop_zone, listen_for_drops } from "./drop_zone.js";
import { file_inputs } from "./file_inputs.js";
import { mount_gallery } from "./gallery.js";
import { instrument } from "./instrument.js";
import { listen_for_keys } from "./keys.js";
import { mount_large } from "./large.js";
import { mount } from "./mount.js";
import { page_title } from "./page_title.js";
import { listen_for_pastes } from "./paste.js";
import { problem_banner } from "./problem.js";
import { rail } from "./rail.js";
import { mount_selection } from "./selection.js";
import { top_bar } from "./top_bar.js";
import { update_bar } from "./update.js";

/** Once the actions are there, and the words of the language. @param {Document} root */
export function mount_app(root) {
    /** @param {string} view */
    const place = (view) => {
        const found = /** @type {HTMLElement | null} */ (root.querySelector(`[data-view="${view}"]`));
        if (!found) throw new Error(`The document has no place for ${view}.`);
        return found;
    };
    const gallery = place("gallery");
    const empty = root.createElement("div");
    empty.dataset["view"] = "drop_zone";
    gallery.after(empty);

    mount(place("top_bar"), top_bar);
    mount(place("instrument"), instrument);
    mount(place("update"), update_bar);
    mount(place("problem"), problem_banner);
    mount_details(place("details"));
    mount_large(place("large"), place("page"));
    mount(place("file_inputs"), file_inputs);
    mount(place("said"), () => html`<p class=${said.value.is_shown ? "toast" : "said"}>${said.value.text}</p>`);
    mount(empty, drop_zone);
    const sheet = mount_gallery(gallery);
    mount(place("rail"), rail);
    mount_selection(place("selection"), sheet);
    listen_for_keys(window, sheet);
    listen_for_drops(window);
    listen_for_pastes(root);
    mount_dialog(/** @type {HTMLDialogElement} */ (place("dialog")), load_dialogs);
    keep_document(root, gallery);
}

/** The dialogs, and what only they do. */
async function load_dialogs() {
    const [views] = await Promise.all([import("./dialogs.js"), actions.load_dialog_actions()]);
    return views;
}

/** What belongs to the document as a whole. @param {Document} document @param {HTMLElement} gallery */
function keep_document(document, gallery) {
    effect(() => {
        document.title = page_title();
    });
    effect(() => {
        document.documentElement.lang = language.value;
        gallery.hidden = total.value === 0;
    });
    document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "visible") actions.check_for_update();
    });
    // What tests and style sheets may ask of the page as a whole.
    effect(() => {
        document.documentElement.dataset["offline"] = is_offline_ready.value ? "ready" : "";
        document.documentElement.dataset["engine"] = engine.value.status;
        document.documentElement.dataset["variant"] = engine.value.variant ?? "";
    });
}
