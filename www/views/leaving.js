/**
 * Leaving the page: not by the browser's Back (its button, Alt+Left, a gesture on a phone) while something is open, which people expect
 * to close then; and not without being asked where that would lose what they said.
 *
 * Each open layer has an entry of the browser's history; `history.state` says how many layers were open there. Opening one adds an entry,
 * Back comes down from it and closes the layer, and a layer that is closed in any other way takes its entry away. How many are open the
 * state alone decides: whatever comes from the history is compared with it, so that the two meet again after a reload, Forward, or Back
 * over several entries at once.
 */
import { actions } from "../app/work_actions.js";
import { isReloading } from "../app/state.js";
import { effect } from "../vendor/view.js";
import { openLayers } from "./layers.js";

/**
 * An entry stays that long after its layer was closed: pressing beside an open menu closes it and opens something else a moment later,
 * which takes the entry over. Browsers pass over entries that come and go without a press in between.
 */
const LINGER_MS = 150;

/** @param {Window} window */
export function followHistory(window) {
    const { history } = window;
    /** @returns {number} the layers that were open at the entry where the browser is */
    const entry = () => Number(Object(history.state).layers) || 0;
    /** On the way to an entry: what comes next from the history was not the person. */
    let isGoing = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;

    /** Adds the entries that are missing. */
    function follow() {
        clearTimeout(timer);
        if (isGoing) return;
        const n = openLayers.value.length;
        for (let layers = entry() + 1; layers <= n; layers++) history.pushState({ layers }, "");
        if (entry() > n) timer = setTimeout(goBack, LINGER_MS);
    }

    /** Takes away those whose layers are closed. */
    function goBack() {
        const n = entry() - openLayers.value.length;
        if (n <= 0) return;
        isGoing = true;
        history.go(-n);
    }

    /** The person came down from entries: their layers close. Up there is nothing: what was closed cannot come back by itself. */
    function arrive() {
        if (!isGoing) {
            for (let n = openLayers.value.length - entry(); n > 0; n--) openLayers.value[0]?.close();
        }
        isGoing = false;
        follow();
    }

    window.addEventListener("popstate", arrive);
    // A step in the history would call off a reload that has just begun.
    window.addEventListener("beforeunload", () => clearTimeout(timer));
    window.addEventListener("pageshow", ({ persisted }) => persisted && arrive());
    effect(() => {
        void openLayers.value.length;
        queueMicrotask(follow); // one layer that makes room for another is no change
    });
}

/** Closing or reloading the page asks first where it would lose what a person said. @param {Window} window */
export function askBeforeLeaving(window) {
    window.addEventListener("beforeunload", (event) => {
        if (!isReloading.value && actions.isWorkUnsaved()) event.preventDefault();
    });
}
