/** The page's title: how far the tagging is, for whoever looks at another tab. */
import { finished, is_paused, is_running, run_base, total } from "../app/state.js";
import { t } from "./words.js";

export function page_title() {
    if (!is_running.value) return t("app_name");
    const base = run_base.value ?? 0;
    return t(is_paused.value ? "title_paused" : "title_running", { finished: finished.value - base, total: total.value - base });
}
