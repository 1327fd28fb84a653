/**
 * How large the pictures in the grid are.
 * @import { SettingActions } from "./settings.js"
 */
import { CARD_SIZES } from "../settings.js";
import * as state from "../state.js";
import { announce } from "./notices.js";

/** @param {Pick<SettingActions, "set">} settings */
export function createCardSize({ set }) {
    /** @param {1 | -1} by a step larger or smaller */
    function resizeCards(by) {
        const size = CARD_SIZES[CARD_SIZES.indexOf(state.settings.value.card_size) + by];
        if (!size || state.isLarge.value) return; // behind the large view nobody sees what changes
        set({ card_size: size });
        announce(`size_${size}`);
    }

    return { resizeCards };
}
