/**
 * What is shown, as files.
 * @import { Context } from "../context.js"
 * @import { ExportFormatFacts } from "../../core/engine_api.d.ts"
 */
import { planExport, usualChoices } from "../../core/exports.js";
import { failureOf } from "../../core/protocol.js";
import * as state from "../state.js";
import { notify } from "./notices.js";

/**
 * @param {Context} context @param {Pick<import("./corrections.js").CorrectionActions, "hasOwnTags">} corrections
 * @param {Pick<import("./unsaved.js").Unsaved, "beginSaving">} unsaved
 */
export function createExports(context, { hasOwnTags }, { beginSaving }) {
    /** The selection, else everything in the grid. @param {ExportFormatFacts} format */
    async function exportTags(format) {
        state.openMenu.value = null;
        const { selectedIds, gridIds } = state;
        const ids = selectedIds.value.length > 0 ? selectedIds.value : gridIds.value;
        try {
            const known = ids.flatMap((id) => state.pictureOf(id) ?? []);
            const pictures = known.map((picture) => ({ ...picture, hasOwnTags: hasOwnTags(picture.id) }));
            const choices = usualChoices(format);
            const plan = planExport(format, pictures, new Date(), choices.names);
            let noteSaved = () => {};
            const name = await context.platform.saveFile(plan.name, plan.type, () => {
                noteSaved = beginSaving(ids);
                return context.session.report(format, plan.ids, choices);
            });
            if (name === null) return;
            noteSaved();
            notify("said_saved", { name });
        } catch (error) {
            state.problem.value = failureOf(error, "local_model_off");
        }
    }

    return { exportTags };
}
