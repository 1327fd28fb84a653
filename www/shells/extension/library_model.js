/** The model that was chosen in the options, put in place in a library that is open. @import { Platform } from "../../platform/platform.d.ts" */
import { actions } from "../../app/actions.js";
import { validated } from "../../app/settings.js";
import { settings } from "../../app/state.js";

/** @param {Pick<Platform, "loadSetting" | "onSetting">} platform */
export function followChosenModel(platform) {
    platform.onSetting("settings", () => {
        const { model } = validated(platform.loadSetting("settings"));
        if (model !== settings.value.model) void actions.openPart("dialogs", (dialogs) => void dialogs.useModel(model));
    });
}
