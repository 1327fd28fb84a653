/** @import { Corrections } from "../../core/engine_api.d.ts" */
import { batch } from "../../vendor/signals.js";
import * as state from "../state.js";

/** What people say of pictures, on the page. @param {readonly {id: number, corrections: Corrections}[]} said */
export function showCorrections(said) {
    const reviewed = new Set(state.reviewed.value);
    batch(() => {
        for (const { id, corrections } of said) {
            const cell = state.pictures.get(id);
            if (cell) cell.value = { ...cell.value, corrections };
            if (cell && corrections.reviewed) reviewed.add(id);
            else reviewed.delete(id);
        }
        state.reviewed.value = reviewed;
    });
}
