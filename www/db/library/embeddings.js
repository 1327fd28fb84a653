/**
 * Embeddings, those of views, and squares: what heads are made of, and what they look at.
 * @import { EmbeddedFile, Embeddings } from "../own_protocol.js"
 * @import { Row } from "./database.js"
 * @import { Library } from "./library.js"
 */
import embeddings from "../queries/embeddings.sql";
import nFeaturesOf from "../queries/n_features.sql";
import otherEmbeddings from "../queries/other_embeddings.sql";
import putEmbedding from "../queries/put_embedding.sql";
import putSquare from "../queries/put_square.sql";
import putView from "../queries/put_view.sql";
import { shrink, sizeOf } from "./orphans.js";
import { Sink } from "./packed.js";
import { assetOf } from "./provider_results.js";

/** Far more than a square of the largest input that a model has. */
const MAX_SQUARE_BYTES = 256 * 2 ** 10;
const MAX_FEATURES = 65_536;
const SQUARES = `SELECT f.id, s.picture FROM json_each(?1) AS wanted CROSS JOIN file AS f ON f.id = wanted.value
    CROSS JOIN square AS s ON s.asset = f.asset`;
const HELD =
    "SELECT f.asset, iif(a.id IS NULL, NULL, lower(hex(a.sha256))) FROM file AS f LEFT JOIN asset AS a ON a.id = f.asset WHERE f.id = ?1";

/** How many squares there are, and how much of the database they take, in bytes. @param {Library} library */
export const squareUsage = ({ db }) => ({
    squares: db.number("SELECT coalesce(sum(length(picture)), 0) FROM square"),
    n_squares: db.number("SELECT count(*) FROM square"),
});

/** Rows of file, name, scale and vector. */
class Vectors {
    /** @type {number[]} */
    #files = [];
    /** @type {string[]} */
    #names = [];
    /** @type {number[]} */
    #scales = [];
    #vectors = new Sink();
    #last = 0;

    /** Views of a file without an embedding of its own are left out. @param {Row} row */
    add(row) {
        const [file, name] = [row.real(0), row.text(1)];
        if (name === "") this.#last = file;
        else if (file !== this.#last) return;
        this.#files.push(file);
        this.#names.push(name);
        this.#scales.push(row.real(2));
        this.#vectors.add(row.bytes(3));
    }

    /** @returns {Embeddings} */
    taken() {
        return {
            files: Uint32Array.from(this.#files),
            names: this.#names,
            scales: Float32Array.from(this.#scales),
            vectors: new Int8Array(this.#vectors.taken().buffer),
        };
    }
}

export const embeddingCalls = {
    /** @param {Library} library @param {{files: readonly number[] | Uint32Array, backbone: string, n_features: number, view_names?: readonly string[]}} params @returns {Embeddings} */
    embeddings({ db }, { files, backbone, n_features: nFeatures, view_names: names = [] }) {
        const found = new Vectors();
        const values = [JSON.stringify(Array.from(files)), backbone, nFeatures, JSON.stringify(names)];
        db.each(embeddings, values, (row) => found.add(row));
        return found.taken();
    },

    /** @param {Library} library @param {{without: readonly number[] | Uint32Array, n: number, backbone: string, n_features: number}} params @returns {Embeddings} */
    other_embeddings({ db }, { without, n, backbone, n_features: nFeatures }) {
        const found = new Vectors();
        const values = [JSON.stringify(Array.from(without)), backbone, nFeatures, n];
        db.each(otherEmbeddings, values, (row) => found.add(row));
        return found.taken();
    },

    /** @param {Library} library @param {{backbone: string}} params @returns {number} */
    n_features_of: ({ db }, { backbone }) => db.number(nFeaturesOf, [backbone]),

    /** @param {Library} library @param {{files: readonly number[] | Uint32Array}} params */
    squares({ db }, { files }) {
        /** @type {number[]} */
        const ids = [];
        const squares = db.all(SQUARES, [JSON.stringify(Array.from(files))], (row) => {
            ids.push(row.real(0));
            return row.bytes(1).slice();
        });
        return { files: Uint32Array.from(ids), squares };
    },

    /** @param {Library} library @param {{backbone: string, embedded: readonly EmbeddedFile[]}} params */
    record_embeddings(library, { backbone, embedded }) {
        library.db.transaction(() => {
            for (const one of embedded) put(library, backbone, one);
        });
        return null;
    },

    /** For good. @param {Library} library @returns {{bytes: number}} */
    delete_squares({ db }) {
        const former = sizeOf(db);
        db.run("DELETE FROM square");
        shrink(db);
        return { bytes: former - sizeOf(db) };
    },
};

/** What is written here must pass the checks of a backup. @param {EmbeddedFile["views"][number]} view */
const isSound = ({ name, scale, vector }) =>
    /^[a-z0-9_-]{0,64}$/.test(name) && scale >= 0 && scale < 1e30 && vector.length > 0 && vector.length <= MAX_FEATURES;

/** @param {Library} library @param {string} backbone @param {EmbeddedFile} embedded */
function put(library, backbone, { file, picture, views, square }) {
    const { db } = library;
    if (!views.every(isSound)) throw new TypeError("What was embedded is no embedding.");
    const held = db.first(HELD, [file], (row) => ({ asset: row.realOrNull(0), sha256: row.textOrNull(1) }));
    // Deleted for good in another tab, or another content by now: then nothing of it stays.
    if (!held || (picture && held.sha256 !== null && held.sha256 !== picture.sha256)) return;
    const asset = held.asset ?? (picture ? assetOf(library, picture) : null);
    if (asset === null) return;
    if (held.asset === null) db.run("UPDATE file SET asset = ?2 WHERE id = ?1", [file, asset]);
    for (const { name, scale, vector } of views) {
        if (name === "") db.run(putEmbedding, [asset, backbone, scale, vector]);
        else db.run(putView, [asset, backbone, name, scale, vector]);
    }
    if (square && square.length > 0 && square.length <= MAX_SQUARE_BYTES) db.run(putSquare, [asset, square]);
}
