/** The web page: puts platform, app and views together. */
import { set_threshold, show_menu, start } from "../../app/actions.js";
import { engine, language, opened, said, threshold, total } from "../../app/state.js";
import { open_platform } from "../../platform/page.js";
import { effect, html } from "../../vendor/view.js";
import { close_details, details } from "../../views/details.js";
import { drop_zone, listen_for_drops } from "../../views/drop_zone.js";
import { file_inputs } from "../../views/file_inputs.js";
import { mount_gallery } from "../../views/gallery.js";
import { instrument } from "../../views/instrument.js";
import { mount } from "../../views/mount.js";
import { problem_banner } from "../../views/problem.js";
import { top_bar } from "../../views/top_bar.js";
import { read_options } from "./options.js";

start(open_platform(document), read_options(location.search));

/** @param {string} view */
const place = (view) => /** @type {HTMLElement} */ (document.querySelector(`[data-view="${view}"]`));
const gallery = place("gallery");
const empty = document.createElement("div");
empty.dataset["view"] = "drop_zone";
gallery.after(empty);

mount(place("top_bar"), top_bar);
mount(place("instrument"), instrument);
mount(place("problem"), problem_banner);
mount(place("details"), details);
mount(place("file_inputs"), file_inputs);
mount(place("said"), () => html`<p class=${said.value.is_shown ? "toast" : "said"}>${said.value.text}</p>`);
mount(empty, drop_zone);
mount_gallery(gallery);
listen_for_drops(window);

effect(() => {
    document.documentElement.lang = language.value;
    gallery.hidden = total.value === 0;
});

// What tests and style sheets may ask of the page as a whole.
effect(() => {
    document.documentElement.dataset["engine"] = engine.value.status;
    document.documentElement.dataset["variant"] = engine.value.variant ?? "";
});

window.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { tagName } = /** @type {Element} */ (event.target);
    if (event.key === "Escape") {
        show_menu(null);
        if (opened.value !== null) close_details();
    } else if (total.value > 0 && tagName !== "SELECT" && (event.key === "[" || event.key === "]")) {
        set_threshold(threshold.value + (event.key === "]" ? 0.02 : -0.02));
    }
});
