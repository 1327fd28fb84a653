/** Which pictures of the grid files are that were handed over: those that came in with them, and those that were here already. */
/** @import { FoundFile } from "../../platform/platform.d.ts" */
import { canHash, hashes } from "../known_files.js";
import * as state from "../state.js";

const sha256Of = hashes(() => null);

/** @param {readonly FoundFile[]} found @returns {Promise<Map<File, number>>} the ids of those that are in the grid */
export async function picturesHere(found) {
    const pictures = state.orderedIds.value.flatMap((id) => state.pictureOf(id) ?? []);
    const byFile = new Map(pictures.flatMap(({ id, file }) => (file ? [[file, id]] : [])));
    /** @type {Map<number, typeof pictures>} */
    const bySize = new Map();
    for (const one of pictures) {
        const some = bySize.get(one.size);
        if (some) some.push(one);
        else bySize.set(one.size, [one]);
    }
    /** @type {Map<File, number>} */
    const here = new Map();
    for (const { file, path } of found) {
        const id = byFile.get(file) ?? (await sameAs(file, path, bySize.get(file.size) ?? []));
        if (id !== null) here.set(file, id);
    }
    return here;
}

/** As files are told apart that come in: by path, size and date, or by their content. @param {File} file @param {string} path @param {readonly import("../state.js").PictureEntry[]} some of its size */
async function sameAs(file, path, some) {
    const named = some.find((one) => one.path === path && one.modified_ms === file.lastModified);
    if (named) return named.id;
    const sha256 = some.length > 0 && canHash() ? await sha256Of(file) : null;
    if (sha256 === null) return null;
    for (const { id, facts, file: other } of some)
        if ((facts?.sha256 ?? (other && (await sha256Of(other)))) === sha256) return id;
    return null;
}
