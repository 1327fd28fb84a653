/**
 * Training sets of other programs, in the trainer: what is in an archive or a folder, and pictures of an archive as they are asked for.
 * @import { ImportPlan, SetEntry } from "./train_api.d.ts"
 * @import { ForeignSet } from "./train_protocol.js"
 */
import { PackedSet, documentsOfTrainingSet, planTrainingSet } from "tagsmith-train";
import { bytesOf } from "./bytes.js";

/** As large a picture as is decoded (`Limits` of the library), and more than any list of tags. */
const MAX_BYTES = 128 << 20;

/** The archive that is open. @type {PackedSet | null} */
let open = null;

/** @param {ForeignSet} set @returns {Promise<{plan: ImportPlan, paths: string[]}>} `paths`: of all entries */
export async function planSet({ name, archive, files, source }) {
    closeSet();
    open = archive && new PackedSet(archive);
    const packed = open;
    /** @type {SetEntry[]} */
    const entries = packed ? packed.entries() : files.map(({ path, file }) => ({ path, bytes: file.size }));
    const documents = [];
    for (const entry of documentsOfTrainingSet(entries)) {
        const file = files[entry]?.file;
        const bytes = packed ? packed.read(entry, MAX_BYTES) : file && (await bytesOf(file));
        if (bytes) documents.push({ entry, bytes });
    }
    return { plan: planTrainingSet(name, entries, documents, source), paths: entries.map(({ path }) => path) };
}

/** @param {number} entry of the archive that is open */
export function readSet(entry) {
    if (!open) throw new TypeError("plan_set comes first");
    return open.read(entry, MAX_BYTES).buffer;
}

export function closeSet() {
    open?.free();
    open = null;
    return null;
}
