/**
 * What is shown, as files.
 * @import { Context } from "../context.js"
 * @import { ExportFormatFacts } from "../../core/engine_api.d.ts"
 */
import { plan_export } from "../../core/exports.js";
import { failure_of } from "../../core/protocol.js";
import * as state from "../state.js";
import { show } from "./say.js";

/** @param {Context} context */
export function create_exports(context) {
    /** The selection, else everything on the sheet. @param {ExportFormatFacts} format */
    async function export_tags(format) {
        state.open_menu.value = null;
        const { selection, sheet } = state;
        const ids = selection.value.size > 0 ? sheet.value.filter((id) => selection.value.has(id)) : sheet.value;
        try {
            const pictures = ids.flatMap((id) => state.picture_of(id) ?? []);
            const plan = plan_export(format, pictures, new Date());
            const name = await context.platform.save_file(plan.name, plan.type, () => context.session.report(format, plan.ids));
            if (name !== null) show("said_saved", { name });
        } catch (error) {
            state.problem.value = failure_of(error, "local_model_off");
        }
    }

    return { export_tags };
}
