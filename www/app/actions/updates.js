/**
 * The page kept for use without a network, and newer versions of it.
 * @import { Updates } from "../../platform/platform.d.ts"
 */
import { effect } from "../../vendor/view.js";
import * as state from "../state.js";

/** @type {Updates} */
let updates;

/** Begins once the first pictures are through: they shall not share network and processor with it. @param {Updates} of_platform */
export function keep_page(of_platform) {
    updates = of_platform;
    let is_begun = false;
    effect(() => {
        // Once begun, nothing is read any more: it was the last time.
        if (is_begun || state.engine.value.status === "loading" || (state.is_running.value && state.finished.value === 0)) return;
        is_begun = true;
        updates.keep({
            on_kept: () => void (state.is_offline_ready.value = true),
            on_update: () => void (state.update_ready.value = true),
        });
    });
}

export function check_for_update() {
    if (!state.is_running.value) updates.check();
}

/** Only ever on somebody's word: what is on the sheet goes with it. */
export function apply_update() {
    if (!state.is_running.value) updates.apply();
}

/** It waits until the page is opened the next time. */
export function postpone_update() {
    state.update_ready.value = false;
}
