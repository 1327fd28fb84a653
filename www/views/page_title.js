/** The page's title: how far the tagging is, or how it ended, for whoever looks at another tab. */
import { actions } from "../app/actions.js";
import {
    counts,
    finished,
    isPaused,
    isRunning,
    finishedBeforeRun,
    nSecondLooks,
    nWanted,
    runOver,
} from "../app/state.js";
import { effect, untracked } from "../vendor/view.js";
import { t } from "./text.js";

/** @param {Document} document */
export function keepTitle(document) {
    effect(() => {
        document.title = pageTitle();
    });
    // What is looked at needs no telling, neither now nor later.
    const look = () => {
        if (runOver.value && document.visibilityState === "visible" && document.hasFocus()) untracked(actions.noteLook);
    };
    effect(look);
    document.addEventListener("visibilitychange", look);
    window.addEventListener("focus", look);
}

function pageTitle() {
    if (isRunning.value) {
        const base = finishedBeforeRun.value ?? 0;
        return t(isPaused.value ? "title_paused" : "title_running", {
            finished: finished.value - base,
            total: nWanted.value - base,
        });
    }
    if (nSecondLooks.value > 0)
        return t(isPaused.value ? "title_looking_paused" : "title_looking", {
            n: nSecondLooks.value,
            tagged: counts.value.done,
        });
    if (!runOver.value) return t("app_name");
    return t(runOver.value.failed > 0 ? "title_done_failed" : "title_done", runOver.value);
}
