/**
 * Writing an export of a file per picture: into a ZIP, or into a folder. Copies are made one at a time, so that however many there are,
 * only one picture is in memory; a picture that cannot be written is named and stops no other.
 * @import { ExportChoices, ExportFile, ExportFormatFacts } from "../../core/engine_api.d.ts"
 * @import { ExportPlan } from "../../core/exports.js"
 * @import { SaveFolder } from "../../platform/platform.d.ts"
 * @import { Context } from "../context.js"
 * @import { FileActions } from "./files.js"
 *
 * @typedef {{id: number, name: string, content: Blob | string, isSidecar: boolean}} ReadyFile
 * @typedef {"replace" | "keep" | "stop"} Answer
 */
import { CodedError, failureOf } from "../../core/protocol.js";
import { IDLE, exportChoices, exportRun } from "../export_state.js";
import * as state from "../state.js";

/** Without the session nothing more can be made. */
const ENDS_ALL = ["local_model_off", "worker_crashed"];

/** @param {Context} context @param {Pick<FileActions, "neededFile">} files */
export function createWriting({ session }, { neededFile }) {
    let isStopped = false;
    /** @type {(answer: Answer) => void} */
    let answer = () => {};

    function stop() {
        isStopped = true;
        answer("stop");
    }

    /** The export as one file. @param {ExportFormatFacts} format @param {ExportPlan} plan @param {ExportChoices} chosen */
    async function makeFile(format, plan, chosen) {
        begin();
        if (format.ending !== "") return session.report(format, plan.ids, chosen);
        const [only] = plan.ids;
        if (only !== undefined && plan.ids.length === 1) return copyOf(only);
        const files = await session.reportFiles(format, plan.ids, chosen);
        const put = (/** @type {ReadyFile} */ { name, content }) => session.addToZip(name, content);
        const error = await writeEach(plan, files, format, put).then(
            () => null,
            (error) => error,
        );
        const zip = await session.closeZip(); // in any case: nothing of a ZIP that is given up stays
        if (error) throw error;
        const { nDone, leftOut } = exportRun.value;
        if (nDone === 0 && !leftOut.some(({ hasSidecar }) => hasSidecar))
            throw new CodedError("keywords_not_writable", "None of the pictures can hold keywords.");
        return zip;
    }

    /**
     * The export as files in a folder. A sidecar that is there keeps what it has; a file that would be replaced is asked for.
     * @param {SaveFolder} folder @param {ExportFormatFacts} format @param {ExportPlan} plan @param {ExportChoices} chosen
     * @returns {Promise<number>} how many were written
     */
    async function fillFolder(folder, format, plan, chosen) {
        begin();
        let files = await session.reportFiles(format, plan.ids, chosen);
        if (format.name !== "xmp") files = await withoutKept(folder, files);
        await writeEach(plan, files, format, async ({ id, name, content, isSidecar }) => {
            const former = isSidecar ? await folder.read(name) : null;
            await folder.write(name, former ? await session.mergeSidecar(id, former) : content);
        });
        return exportRun.value.nDone;
    }

    /** @param {SaveFolder} folder @param {ExportFile[]} files */
    async function withoutKept(folder, files) {
        const isThere = new Set();
        for (const { name } of files) if (await folder.read(name)) isThere.add(name);
        if (isThere.size === 0) return files;
        if (isStopped) throw stopped();
        const given = await ask([...isThere]);
        if (given === "stop") throw stopped();
        return given === "replace" ? files : files.filter(({ name }) => !isThere.has(name));
    }

    /** @param {string[]} names @returns {Promise<Answer>} */
    function ask(names) {
        exportRun.value = { ...exportRun.value, status: "asking", names };
        return new Promise((resolve) => {
            answer = resolve;
        });
    }

    function begin() {
        isStopped = false;
        answer = () => {};
        exportRun.value = { ...IDLE, status: "writing" };
    }

    /**
     * @param {ExportPlan} plan @param {readonly ExportFile[]} files @param {ExportFormatFacts} format
     * @param {(file: ReadyFile) => Promise<unknown>} put
     */
    async function writeEach({ ids }, files, format, put) {
        exportRun.value = { ...IDLE, status: "writing", n: files.length };
        const names = new Set(files.map(({ name }) => name));
        for (const { name, content, picture } of files) {
            if (isStopped) throw stopped();
            const id = ids[picture ?? 0] ?? 0;
            try {
                const isCopy = format.ending === "";
                await put({
                    id,
                    name,
                    content: isCopy ? await copyOf(id) : String(content),
                    isSidecar: format.name === "xmp",
                });
                exportRun.value = { ...exportRun.value, nDone: exportRun.value.nDone + 1 };
            } catch (error) {
                const failure = failureOf(error, "file_not_saved");
                if (ENDS_ALL.includes(failure.code)) throw error;
                const hasSidecar = format.ending === "" && (await putSidecar(id, names, put));
                const leftOut = { path: state.pictureOf(id)?.path ?? name, error: failure, hasSidecar };
                exportRun.value = { ...exportRun.value, leftOut: [...exportRun.value.leftOut, leftOut] };
            }
        }
    }

    /** @param {number} id */
    async function copyOf(id) {
        return session.copyWithKeywords(id, await neededFile(id));
    }

    /** A sidecar for a picture that can hold no keywords. @param {number} id @param {ReadonlySet<string>} taken @param {(file: ReadyFile) => Promise<unknown>} put */
    async function putSidecar(id, taken, put) {
        const format = state.exportFormats.value.find(({ name }) => name === "xmp");
        if (!format || !exportChoices.value.with_sidecars) return false;
        try {
            const [sidecar] = await session.reportFiles(format, [id], { names: "full" });
            if (!sidecar || taken.has(sidecar.name)) return false;
            await put({ id, name: sidecar.name, content: String(sidecar.content), isSidecar: true });
            return true;
        } catch {
            return false; // that the picture itself could not be written is what is told
        }
    }

    return { answer: (/** @type {Answer} */ given) => answer(given), fillFolder, makeFile, stop };
}

const stopped = () => new DOMException("The export was stopped.", "AbortError");
