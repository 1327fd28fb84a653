/**
 * What a provider answered of a picture, as a tagging like any other, and its texts. Its run has one component, and no boxes.
 * @import { FoundTag, NewPicture, ProviderFound } from "../protocol.js"
 * @import { Library } from "./library.js"
 */
import putAsset from "../queries/put_asset.sql";
import putTagging from "../queries/put_tagging.sql";
import { bytesOfHex, packCandidates } from "./packed.js";
import { putFoundTexts } from "./texts.js";

/** Far more than any provider gives: what an answer says of itself is not believed. */
const MAX_TAGS = 1000;
/** Of a reference or a name, as queries/misfits.sql has it. */
const MAX_NAME_BYTES = 8192;
/** The device did nothing. */
export const NO_TIMINGS = JSON.stringify({ decode: 0, resize: 0, infer: 0, tags: 0 });

const encoder = new TextEncoder();

/**
 * As part of a transaction. A file that was never read gets its content, and goes on waiting for the model.
 * @param {Library} library @param {number} run @param {number} file @param {ProviderFound} found @param {NewPicture} [picture]
 * @returns {boolean} false where nothing is known of the file's content
 */
export function putFound(library, run, file, { tags, texts, language = null }, picture) {
    const { db } = library;
    const held = db.first("SELECT asset FROM file WHERE id = ?1", [file], (row) => row.realOrNull(0));
    const asset = picture ? assetOf(library, picture) : held;
    if (asset === null) return false;
    if (held === null) db.run("UPDATE file SET asset = ?2 WHERE id = ?1", [file, asset]);
    db.run(putTagging, [asset, run, 1, NO_TIMINGS, packTags(library, tags), new Uint8Array(), Date.now()]);
    putFoundTexts(library, asset, run, texts, language);
    return true;
}

/** Made where it is missing. @param {Library} library @param {NewPicture} picture */
export function assetOf({ db }, { sha256, size, facts }) {
    const { width, height, format, incomplete = false, decoder = null, taken_ms: taken = null } = facts;
    const known = db.first("SELECT id FROM asset WHERE sha256 = ?1", [bytesOfHex(sha256)], (row) => row.real(0));
    const values = [bytesOfHex(sha256), size, width, height, format, incomplete ? 1 : 0, decoder, taken];
    return known ?? /** @type {number} */ (db.first(putAsset, values, (row) => row.real(0)));
}

/** The surest first, each once. @param {Library} library @param {readonly FoundTag[]} tags */
function packTags({ tags: table }, tags) {
    /** @type {Map<number, {score: number, confidence: number}>} */
    const byId = new Map();
    const sorted = tags.filter(isSound).sort((a, b) => sureOf(b) - sureOf(a));
    for (const tag of sorted.slice(0, MAX_TAGS)) {
        const id = table.idOf(tag);
        const confidence = sureOf(tag);
        if (!byId.has(id)) byId.set(id, { score: share(tag.score ?? confidence), confidence });
    }
    const [ids, found] = [[...byId.keys()], [...byId.values()]];
    const columns = {
        tags: Uint16Array.from(ids, (_, place) => place),
        scores: Float32Array.from(found, ({ score }) => score),
        confidences: Float32Array.from(found, ({ confidence }) => confidence),
        components: new Uint8Array(found.length),
    };
    return packCandidates(columns, (place) => /** @type {number} */ (ids[place]));
}

/** @param {FoundTag} tag */
const isSound = ({ id, name }) =>
    [id, name].every((text) => text !== "" && encoder.encode(text).length <= MAX_NAME_BYTES);

/** @param {FoundTag} tag */
const sureOf = ({ confidence }) => share(confidence);

/** Sure where nothing is said; whatever is no share becomes one. @param {number | null | undefined} value */
const share = (value) => (value === null || value === undefined ? 1 : Math.min(1, Math.max(0, value || 0)));
