/** The page's title: how far the tagging is, for whoever looks at another tab. */
import { finished, isPaused, isRunning, finishedBeforeRun, nWanted } from "../app/state.js";
import { t } from "./text.js";

export function pageTitle() {
    if (!isRunning.value) return t("app_name");
    const base = finishedBeforeRun.value ?? 0;
    return t(isPaused.value ? "title_paused" : "title_running", {
        finished: finished.value - base,
        total: nWanted.value - base,
    });
}
