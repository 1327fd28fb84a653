/**
 * What a picture is trained by; and where the library knows nothing of its file yet, what it has to know to keep that. Runs in a tagger's worker.
 * @import { Limits, Tagger } from "./engine_api.d.ts"
 * @import { EmbeddedReply } from "./protocol.js"
 */
import { hashOf, readFile, withDecoding } from "./reading.js";
import { factsOf } from "./shrink.js";
import { encodeThumbnail } from "./thumbnail.js";

/**
 * @param {Tagger} tagger @param {Blob} file @param {{is_square: boolean, is_unread: boolean}} how
 * @param {{limits: Limits, wait: (isWaiting: boolean) => void}} within @returns {Promise<EmbeddedReply>}
 */
export async function embedFile(tagger, file, { is_square: isSquare, is_unread: isUnread }, { limits, wait }) {
    const bytes = await readFile(file, limits);
    const hashing = isUnread ? hashOf(bytes) : null; // on a thread of the browser's, while this one decodes
    const { square, facts, ...embedded } = await withDecoding(
        { bytes, limits, wait },
        () => ({
            ...tagger.embedViews(bytes, limits, isSquare),
            facts: isUnread ? factsOf(bytes, limits) : null,
        }),
        ({ pixels, width, height, format }) => ({
            ...tagger.embedViewsPixels(pixels, limits),
            facts: { width, height, format, decoder: /** @type {const} */ ("browser") },
        }),
    );
    const picture = hashing && facts ? { sha256: await hashing, size: file.size, facts } : null;
    return { ...embedded, square: await encodeThumbnail(square), picture };
}
