/** Saving a file: where the person says, or among the downloads where the browser does not ask. */
import { CodedError } from "../core/protocol.js";

/**
 * The place is asked for first: the leave to ask ends some seconds after the click, and making the file may take longer.
 * @param {Document} document @param {string} name @param {string} type @param {() => Promise<Blob>} make @returns {Promise<string | null>}
 */
export async function saveFile(document, name, type, make) {
    const place = await askForPlace(name, type);
    if (place === null) return null;
    if (place === "downloads") {
        download(document, await make(), name);
        return name;
    }
    try {
        await write(place, await make());
        return place.name;
    } catch (error) {
        await removeIfEmpty(place);
        throw error;
    }
}

/**
 * Where the person wants the file; null where they changed their mind.
 * @param {string} name @param {string} type @returns {Promise<FileSystemFileHandle | "downloads" | null>}
 */
async function askForPlace(name, type) {
    /** @typedef {{suggestedName: string, id: string, types: {accept: Record<string, string[]>}[]}} Wishes */
    const { showSaveFilePicker: ask } =
        /** @type {{showSaveFilePicker?: (wishes: Wishes) => Promise<FileSystemFileHandle>}} */ (
            /** @type {unknown} */ (globalThis)
        );
    if (!ask) return "downloads";
    const ending = name.slice(name.lastIndexOf("."));
    try {
        return await ask({ suggestedName: name, id: "export", types: [{ accept: { [type]: [ending] } }] });
    } catch (error) {
        // Anything else means that this page may not ask: within another site's frame, or where it is forbidden by rule.
        return Object(error).name === "AbortError" ? null : "downloads";
    }
}

/** @param {FileSystemFileHandle} place @param {Blob} blob */
async function write(place, blob) {
    try {
        const file = await place.createWritable();
        await blob.stream().pipeTo(file); // what fails leaves the file as it was
    } catch (error) {
        throw new CodedError("file_not_saved", `${place.name} could not be written: ${Object(error).message ?? error}`);
    }
}

/** Takes away the empty file that asking for the place has made. @param {FileSystemFileHandle & {remove?: () => Promise<void>}} place */
async function removeIfEmpty(place) {
    try {
        if ((await place.getFile()).size === 0) await place.remove?.();
    } catch {
        // It is gone already, or may not be touched: nothing that the person has to know beside what failed.
    }
}

/** @param {Document} document @param {Blob} blob @param {string} name */
function download(document, blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    // The browser reads the address after this turn; a minute is long enough for a slow disk.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
