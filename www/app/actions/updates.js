/**
 * The page kept for use without a network, and newer versions of it.
 * @import { Context } from "../context.js"
 */
import { effect } from "../../vendor/signals.js";
import * as state from "../state.js";

/** @param {Context} context */
export function createUpdates({ platform }) {
    /** Begins once the first pictures are through: they shall not share network and processor with it. */
    function keepPage() {
        let isBegun = false;
        effect(() => {
            // Once begun, nothing is read any more: it was the last time.
            if (
                isBegun ||
                state.engine.value.status === "loading" ||
                (state.isRunning.value && state.finished.value === 0)
            )
                return;
            isBegun = true;
            platform.updates.keep({
                onKept: () => void (state.isOfflineReady.value = true),
                onUpdate: () => void (state.updateReady.value = true),
            });
        });
    }

    /** What finds objects is kept as well, once it was fetched for pictures. */
    function keepObjects() {
        let isKept = false;
        effect(() => {
            if (isKept || !state.isOfflineReady.value || !state.areObjectsLoaded.value) return;
            isKept = true;
            platform.updates.keepLate();
        });
    }

    function checkForUpdate() {
        if (!state.isRunning.value) platform.updates.check();
    }

    /** Only ever on somebody's word: what is in the grid goes with it. */
    function applyUpdate() {
        if (state.isRunning.value) return;
        state.isReloading.value = true; // its cost was told beside the button
        platform.updates.apply();
    }

    /** It waits until the page is opened the next time. */
    function postponeUpdate() {
        state.updateReady.value = false;
    }

    return { applyUpdate, checkForUpdate, keepObjects, keepPage, postponeUpdate };
}
