/**
 * The dialog for exports of a file per picture: what is chosen, what comes of it, and where it goes.
 * @import { ExportChoices, ExportFormatFacts } from "../../core/engine_api.d.ts"
 * @import { ExportPlan } from "../../core/exports.js"
 * @import { Context } from "../context.js"
 * @import { FileActions } from "./files.js"
 * @import { ChosenExports } from "../export_choices.js"
 * @import { WorkActions } from "../work_actions.js"
 */
import { failureOf } from "../../core/protocol.js";
import { choicesFor, validated } from "../export_choices.js";
import { IDLE, exportChoices, exportFormat, exportPreview, exportRun, exportScope } from "../export_state.js";
import { EXPORTS_KEY } from "../settings.js";
import * as state from "../state.js";
import { createWriting } from "./export_writing.js";
import { notify } from "./notices.js";
import { showDialog } from "./places.js";

/** @param {Context} context @param {Pick<WorkActions, "beginSaving" | "planNow"> & Pick<FileActions, "neededFile">} actions */
export function createExportDialog(context, { beginSaving, neededFile, planNow }) {
    const { platform, session } = context;
    const writing = createWriting(context, { neededFile });
    let isLooking = false;
    let isStale = false;

    function openExport() {
        exportChoices.value = validated(platform.loadSetting(EXPORTS_KEY));
        exportPreview.value = null;
        exportRun.value = IDLE;
        void refreshPreview();
    }

    /** Whatever is under way ends with the dialog. */
    function closeExport() {
        writing.stop();
        exportFormat.value = null;
    }

    /** @param {Partial<ChosenExports>} news */
    function chooseExport(news) {
        exportChoices.value = validated({ ...exportChoices.value, ...news });
        platform.saveSetting(EXPORTS_KEY, exportChoices.value);
        void refreshPreview();
    }

    /** One at a time: whoever types fast sees the last. */
    async function refreshPreview() {
        if (isLooking) return void (isStale = true);
        isLooking = true;
        do {
            isStale = false;
            const { value: format } = exportFormat;
            if (format) exportPreview.value = await preview(format).catch(failed);
        } while (isStale);
        isLooking = false;
    }

    /** @param {ExportFormatFacts} format */
    async function preview(format) {
        const { ids } = planNow(format);
        const list = format.name === "xmp" ? formatNamed("keywords") : undefined;
        const [shown, keywords] = await Promise.all([
            session.previewReport(format, ids, choices(format)),
            list ? session.previewReport(list, ids, {}) : null,
        ]);
        return {
            ...shown,
            n_planned: ids.length,
            keywords: keywords?.files.map(({ content }) => String(content)) ?? null,
        };
    }

    /** @param {unknown} error */
    const failed = (error) => ({ error: failureOf(error, "file_not_saved") });

    /** @param {ExportFormatFacts} format */
    const choices = (format) => choicesFor(format, exportChoices.value, platform.languages()[0]);

    /** The folder that all the pictures came from, if one is known. */
    function pictureFolder() {
        const { value: format } = exportFormat;
        if (!format || !platform.saveFolder) return null;
        const paths = state.orderedIds.value.map((id) => state.pictureOf(id)?.path ?? "");
        return platform.pictureFolders().find((name) => paths.every((path) => path.startsWith(`${name}/`))) ?? null;
    }

    /** Where the files go: what was chosen, as far as it can be here. */
    function exportPlace() {
        const { place } = exportChoices.value;
        if (!platform.saveFolder) return "zip";
        return place === "pictures" && pictureFolder() === null ? "folder" : place;
    }

    async function saveExport() {
        const { value: format } = exportFormat;
        if (!format || ["asking", "writing"].includes(exportRun.value.status)) return;
        try {
            const chosen = choices(format);
            const plan = planNow(format, chosen.names);
            const noteSaved = beginSaving(exportScope.value.ids);
            const saved = await (exportPlace() === "zip"
                ? saveAsFile(format, plan, chosen)
                : saveInFolder(format, plan, chosen));
            const { leftOut, nDone } = exportRun.value;
            const isSaved = saved !== null && (nDone > 0 || leftOut.length === 0);
            exportRun.value = { ...IDLE, status: leftOut.length > 0 ? "done" : "choosing", nDone, leftOut };
            if (!isSaved) return;
            saved();
            if (leftOut.length > 0) return; // which is still to be seen to
            noteSaved();
            if (state.dialog.value === "export") showDialog(null);
        } catch (error) {
            const isStopped = Object(error).name === "AbortError";
            const { leftOut, nDone } = exportRun.value;
            const told = { leftOut, nDone, error: failureOf(error, "file_not_saved") };
            exportRun.value = isStopped ? IDLE : { ...IDLE, ...told, status: leftOut.length > 0 ? "done" : "choosing" };
        }
    }

    /** @param {ExportFormatFacts} format @param {ExportPlan} plan @param {ExportChoices} chosen @returns {Promise<(() => void) | null>} says it */
    async function saveAsFile(format, plan, chosen) {
        const type = plan.type || fileOf(plan.ids[0])?.type || "application/octet-stream";
        const name = await platform.saveFile(plan.name, type, () => writing.makeFile(format, plan, chosen));
        return name === null ? null : () => notify("said_saved", { name });
    }

    /** @param {ExportFormatFacts} format @param {ExportPlan} plan @param {ExportChoices} chosen @returns {Promise<(() => void) | null>} says it */
    async function saveInFolder(format, plan, chosen) {
        const known = exportPlace() === "pictures" ? pictureFolder() : null;
        const folder = (await platform.saveFolder?.(known ?? undefined)) ?? null;
        if (!folder) return null;
        const n = await writing.fillFolder(folder, format, plan, chosen);
        return () => notify("said_saved_into", { n, name: folder.name });
    }

    return {
        answerReplace: writing.answer,
        chooseExport,
        closeExport,
        exportPlace,
        hasSaveFolder: () => platform.saveFolder !== null,
        openExport,
        pictureFolder,
        saveExport,
        stopExport: writing.stop,
    };
}

/** @param {import("../../core/engine_api.d.ts").ExportFormat} wanted */
export const formatNamed = (wanted) => state.exportFormats.value.find(({ name }) => name === wanted);

/** @param {number | undefined} id */
const fileOf = (id) => (id === undefined ? undefined : state.pictureOf(id)?.file);
