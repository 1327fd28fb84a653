/**
 * Pictures to learn from, as the trainer takes them: made of what the store says of files, and of their embeddings.
 * @import { BackboneRef, TrainingColumns } from "../../core/train_api.d.ts"
 * @import { Embeddings, ExampleFiles } from "../../db/own_protocol.js"
 * @import { TaughtTag } from "../own_state.js"
 *
 * An example: places of its tags in those of the set.
 * @typedef {{file: number, tags: number[], rejected: number[], side: number, sha256: Uint8Array}} Example
 * @typedef {{tags: readonly TaughtTag[], unlearnt: readonly TaughtTag[], examples: readonly Example[], toEmbed: readonly number[], unseen: readonly number[]}} Examples
 *   `unlearnt`: tags of these pictures that somebody gave, and that the tagger is not to learn; `toEmbed`: files of which an embedding, or a view, is missing; `unseen`: those that have no embedding, and are nothing to learn from until they have
 */

/** The views of a picture besides itself, by their names in the library. */
export const VIEW_NAMES = ["mirror"];
/** Bits of `ExampleFiles.views`. */
const ITSELF = 1;
const ALL_VIEWS = ITSELF | 2;
export const SQUARE = 4;
/** @type {Embeddings} */
export const NONE = { files: new Uint32Array(), names: [], scales: new Float32Array(), vectors: new Int8Array() };

/**
 * The pictures of which a person said something about a tag that is learnt, with what they said.
 * @param {ExampleFiles} files @param {readonly string[] | null} wanted ids of tags; null for all that were given
 * @returns {Examples}
 */
export function examplesOf(files, wanted) {
    const isWanted = wanted && new Set(wanted);
    /** Of the tags in the store's order; what nobody has given, nobody can learn. */
    const nGiven = counted(files.given, files.tags.length);
    const nRejected = counted(files.rejected, files.tags.length);
    /** @type {Map<number, number>} */
    const places = new Map();
    /** @type {TaughtTag[]} */
    const tags = [];
    /** @type {TaughtTag[]} */
    const unlearnt = [];
    for (const [place, { id, name, language }] of files.tags.entries()) {
        const n = nGiven[place] ?? 0;
        if (n === 0) continue;
        const taught = { tag: { id, name, ...(language && { language }) }, n, nRejected: nRejected[place] ?? 0 };
        if (isWanted?.has(id) === false) unlearnt.push(taught);
        else places.set(place, tags.push(taught) - 1);
    }
    const all = examplesIn(files, places).map((example, idx) => ({ example, views: files.views[idx] ?? 0 }));
    const taught = all.filter(({ example }) => example.tags.length + example.rejected.length > 0);
    const lacking = (/** @type {number} */ bits) =>
        taught.flatMap(({ example, views }) => ((views & bits) === bits ? [] : [example.file]));
    const examples = taught.map(({ example }) => example);
    return { tags, unlearnt, examples, toEmbed: lacking(ALL_VIEWS), unseen: lacking(ITSELF) };
}

/**
 * What somebody said of pictures since a set was read, in its tags; null where they gave a tag that is to be learnt, and is not in it.
 * @param {ExampleFiles} said @param {Examples} set @param {readonly string[] | null} wanted as in {@link examplesOf} @returns {Examples | null}
 */
export function saidSince(said, { tags, unlearnt }, wanted) {
    const known = new Map(tags.map(({ tag }, place) => [tag.id, place]));
    const given = new Set(said.given);
    /** @type {Map<number, number>} */
    const places = new Map();
    for (const [place, { id }] of said.tags.entries()) {
        const at = known.get(id);
        if (at !== undefined) places.set(place, at);
        else if (given.has(place) && wanted?.includes(id) !== false) return null;
    }
    return { tags, unlearnt, examples: examplesIn(said, places), toEmbed: [], unseen: [] };
}

/** @param {ExampleFiles} files @param {ReadonlyMap<number, number>} places of the tags that are learnt, by those in `files.tags` @returns {Example[]} */
function examplesIn(files, places) {
    const given = lists(files.given_lengths, files.given);
    const rejected = lists(files.rejected_lengths, files.rejected);
    const learnt = (/** @type {readonly number[]} */ list = []) =>
        list.flatMap((place) => places.get(place) ?? []).sort((one, other) => one - other);
    return Array.from(files.files, (file, idx) => ({
        ...{ file, tags: learnt(given[idx]), rejected: learnt(rejected[idx]) },
        ...{ side: files.sides[idx] ?? 0, sha256: files.sha256s.subarray(32 * idx, 32 * idx + 32) },
    }));
}

/**
 * The set by columns. Examples without an embedding are left out.
 * @param {Examples} set @param {Embeddings} embeddings of its files @param {Embeddings} others @param {{backbone: BackboneRef & {nFeatures: number}}} of
 * @returns {TrainingColumns}
 */
export function columnsOf({ tags, examples }, embeddings, others, { backbone: { id, version, nFeatures } }) {
    const nViews = new Map();
    for (const file of embeddings.files) nViews.set(file, (nViews.get(file) ?? 0) + 1);
    const known = new Map(examples.map((example) => [example.file, example]));
    // In the order of the embeddings, which have the views of a picture one after the other.
    const here = [...nViews.keys()].flatMap((file) => known.get(file) ?? []);
    const sha256s = new Uint8Array(32 * here.length);
    for (const [idx, { sha256 }] of here.entries()) sha256s.set(sha256, 32 * idx);
    return {
        ...{ backbone: { id, version }, n_features: nFeatures, tags: tags.map(({ tag }) => tag) },
        ...{ ids: Uint32Array.from(here, ({ file }) => file), sha256s },
        sides: Uint32Array.from(here, ({ side }) => side),
        n_views: Uint8Array.from(here, ({ file }) => nViews.get(file) ?? 0),
        views: { scales: embeddings.scales, vectors: embeddings.vectors },
        n_given: Uint16Array.from(here, (example) => example.tags.length),
        given: Uint16Array.from(here.flatMap((example) => example.tags)),
        n_rejected: Uint16Array.from(here, ({ rejected }) => rejected.length),
        rejected: Uint16Array.from(here.flatMap(({ rejected }) => rejected)),
        other_ids: others.files,
        others: { scales: others.scales, vectors: others.vectors },
    };
}

/** @param {Uint32Array} lengths @param {Uint32Array} all @returns {number[][]} */
function lists(lengths, all) {
    let at = 0;
    return Array.from(lengths, (length) => Array.from(all.subarray(at, (at += length))));
}

/** @param {Uint32Array} places @param {number} n @returns {number[]} how often each place is in them */
function counted(places, n) {
    const counts = Array.from({ length: n }, () => 0);
    for (const place of places) counts[place] = (counts[place] ?? 0) + 1;
    return counts;
}
