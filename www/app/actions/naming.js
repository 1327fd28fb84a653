/**
 * What an empty collection is called: a folder that comes into it gives it its name, unless it has one.
 * @import { Context } from "../context.js"
 * @import { Found } from "../../platform/platform.d.ts"
 * @import { ListedCollection } from "../../db/protocol.js"
 */
import { batch } from "../../vendor/signals.js";
import { asName } from "../collection_names.js";
import * as state from "../state.js";

/** @param {Pick<Context, "library">} context */
export function createNaming({ library }) {
    /** @param {readonly Found[]} found what comes in first, from one place */
    async function nameAfter(found) {
        const folder = folderOf(found);
        if (folder === null || state.total.value > 0) return;
        await library.shown();
        const { value: shown } = state.collection;
        if (!shown || shown.n_files > 0 || shown.folder !== null) return;
        const name = shown.name || asName(folder);
        state.collection.value = { ...shown, name, folder };
        library.write("rename_collection", { id: shown.id, name, folder });
    }

    return { nameAfter };
}

/** All collections; the one on show may have been named in another tab. @param {readonly ListedCollection[]} all */
export function takeCollections(all) {
    const { value: shown } = state.collection;
    const now = all.find(({ id }) => id === shown?.id);
    batch(() => {
        state.collections.value = all;
        if (shown && now && (shown.name !== now.name || shown.folder !== now.folder))
            state.collection.value = { ...shown, name: now.name, folder: now.folder };
    });
}

/** The folder that all of it is in; null where there is none, or more than one. @param {readonly Found[]} found */
function folderOf(found) {
    const folders = new Set(found.map(({ path }) => path.slice(0, path.indexOf("/") + 1)));
    const [folder = ""] = folders;
    return folders.size === 1 && folder.length > 1 ? folder.slice(0, -1) : null;
}
