/**
 * Examples that came with a tagger's file, as numbers without pictures: kept in the tagger's settings, and learnt from beside those of the library. What the
 * library says of a picture of the same content counts before them.
 * @import { TrainingColumns } from "../../core/train_api.d.ts"
 * @import { Embeddings } from "../../db/own_protocol.js"
 * @import { Example, Examples } from "./examples.js"
 *
 * `columns`: those of TrainingColumns, little-endian, in base64; left out where taggers are listed.
 * @typedef {{backbone: string, n_features: number, n: number, columns?: Record<string, string>}} Moved
 * What came, as the trainer takes it. @typedef {{examples: Examples, embeddings: Embeddings}} MovedSet
 */
import { VIEW_NAMES, columnsOf } from "./examples.js";

/** Far more than anybody taught, and 40 MB of numbers. */
export const MAX_MOVED = 10_000;
/** Their ids go down from here: no file of a library has one of these. */
const FIRST_ID = 2 ** 32 - 1;
/** More than a library has files. */
const MANY = 2 ** 31;
const HASH_BYTES = 32;
const MAX_TAGS = 5_000;

const COLUMNS = /** @type {const} */ ({
    sha256s: Uint8Array,
    sides: Uint32Array,
    n_views: Uint8Array,
    n_given: Uint16Array,
    given: Uint16Array,
    n_rejected: Uint16Array,
    rejected: Uint16Array,
    scales: Float32Array,
    vectors: Int8Array,
});

/** Whether that is an example that came with a file. @param {number} id */
export const isMoved = (id) => id > MANY;

/** As the settings keep it. @param {TrainingColumns} set */
export function packMoved({ backbone, n_features: nFeatures, tags, ids, views, ...set }) {
    const all = { ...set, ...views };
    const columns = Object.keys(COLUMNS).map((name) => [name, base64(all[/** @type {keyof typeof COLUMNS} */ (name)])]);
    return {
        ...{ backbone: `${backbone.id} ${backbone.version}`, n_features: nFeatures, n: ids.length },
        ...{ tags, columns: Object.fromEntries(columns) },
    };
}

/** How many there are, and of which network; null where none came, or they are left out. @param {Record<string, unknown>} settings @returns {Moved | null} */
export function movedIn({ moved, without_moved: isWithout }) {
    if (isWithout === true) return null;
    const { backbone, n, n_features: nFeatures } = /** @type {Record<string, unknown>} */ (Object(moved));
    const isSound = typeof backbone === "string" && isCount(n, MAX_MOVED) && isCount(nFeatures, 65_536);
    return isSound ? /** @type {Moved} */ (moved) : null;
}

/**
 * What was packed, whoever wrote it: null where it makes no sense.
 * @param {unknown} packed @param {readonly string[] | null} wanted ids of tags; null for all @param {number} [firstId] ids go down from it @returns {MovedSet | null}
 */
export function unpackMoved(packed, wanted, firstId = FIRST_ID) {
    const moved = movedIn({ moved: packed });
    const { tags, columns } = /** @type {{tags?: unknown, columns?: unknown}} */ (Object(packed));
    if (!moved || !isTags(tags)) return null;
    /** @type {Record<string, any>} */
    const all = {};
    try {
        for (const [name, Column] of Object.entries(COLUMNS))
            all[name] = new Column(bytesOf(/** @type {any} */ (columns)[name]).buffer);
    } catch {
        return null;
    }
    const { n, n_features: nFeatures } = moved;
    const { sha256s, sides, n_views: nViews, scales, vectors } = all;
    const given = lists(all["n_given"], all["given"], tags.length);
    const rejected = lists(all["n_rejected"], all["rejected"], tags.length);
    const nVectors = sum(nViews);
    const isSound =
        [sides.length, nViews.length, sha256s.length / HASH_BYTES, given?.length, rejected?.length].every(
            (length) => length === n,
        ) &&
        nVectors === scales.length &&
        nVectors * nFeatures === vectors.length &&
        nViews.every((/** @type {number} */ views) => views > 0) &&
        scales.every((/** @type {number} */ scale) => scale >= 0 && scale < 1e30);
    if (!isSound || !given || !rejected) return null;
    const isWanted = wanted && new Set(wanted);
    /** Places among those that are learnt, by their places here. @type {Map<number, number>} */
    const places = new Map();
    for (const [place, { id }] of tags.entries()) if (isWanted?.has(id) !== false) places.set(place, places.size);
    const learnt = (/** @type {readonly number[]} */ list = []) => list.flatMap((place) => places.get(place) ?? []);
    const examples = Array.from({ length: n }, (_, idx) => ({
        ...{ file: firstId - idx, tags: learnt(given[idx]), rejected: learnt(rejected[idx]) },
        ...{ side: sides[idx], sha256: sha256s.subarray(HASH_BYTES * idx, HASH_BYTES * (idx + 1)) },
    }));
    const taught = [...places.keys()].map((place) => {
        const of = (/** @type {number[][]} */ all) => all.filter((list) => list.includes(place)).length;
        return { tag: /** @type {typeof tags[number]} */ (tags[place]), n: of(given), nRejected: of(rejected) };
    });
    const names = ["", ...VIEW_NAMES];
    const ofViews = examples.flatMap(({ file }, idx) =>
        Array.from({ length: nViews[idx] }, (_, view) => ({ file, name: names[view] ?? `view-${view}` })),
    );
    const embeddings = {
        ...{ files: Uint32Array.from(ofViews, ({ file }) => file), names: ofViews.map(({ name }) => name) },
        ...{ scales, vectors },
    };
    return { examples: { tags: taught, unlearnt: [], examples, toEmbed: [], unseen: [] }, embeddings };
}

/** The examples of a library with those that came. @param {Examples} here @param {Examples} moved @returns {Examples} */
export function withMoved(here, moved) {
    const here256 = new Set(here.examples.map(hashOf));
    const came = moved.examples.filter((one) => !here256.has(hashOf(one)));
    // What nobody has given, nobody can learn.
    const given = new Set(came.flatMap((one) => one.tags));
    const tags = here.tags.map((one) => ({ ...one }));
    const known = new Map(tags.map(({ tag }, place) => [tag.id, place]));
    const places = moved.tags.map(({ tag }, place) => {
        const isNew = given.has(place) && !known.has(tag.id);
        return isNew ? tags.push({ tag, n: 0, nRejected: 0 }) - 1 : known.get(tag.id);
    });
    const placed = (/** @type {readonly number[]} */ list) =>
        list.flatMap((place) => places[place] ?? []).sort((one, other) => one - other);
    const examples = came
        .map((one) => ({ ...one, tags: placed(one.tags), rejected: placed(one.rejected) }))
        .filter((one) => one.tags.length + one.rejected.length > 0);
    const counted = (/** @type {"tags" | "rejected"} */ what, /** @type {number} */ place) =>
        examples.filter((one) => one[what].includes(place)).length;
    for (const [place, one] of tags.entries()) {
        one.n += counted("tags", place);
        one.nRejected += counted("rejected", place);
    }
    return { ...here, tags, examples: [...here.examples, ...examples] };
}

/**
 * As the settings keep it, beside what came with another file of the tagger: of a picture in both, what is said here.
 * @param {TrainingColumns} set @param {unknown} kept what is packed already; of another network it is of no use any more
 */
export function packBeside(set, kept) {
    const packed = packMoved(set);
    const before = movedIn({ moved: kept });
    if (before?.backbone !== packed.backbone || before.n_features !== packed.n_features) return packed;
    const [here, others] = [unpackMoved(packed, null), unpackMoved(kept, null, FIRST_ID - packed.n)];
    if (!here || !others) return packed;
    const both = withMoved(here.examples, others.examples);
    const embeddings = embeddingsWith(here.embeddings, others.embeddings, both.examples);
    const none = { files: new Uint32Array(), names: [], scales: new Float32Array(), vectors: new Int8Array() };
    return packMoved(columnsOf(both, embeddings, none, { backbone: { ...set.backbone, nFeatures: set.n_features } }));
}

/** Of these examples, what a store has and what came, one after the other. @param {Embeddings} here @param {Embeddings} moved @param {readonly Example[]} examples */
export function embeddingsWith(here, moved, examples) {
    const wanted = new Set(examples.map(({ file }) => file));
    const nFeatures = moved.scales.length > 0 ? moved.vectors.length / moved.scales.length : 0;
    const some = Array.from(moved.files.keys()).filter((at) => wanted.has(moved.files[at] ?? 0));
    const vectors = new Int8Array(here.vectors.length + some.length * nFeatures);
    vectors.set(here.vectors);
    for (const [idx, at] of some.entries()) {
        const row = moved.vectors.subarray(at * nFeatures, (at + 1) * nFeatures);
        vectors.set(row, here.vectors.length + idx * nFeatures);
    }
    return {
        files: Uint32Array.from([...here.files, ...some.map((at) => moved.files[at] ?? 0)]),
        names: [...here.names, ...some.map((at) => moved.names[at] ?? "")],
        scales: Float32Array.from([...here.scales, ...some.map((at) => moved.scales[at] ?? 0)]),
        vectors,
    };
}

/** @param {Example} example */
const hashOf = ({ sha256 }) => sha256.join();

/** @param {unknown} value @param {number} most @returns {value is number} */
const isCount = (value, most) =>
    Number.isSafeInteger(value) && /** @type {number} */ (value) > 0 && /** @type {number} */ (value) <= most;

/** @param {unknown} tags @returns {tags is {id: string, name: string, language?: string}[]} */
const isTags = (tags) =>
    Array.isArray(tags) &&
    tags.length <= MAX_TAGS &&
    new Set(tags.map((tag) => Object(tag).id)).size === tags.length &&
    tags.every((tag) => [Object(tag).id, Object(tag).name].every((text) => typeof text === "string" && text !== ""));

/** Null where a place is none of `n`. @param {Uint16Array} lengths @param {Uint16Array} all @param {number} n */
function lists(lengths, all, n) {
    if (sum(lengths) !== all.length || all.some((place) => place >= n)) return null;
    let at = 0;
    return Array.from(lengths, (length) => Array.from(all.subarray(at, (at += length))));
}

/** @param {Iterable<number>} numbers */
function sum(numbers) {
    let total = 0;
    for (const one of numbers) total += one;
    return total;
}

/** So many bytes are turned into text at a time. */
const CHUNK = 24_576;

/** @param {ArrayBufferView} column */
function base64({ buffer, byteOffset, byteLength }) {
    const parts = [];
    for (let at = 0; at < byteLength; at += CHUNK)
        parts.push(
            btoa(String.fromCharCode(...new Uint8Array(buffer, byteOffset + at, Math.min(CHUNK, byteLength - at)))),
        );
    return parts.join("");
}

/** @param {string} text @throws DOMException */
const bytesOf = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
