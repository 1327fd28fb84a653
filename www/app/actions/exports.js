/**
 * What is shown, as files. A table or a list is saved at once; where there is something to choose, the dialog asks.
 * @import { Context } from "../context.js"
 * @import { ExportFormatFacts, Naming } from "../../core/engine_api.d.ts"
 */
import { planExport, usualChoices } from "../../core/exports.js";
import { failureOf } from "../../core/protocol.js";
import { errorWords } from "../../i18n/messages.js";
import { batch } from "../../vendor/signals.js";
import { exportFormat, exportScope } from "../export_state.js";
import * as state from "../state.js";
import { notify } from "./notices.js";
import { showDialog } from "./places.js";

/**
 * @param {Context} context @param {Pick<import("./corrections.js").CorrectionActions, "hasOwnTags">} corrections
 * @param {Pick<import("./unsaved.js").Unsaved, "beginSaving">} unsaved
 */
export function createExports({ platform, session }, { hasOwnTags }, { beginSaving }) {
    /** Which pictures go into an export now. @param {ExportFormatFacts} format @param {Naming | null} [names] @throws nothing_to_export */
    function planNow(format, names) {
        const known = exportScope.value.ids.flatMap((id) => state.pictureOf(id) ?? []);
        const pictures = known.map((picture) => ({ ...picture, hasOwnTags: hasOwnTags(picture.id) }));
        return planExport(format, pictures, new Date(), names);
    }

    /** Why pictures of an export failed, as their cards say it. Of one code, one sentence: it names whatever it was about. */
    function problemsNow() {
        const failures = exportScope.value.ids.flatMap((id) => state.pictureOf(id)?.error ?? []);
        const codes = [...new Set(failures.map(({ code }) => code))];
        return Object.fromEntries(
            codes.map((code) => {
                const subjects = new Set(failures.flatMap((one) => (one.code === code && one.subject) || []));
                return [code, errorWords(state.language.value, code, [...subjects].join("/")).title];
            }),
        );
    }

    /** The selection, else everything in the grid. @param {ExportFormatFacts} format */
    async function exportTags(format) {
        state.openMenu.value = null;
        try {
            const choices = usualChoices(format, platform.languages()[0], problemsNow());
            const plan = planNow(format, choices.names);
            if (format.ending !== null) return askHow(format);
            let noteSaved = () => {};
            const name = await platform.saveFile(plan.name, plan.type, () => {
                noteSaved = beginSaving(exportScope.value.ids);
                return session.report(format, plan.ids, choices);
            });
            if (name === null) return;
            noteSaved();
            notify("said_saved", { name });
        } catch (error) {
            state.problem.value = failureOf(error, "file_not_saved");
        }
    }

    /** @param {ExportFormatFacts} format */
    function askHow(format) {
        batch(() => {
            exportFormat.value = format;
            showDialog("export");
        });
    }

    return { exportTags, planNow };
}
