/**
 * What comes in: files that are chosen, dropped or pasted, folders, samples. Pictures go to the grid, and what belongs to a model to
 * where models are chosen.
 * @import { Context } from "../context.js"
 * @import { FoundFile } from "../../platform/platform.d.ts"
 * @import { PictureActions } from "./pictures.js"
 */
import { partition } from "../model_files.js";
import * as state from "../state.js";
import { announce, notify } from "./notices.js";

/** Pictures whose type the browser may not know by their name. */
const PICTURE_NAMES = /^[^.]+$|\.(avif|bmp|gif|heic|heif|ico|jfif|jpe?g|png|tiff?|webp)$/i;

/** What browsers call a picture that has no name: one that was copied out of another program. */
const NAMELESS = /^image\.(\w+)$/;

/** Names given within the same second. @type {{at: string, n: number}} */
let last = { at: "", n: 0 };

/**
 * A name that says when, in local time, and sorts by it: "camera 2026-11-21 14.03.05.jpg". The second one within a second gets a number.
 * @param {string} what @param {string} extension
 */
export function timestampName(what, extension) {
    const now = new Date();
    const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
    const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join("-");
    const at = `${what} ${day} ${[now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join(".")}`;
    last = { at, n: last.at === at ? last.n + 1 : 1 };
    return `${at}${last.n > 1 ? ` (${last.n})` : ""}.${extension}`;
}

/** @typedef {ReturnType<typeof createIntake>} IntakeActions */

/**
 * @param {Context} context @param {Pick<PictureActions, "addPictures">} pictures
 * @param {(files: readonly File[]) => void} addModelFiles
 */
export function createIntake(context, { addPictures }, addModelFiles) {
    /** Adds files to the grid. Files of a model are handed over to where models are chosen. @param {readonly FoundFile[]} all */
    function addFiles(all) {
        const { modelFiles, others: found } = partition(all, state.dialog.value === "models");
        if (modelFiles.length > 0) addModelFiles(modelFiles);
        const wanted = found.filter(isWanted);
        const skipped = found.length - wanted.length;
        if (skipped > 0) notify("said_skipped", { n: skipped });
        if (wanted.length === 0) return;
        if (skipped === 0) announce("said_started", { n: wanted.length });
        addPictures(wanted);
    }

    /** What someone picks by hand is always tried. A folder also holds other things, which would only fail. @param {FoundFile} found */
    function isWanted({ file, path }) {
        if (!path.includes("/")) return true;
        if (file.name.startsWith(".")) return false;
        return file.type.startsWith("image/") || (file.type === "" && PICTURE_NAMES.test(file.name));
    }

    /** @param {HTMLInputElement} input */
    function addChosen(input) {
        addFiles(context.platform.chosenFiles(input));
        input.value = ""; // the same files may be chosen again
    }

    /** @param {string} name */
    async function addSample(name) {
        const sample = context.platform.samples().find((one) => one.name === name);
        if (!sample) return;
        try {
            const blob = await (await fetch(sample.url)).blob();
            const fileName = `${name}.${sample.url.pathname.split(".").pop()}`;
            addFiles([{ file: new File([blob], fileName, { type: blob.type }), path: fileName }]);
        } catch (error) {
            state.problem.value = { code: "engine_unreachable", detail: String(error) };
        }
    }

    const samplePictures = () => context.platform.samples();

    /** @param {DataTransfer} drop */
    async function addDropped(drop) {
        state.isDragging.value = false;
        await addChunks(context.platform.droppedFiles(drop));
    }

    /** Files from the clipboard. @param {DataTransfer} pasted */
    function addPasted(pasted) {
        const found = Array.from(pasted.files, (file) => {
            const extension = file.type.startsWith("image/") ? NAMELESS.exec(file.name)?.[1] : undefined;
            const name = extension ? timestampName("pasted", extension) : file.name;
            return { file: extension ? new File([file], name, { type: file.type }) : file, path: name };
        });
        if (found.length > 0) addFiles(found);
        else notify("said_nothing_pasted");
    }

    const hasFolderChooser = () => context.platform.chooseFolder !== null;

    /** Asks for a folder; to be called only where there is a chooser for it. */
    async function addFolder() {
        try {
            if (context.platform.chooseFolder) await addChunks(context.platform.chooseFolder());
        } catch (error) {
            // None chosen. Anything else is a folder that the browser keeps closed, and it has said so itself.
            if (Object(error).name !== "AbortError") notify("said_folder_closed");
        }
    }

    /** @param {AsyncIterable<FoundFile[]>} chunks */
    async function addChunks(chunks) {
        let n = 0;
        for await (const found of chunks) {
            n += found.length;
            addFiles(found);
        }
        if (n === 0) notify("said_nothing_found");
    }

    const hasCamera = () => context.platform.camera !== null;

    return {
        addChosen,
        addDropped,
        addFiles,
        addFolder,
        addPasted,
        addSample,
        hasCamera,
        hasFolderChooser,
        samplePictures,
    };
}
