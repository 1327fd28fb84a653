/**
 * The empty page, in the places that a shell's document has for it, and when its other parts are fetched. What it does not show is no
 * part of this module, nor of what it imports.
 */
import { actions } from "../app/actions.js";
import {
    areTagsDrawn,
    dialog,
    engine,
    isOfflineReady,
    language,
    nTaggedOf,
    parts,
    summary,
    total,
} from "../app/state.js";
import { effect, nothing, untracked } from "../vendor/view.js";
import { dropZone, listenForDrops } from "./drop_zone.js";
import { fileInputs } from "./file_inputs.js";
import { followFocus } from "./lost_focus.js";
import { keepInSight, messageText, saidLines } from "./message.js";
import { mount, placeIn, whenDrawn } from "./mount.js";
import { keepTitle } from "./page_title.js";
import { listenForPastes } from "./paste.js";
import { problemBanner } from "./problem.js";
import { topBar } from "./top_bar.js";
import { updateBar } from "./update.js";

/** Once the actions are there, and the words of the language. @param {Document} root */
export function mountApp(root) {
    const place = placeIn(root);
    const empty = root.createElement("div");
    empty.dataset["view"] = "drop_zone";
    place("gallery").after(empty);

    mount(place("top_bar"), topBar);
    mount(place("update"), updateBar);
    mount(place("problem"), problemBanner);
    mount(place("file_inputs"), fileInputs);
    // A dialog has it at its own foot: seen behind that, too, it would be there twice.
    mount(place("message"), () => (dialog.value === null ? messageText() : nothing), keepInSight);
    mount(place("said"), saidLines);
    mount(empty, dropZone);
    listenForDrops(window);
    listenForPastes(root);
    followFocus(window);
    fetchParts();
    keepDocument(root);
    tellOfFirstTags(root);
    tellOfGrid();
}

/** When pictures of earlier visits are seen. */
function tellOfGrid() {
    const end = effect(() => {
        if (total.value === 0 || !parts.value.has("work")) return;
        queueMicrotask(() => end());
        untracked(() => whenDrawn(() => performance.mark("tagsmith:grid")));
    });
}

/** What comes after the first tags waits until they are seen; a page that is not shown draws nothing. @param {Document} document */
function tellOfFirstTags(document) {
    const end = effect(() => {
        if (nTaggedOf(summary.value) === 0) return;
        // The grid hears of the same tags after this: what is asked for now would be drawn before them.
        queueMicrotask(() => {
            end();
            if (document.hidden) actions.tagsDrawn();
            else whenDrawn(actions.tagsDrawn);
        });
    });
}

/** Nobody brings a picture at once: what the first tags do not need may come. */
const REST_MS = 3_000;

/**
 * Each part is fetched ahead of its time, and keeps nothing waiting: what pictures need as soon as the empty page has been painted, when
 * the engine has been asked for long since; the dialogs after the first tags, or once nobody has brought a picture for a while. Whoever is
 * faster than that opens them.
 */
function fetchParts() {
    const ahead = (/** @type {import("../app/actions/parts.js").PartName} */ name) =>
        actions.loadPart(name).catch(() => {}); // it is tried again, and failing is told, when it is opened
    requestAnimationFrame(() => whenIdle(() => ahead("work")));
    effect(() => {
        if (areTagsDrawn.value) untracked(() => ahead("dialogs"));
        else if (engine.value.status === "ready")
            setTimeout(() => untracked(() => total.value === 0 && ahead("dialogs")), REST_MS);
    });
    effect(() => {
        if (total.value > 0) untracked(() => actions.openPart("work"));
    });
    effect(() => {
        const { value: shown } = dialog;
        if (shown !== null) untracked(() => actions.openPart(PART_OF[shown] ?? "dialogs"));
    });
}

/** The dialogs of a part of their own. @type {Partial<Record<import("../app/state.js").Dialog, import("../app/actions/parts.js").PartName>>} */
const PART_OF = {
    providers: "providers",
    ask_provider: "providers",
    compare_providers: "providers",
    try_model: "providers",
    own_tags: "own_tags",
    words: "words",
};

/** Safari has no idle callbacks. @param {() => void} act */
const whenIdle = (act) => (window.requestIdleCallback ?? setTimeout)(act);

/** What belongs to the document as a whole. @param {Document} document */
function keepDocument(document) {
    keepTitle(document);
    effect(() => {
        document.documentElement.lang = language.value;
    });
    // Who chose files waits for their tags, and is not typing.
    document.addEventListener("input", ({ target }) => {
        if (!(target instanceof HTMLInputElement && target.type === "file")) actions.giveWay();
    });
    document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "visible") actions.checkForUpdate();
    });
    // What tests and style sheets may ask of the page as a whole.
    effect(() => {
        document.documentElement.dataset["offline"] = isOfflineReady.value ? "ready" : "";
        document.documentElement.dataset["engine"] = engine.value.status;
        document.documentElement.dataset["variant"] = engine.value.variant ?? "";
        document.documentElement.dataset["modelName"] =
            engine.value.status === "loading" ? "" : (engine.value.facts?.name ?? "");
    });
}
