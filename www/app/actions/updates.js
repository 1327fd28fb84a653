/**
 * The page kept for use without a network, and newer versions of it.
 * @import { Context } from "../context.js"
 */
import { effect } from "../../vendor/signals.js";
import * as state from "../state.js";

/** @param {Context} context */
export function create_updates({ platform }) {
    /** Begins once the first pictures are through: they shall not share network and processor with it. */
    function keep_page() {
        let is_begun = false;
        effect(() => {
            // Once begun, nothing is read any more: it was the last time.
            if (is_begun || state.engine.value.status === "loading" || (state.is_running.value && state.finished.value === 0)) return;
            is_begun = true;
            platform.updates.keep({
                on_kept: () => void (state.is_offline_ready.value = true),
                on_update: () => void (state.update_ready.value = true),
            });
        });
    }

    function check_for_update() {
        if (!state.is_running.value) platform.updates.check();
    }

    /** Only ever on somebody's word: what is on the sheet goes with it. */
    function apply_update() {
        if (!state.is_running.value) platform.updates.apply();
    }

    /** It waits until the page is opened the next time. */
    function postpone_update() {
        state.update_ready.value = false;
    }

    return { apply_update, check_for_update, keep_page, postpone_update };
}
