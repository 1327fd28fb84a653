/**
 * What is known of files that come in: by path, size and date, or by their content, which is tagged once wherever it lies.
 * @import { Known, KnownAsset, ModelRef } from "../protocol.js"
 * @import { Library } from "./library.js"
 */
import fileTagged from "../queries/file_tagged.sql";
import { bytesOfHex } from "./packed.js";
import { ShownRuns } from "./taggings.js";

/** Null where there is none. @param {Library} library @param {string} sha256 */
const assetOf = ({ db }, sha256) =>
    db.first("SELECT id FROM asset WHERE sha256 = ?1", [bytesOfHex(sha256)], (row) => row.real(0));

export const knownCalls = {
    /**
     * @param {Library} library @param {{collection: number, files: readonly {path: string, size: number, modified_ms: number}[]}} params
     * @returns {Known[]}
     */
    find_known({ db }, { collection, files }) {
        const list = JSON.stringify([...new Set(files.map(({ size }) => size))]);
        const isAmong = "size IN (SELECT value FROM json_each(?1))";
        const sizes = new Set(db.all(`SELECT DISTINCT size FROM asset WHERE ${isAmong}`, [list], (row) => row.real(0)));
        /** The collection's files of these sizes, by what tells them apart. @type {Map<string, number>} */
        const known = new Map();
        const query = `SELECT id, path, size, modified_ms FROM file WHERE collection = ?2 AND removed_ms IS NULL AND ${isAmong}`;
        db.each(
            query,
            [list, collection],
            (row) => void known.set(`${row.real(2)} ${row.real(3)} ${row.text(1)}`, row.real(0)),
        );
        return files.map(({ path, size, modified_ms: date }) => ({
            file: known.get(`${size} ${date} ${path}`) ?? null,
            is_size_known: sizes.has(size),
        }));
    },

    /** @param {Library} library @param {{collection: number, sha256s: readonly string[]}} params @returns {(KnownAsset | null)[]} */
    find_assets(library, { collection, sha256s }) {
        const { db } = library;
        const query =
            "SELECT id, path FROM file WHERE asset = ?1 AND collection = ?2 AND removed_ms IS NULL ORDER BY position";
        return sha256s.map((sha256) => {
            const asset = assetOf(library, sha256);
            if (asset === null) return null;
            const files = db.all(query, [asset, collection], (row) => ({ id: row.real(0), path: row.text(1) }));
            return { sha256, files };
        });
    },

    /** @param {Library} library @param {{file: number, sha256: string, model: ModelRef}} params @param {string} by */
    adopt(library, { file, sha256, model }, by) {
        const asset = assetOf(library, sha256);
        if (asset === null || !new ShownRuns(library, model).isTaggedByModel(asset)) return false;
        library.db.run(fileTagged, [file, asset]);
        library.announce(by, { files: [file] });
        return true;
    },
};
