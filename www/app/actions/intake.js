/**
 * What comes in: files that are chosen, dropped or pasted, folders, samples. Pictures go to the grid, what belongs to a model to where
 * models are chosen, and what is left out into a list that says why.
 * @import { Context } from "../context.js"
 * @import { Found, FoundFile } from "../../platform/platform.d.ts"
 * @import { LeftOut, LeftOutReason } from "../state.js"
 * @import { PictureActions } from "./pictures.js"
 * @import { Reunion } from "./reunion.js"
 *
 * What is not for the grid: files of a model, a backup; and `nameAfter` hears what comes in first from one place. `takeRegardless`: whether what
 * comes in now is tagged regardless.
 * @typedef {{
 *   addModelFiles: (files: readonly File[]) => Promise<void>, offerBackup: (file: File) => void,
 *   nameAfter: (found: readonly Found[]) => unknown, takeRegardless: () => boolean }} Elsewhere
 *
 * What comes in at once: how many of it were left out and why, what `cancelCount` said when it began, and whether it is tagged
 * whatever the switch of the collection says.
 * @typedef {{begun: number, isRegardless?: boolean, left: Partial<Record<LeftOutReason, number>>}} Addition
 */
import { isHidden, systemFolderOf } from "../../core/left_out_names.js";
import { RAW_EXTENSIONS } from "../picture_names.js";
import { KnownFiles, canHash, hashes } from "../known_files.js";
import { isZip, isZippedModel, partition } from "../model_files.js";
import * as state from "../state.js";
import { announce, notify } from "./notices.js";
import { reportUnread } from "./store_problems.js";

/** Pictures whose type the browser may not know by their name, raw photographs among them. What is not read says on its card what it is. */
const PICTURE_NAMES = new RegExp(
    `^[^.]+$|\\.(${[
        "avif|bmp|cur|dib|gif|heic|heif|hif|ico|j2k|jfif|jp2|jpe?g|jpf|jpx|jxl|png|psb|psd|tiff?|webp|xcf",
        ...RAW_EXTENSIONS,
    ].join("|")})$`,
    "i",
);

/** What browsers call a picture that has no name: one that was copied out of another program. */
const NAMELESS = /^image\.(\w+)$/;

/** A backup that is picked by hand; in a folder it is a file like any other. @param {FoundFile} found */
const isBackup = ({ path }) => !path.includes("/") && path.toLowerCase().endsWith(".tagsmith");

/** So many files are compared between two looks at what has come of it. */
const N_COMPARED = 20;

/** Why a file could not be read, by what browsers call it. @type {Record<string, LeftOutReason>} */
const REASONS = {
    NotAllowedError: "denied",
    NotReadableError: "denied",
    SecurityError: "denied",
    NotFoundError: "gone",
};

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
 * @param {Context} context @param {Pick<PictureActions, "addPictures" | "cancelCount" | "hashOf" | "isHere" | "noteSame">} pictures
 * @param {Reunion} reunion @param {Elsewhere} elsewhere
 */
export function createIntake(context, { addPictures, cancelCount, hashOf, isHere, noteSame }, reunion, elsewhere) {
    const { addModelFiles, offerBackup, nameAfter, takeRegardless } = elsewhere;
    const known = new KnownFiles({ hashOf: hashes(hashOf), canHash, isHere });
    /** Files are compared one after the other: each is read as a whole. */
    let comparing = Promise.resolve();
    /** Files are looked for among those of earlier visits in the order in which they come. @type {Promise<void> | null} */
    let parting = null;
    /** What is in the list of what was left out. @type {Set<string>} */
    const listed = new Set();

    /** @returns {Addition} */
    const newAddition = () => ({ begun: cancelCount(), left: {} });

    /** @param {readonly FoundFile[]} found @param {Addition} addition */
    function addAs(found, addition) {
        // The wish is used up by the first pictures that come in, and not by a folder that was not chosen after all.
        if (found.length > 0) addition.isRegardless ??= takeRegardless();
        return addPictures(found, addition.begun, addition.isRegardless);
    }

    /**
     * Adds files to the grid, but those that are here already. Files of a model are handed over to where models are chosen.
     * @param {readonly Found[]} all @param {Addition} [addition] what they are a part of
     * @returns {Promise<void>} when it is clear of each whether it came in
     */
    function addFiles(all, addition = newAddition()) {
        /** @type {FoundFile[]} */
        const files = [];
        /** @type {LeftOut[]} */
        const left = [];
        // Whoever walked the folders has not entered these; an input has, and tells every file in them.
        const systemFolders = new Set();
        for (const one of all) {
            const folder = "isLeftOut" in one ? one.path : systemFolderOf(one.path);
            if (folder) systemFolders.add(folder);
            else if ("file" in one && isBackup(one)) offerBackup(one.file);
            else if ("file" in one) files.push(one);
            else if ("error" in one) left.push({ path: one.path, reason: REASONS[one.error] ?? "unreadable" });
        }
        for (const path of systemFolders) left.push({ path, reason: "system" });
        const { modelFiles, others } = partition(
            files,
            state.dialog.value === "models",
            state.customModel.value?.missing,
        );
        const goOn = () => addOthers(others, { addition, left, n: all.length });
        if (modelFiles.length === 0) return goOn();
        // What comes with a model is tagged with it, once it was tried and is used.
        return addModelFiles(modelFiles).finally(goOn);
    }

    /** What is for the grid. @param {readonly FoundFile[]} others @param {{addition: Addition, left: LeftOut[], n: number}} drop what is left out of it, and how many were given */
    function addOthers(others, { addition, left, n }) {
        const zips = others.filter(({ file, path }) => isZip(file) && !path.includes("/"));
        for (const zip of zips) void addZip(zip, addition);
        const wanted = others.filter((found) => {
            if (zips.includes(found)) return false;
            const reason = reasonAgainst(found);
            if (reason !== null) left.push({ path: found.path, reason });
            return reason === null;
        });
        const { fresh, same, doubtful } = known.part(wanted, addition);
        for (const { file, other } of same) noteSame(file, other);
        leaveOut([...left, ...same.map(asSame)], addition);
        const adding = addFresh(fresh, addition, fresh.length === n);
        if (doubtful.length === 0) return adding;
        comparing = comparing.then(() => compare(doubtful, addition));
        return Promise.all([adding, comparing]).then(() => {});
    }

    /**
     * Files that did not come in before in this visit: pictures of earlier ones get them back, the others are new. One after the other, so
     * that they come in as they were given.
     * @param {readonly FoundFile[]} fresh @param {Addition} addition @param {boolean} isAll whether it is all that was given
     */
    function addFresh(fresh, addition, isAll = false) {
        if (fresh.length === 0) return Promise.resolve();
        const add = (/** @type {readonly FoundFile[]} */ some) => {
            if (some.length === 0) return;
            if (isAll) announce("said_started", { n: some.length });
            addAs(some, addition);
        };
        if (!parting && !reunion.isNeeded()) return Promise.resolve(add(fresh));
        const mine = (parting ?? Promise.resolve())
            .then(() => reunion.part(fresh))
            .then(({ fresh: some, same }) => {
                for (const one of same) known.forget(one, addition);
                leaveOut(same.map(asSame), addition);
                add(some);
            }, reportUnread)
            .finally(() => {
                if (parting === mine) parting = null;
            });
        parting = mine;
        return mine;
    }

    /** A ZIP is unpacked by people; one that holds no model is said to be no picture. @param {FoundFile} zip @param {Addition} addition */
    async function addZip(zip, addition) {
        if (await isZippedModel(zip.file).catch(() => false)) void addModelFiles([zip.file]);
        else addAs([zip], addition);
    }

    /** What is picked by hand is always tried. A folder also holds other things, which would only fail. @param {FoundFile} found @returns {LeftOutReason | null} */
    function reasonAgainst({ file, path }) {
        if (!path.includes("/")) return null;
        if (isHidden(file.name)) return "hidden";
        const isPicture = file.type.startsWith("image/") || (file.type === "" && PICTURE_NAMES.test(file.name));
        return isPicture ? null : "not_picture";
    }

    /** Adds those that turn out to be new. @param {readonly FoundFile[]} doubtful @param {Addition} addition */
    async function compare(doubtful, addition) {
        for (let at = 0; at < doubtful.length; at += N_COMPARED) {
            /** @type {FoundFile[]} */
            const fresh = [];
            /** @type {FoundFile[]} */
            const same = [];
            for (const one of doubtful.slice(at, at + N_COMPARED)) {
                const other = await known.sameAs(one, addition);
                (other ? same : fresh).push(one);
                if (other) noteSame(one.file, other);
            }
            for (const one of same) known.forget(one, addition);
            leaveOut(same.map(asSame), addition);
            await addFresh(fresh, addition);
        }
    }

    /** @param {FoundFile} found @returns {LeftOut} */
    const asSame = (found) => ({ path: found.path, reason: "same", found });

    /** Lists what did not come in, once, and says how much of the addition that is by now. @param {readonly LeftOut[]} some @param {Addition} addition */
    function leaveOut(some, { left }) {
        if (some.length === 0) return;
        if (state.leftOut.value.length === 0) listed.clear();
        for (const { reason } of some) left[reason] = (left[reason] ?? 0) + 1;
        const unlisted = some.filter(({ path, reason, found }) => {
            const key = `${reason} ${found?.file.size} ${path}`;
            return !listed.has(key) && listed.add(key);
        });
        if (unlisted.length > 0) state.leftOut.value = [...state.leftOut.value, ...unlisted];
        const n = Object.values(left).reduce((sum, of) => sum + of, 0);
        notify(
            left.same === n ? "said_same" : left.not_picture === n ? "said_skipped" : "said_left_out",
            { n },
            { words: "show_left_out", dialog: "left_out" },
        );
    }

    /** What was left out because it is here already comes in a second time. */
    function addLeftOut() {
        const addition = newAddition();
        const again = state.leftOut.value.flatMap(({ found }) => found ?? []);
        state.leftOut.value = state.leftOut.value.filter(({ found }) => !found);
        for (const one of again) {
            known.note(one, addition);
            listed.delete(`same ${one.file.size} ${one.path}`);
        }
        addAs(again, addition);
    }

    /** @param {HTMLInputElement} input */
    function addChosen(input) {
        const found = context.platform.chosenFiles(input);
        nameAfter(found);
        void addFiles(found);
        input.value = ""; // the same files may be chosen again
    }

    /** @param {string} name */
    async function addSample(name) {
        const sample = context.platform.samples().find((one) => one.name === name);
        if (!sample) return;
        try {
            const blob = await (await fetch(sample.url)).blob();
            const fileName = `${name}.${sample.url.pathname.split(".").pop()}`;
            void addFiles([{ file: new File([blob], fileName, { type: blob.type }), path: fileName }]);
        } catch (error) {
            state.problem.value = { code: "engine_unreachable", detail: String(error) };
        }
    }

    const samplePictures = () => context.platform.samples();

    /** @param {DataTransfer} drop */
    async function addDropped(drop) {
        state.isDragging.value = false;
        const isOne = drop.items.length === 1;
        await addChunks(context.platform.droppedFiles(drop), isOne);
    }

    /** Files from the clipboard. @param {DataTransfer} pasted */
    function addPasted(pasted) {
        const found = Array.from(pasted.files, (file) => {
            const extension = file.type.startsWith("image/") ? NAMELESS.exec(file.name)?.[1] : undefined;
            const name = extension ? timestampName("pasted", extension) : file.name;
            return { file: extension ? new File([file], name, { type: file.type }) : file, path: name };
        });
        if (found.length > 0) void addFiles(found);
        // WebKitGTK has nothing for the page where a picture was copied in another program.
        else notify(pasted.types.length > 0 ? "said_nothing_pasted" : "said_nothing_handed_over");
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

    /** @param {AsyncIterable<Found[]>} chunks @param {boolean} [isOne] whether they are of one folder */
    async function addChunks(chunks, isOne = true) {
        const addition = newAddition();
        let n = 0;
        for await (const found of chunks) {
            if (n === 0 && isOne) nameAfter(found);
            n += found.length;
            void addFiles(found, addition);
        }
        if (n === 0) notify("said_nothing_found");
    }

    const hasCamera = () => context.platform.camera !== null;

    return {
        addChosen,
        addDropped,
        addFiles,
        addFolder,
        addLeftOut,
        addPasted,
        addSample,
        hasCamera,
        hasFolderChooser,
        newAddition,
        samplePictures,
    };
}
