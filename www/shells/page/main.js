/** The web page: puts platform, app and views together. */
import { check_for_update, keep_page, recall_language, start } from "../../app/actions.js";
import { engine, is_offline_ready, language, said, total } from "../../app/state.js";
import { open_platform } from "../../platform/page.js";
import { effect, html } from "../../vendor/view.js";
import { mount_details } from "../../views/details.js";
import { mount_dialog } from "../../views/dialog.js";
import { drop_zone, listen_for_drops } from "../../views/drop_zone.js";
import { file_inputs } from "../../views/file_inputs.js";
import { mount_gallery } from "../../views/gallery.js";
import { instrument } from "../../views/instrument.js";
import { listen_for_keys } from "../../views/keys.js";
import { mount_large } from "../../views/large.js";
import { mount } from "../../views/mount.js";
import { page_title } from "../../views/page_title.js";
import { listen_for_pastes } from "../../views/paste.js";
import { problem_banner } from "../../views/problem.js";
import { rail } from "../../views/rail.js";
import { mount_selection } from "../../views/selection.js";
import { top_bar } from "../../views/top_bar.js";
import { update_bar } from "../../views/update.js";
import { read_options } from "./options.js";

const platform = open_platform(document);
start(platform, read_options(location.search));
keep_page(platform.updates);
await recall_language(); // nothing is shown in another language first

/** @param {string} view */
const place = (view) => /** @type {HTMLElement} */ (document.querySelector(`[data-view="${view}"]`));
const gallery = place("gallery");
const empty = document.createElement("div");
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
listen_for_pastes(document);
mount_dialog(/** @type {HTMLDialogElement} */ (place("dialog")), () => import("../../views/dialogs.js"));

effect(() => {
    document.title = page_title();
});

effect(() => {
    document.documentElement.lang = language.value;
    gallery.hidden = total.value === 0;
});

document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") check_for_update();
});

// What tests and style sheets may ask of the page as a whole.
effect(() => {
    document.documentElement.dataset["offline"] = is_offline_ready.value ? "ready" : "";
    document.documentElement.dataset["engine"] = engine.value.status;
    document.documentElement.dataset["variant"] = engine.value.variant ?? "";
});
