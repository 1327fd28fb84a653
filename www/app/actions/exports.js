/** What is shown, as files. */
import { failure_of } from "../../core/protocol.js";
import * as state from "../state.js";
import { show } from "./say.js";
import { session } from "./session.js";

/** The selection, else everything on the sheet. @param {"csv" | "jsonl"} format */
export async function export_tags(format) {
    state.open_menu.value = null;
    const { selection, sheet } = state;
    const wanted = selection.value.size > 0 ? sheet.value.filter((id) => selection.value.has(id)) : sheet.value;
    const ids = wanted.filter((id) => ["done", "failed"].includes(state.picture_of(id)?.state ?? ""));
    try {
        const name = `tagsmith-${ids.length}-${new Date().toISOString().slice(0, 10)}.${format}`;
        session.platform.save_file(await session.link.report(format, ids), name);
        show("said_saved", { name });
    } catch (error) {
        state.problem.value = failure_of(error, "local_model_off");
    }
}
