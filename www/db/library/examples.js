/**
 * What own taggers learn from: files with what a person said of them, by columns.
 * @import { ExampleFiles, WhichExamples } from "../own_protocol.js"
 * @import { FileState } from "../protocol.js"
 * @import { Library } from "./library.js"
 */
import examples from "../queries/examples.sql";
import filesOfHashes from "../queries/files_of_hashes.sql";
import said from "../queries/said.sql";
import taughtSince from "../queries/taught_since.sql";
import { FILE_STATES } from "../protocol.js";
import { correctedAmong } from "./corrections.js";
import { idsOf } from "./order.js";

const HASH_BYTES = 32;
/** @typedef {{id: string, name: string, language: string | null}} SaidTag */
/** @typedef {{given: string[], rejected: string[]}} Said */

/** Each once, in their order. @param {Library} library @param {Pick<WhichExamples, "collections" | "files" | "of">} which */
function wantedIds(library, { collections = [], files = [], of = "all" }) {
    const ofCollections = collections.map((collection) => idsOf(library, { collection }));
    const ids = [...new Set([...ofCollections, files].flatMap((some) => Array.from(some)))];
    if (of === "all") return ids;
    const taught = correctedAmong(library, JSON.stringify(ids));
    return ids.filter((id) => taught.has(id));
}

/** What was said of each, by references; and these tags. @param {Library} library @param {string} list of ids, as JSON */
function saidOf({ db }, list) {
    /** @type {Map<number, Said>} */
    const byFile = new Map();
    /** @type {Map<string, SaidTag>} */
    const tags = new Map();
    db.each(said, [list], (row) => {
        const [file, ref] = [row.real(0), row.text(2)];
        const ofFile = byFile.get(file) ?? { given: [], rejected: [] };
        byFile.set(file, ofFile);
        ofFile[row.int(1) ? "given" : "rejected"].push(ref);
        if (!tags.has(ref)) tags.set(ref, { id: ref, name: row.text(3), language: row.textOrNull(4) });
    });
    // In one order, whichever was said first: the same training gives the same head.
    return { byFile, tags: [...tags.values()].sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

export const exampleCalls = {
    /** @param {Library} library @param {WhichExamples & {view_names?: readonly string[]}} which @returns {ExampleFiles} */
    training_files(library, { view_names: names = [], ...which }) {
        const wanted = wantedIds(library, which);
        const list = JSON.stringify(wanted);
        const [files, assets, sizes, sides, states, views] = /** @type {number[][]} */ ([[], [], [], [], [], []]);
        const sha256s = new Uint8Array(HASH_BYTES * wanted.length);
        const values = [list, which.backbone, which.n_features, JSON.stringify(names)];
        library.db.each(examples, values, (row) => {
            if (!row.isNull(2)) sha256s.set(row.bytes(2), HASH_BYTES * (files?.length ?? 0));
            files?.push(row.real(0));
            assets?.push(row.real(1));
            sizes?.push(row.real(3));
            sides?.push(row.real(4));
            states?.push(FILE_STATES.indexOf(/** @type {FileState} */ (row.word(5))));
            views?.push(row.int(6));
        });
        const n = files?.length ?? 0;
        const { byFile, tags } = saidOf(library, list);
        const places = new Map(tags.map(({ id }, place) => [id, place]));
        const lists = (/** @type {keyof Said} */ kind) => {
            const all = Array.from(files ?? [], (id) => byFile.get(id)?.[kind] ?? []);
            return {
                lengths: Uint32Array.from(all, ({ length }) => length),
                places: Uint32Array.from(all.flat(), (id) => places.get(id) ?? 0),
            };
        };
        const [given, rejected] = [lists("given"), lists("rejected")];
        return {
            files: Uint32Array.from(files ?? []),
            assets: Float64Array.from(assets ?? []),
            sha256s: sha256s.slice(0, HASH_BYTES * n),
            sizes: Float64Array.from(sizes ?? []),
            sides: Uint32Array.from(sides ?? []),
            states: Uint8Array.from(states ?? []),
            views: Uint8Array.from(views ?? []),
            tags,
            given_lengths: given.lengths,
            given: given.places,
            rejected_lengths: rejected.lengths,
            rejected: rejected.places,
        };
    },

    /** @param {Library} library @param {{hashes: readonly string[], collection: number}} params */
    files_of_hashes({ db }, { hashes, collection }) {
        const found = db.all(filesOfHashes, [JSON.stringify(hashes), collection], (row) => [row.real(0), row.int(1)]);
        const column = (/** @type {0 | 1} */ nth) => Uint32Array.from(found, (one) => one[nth] ?? 0);
        return { files: column(0), places: column(1) };
    },

    /** @param {Library} library @param {{collections: readonly number[], files?: readonly number[], tags?: readonly string[] | null, since_ms: number}} params @returns {number} */
    taught_since: ({ db }, { collections, files = [], tags = null, since_ms: since }) =>
        db.number(taughtSince, [
            JSON.stringify(collections),
            since,
            JSON.stringify(files),
            tags && JSON.stringify(tags),
        ]),
};
