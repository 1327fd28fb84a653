/** Results for many pictures: those of the golden ones, varied a little. */
import { startTagger } from "./engines.js";

/** @param {Record<string, string>} names @param {string[]} golden @param {number} n @returns {Promise<{puts: {id: number, tagging: any}[], adds: {id: number, path: string, modified_ms: number}[]}>} */
export async function makeResults(names, golden, n) {
    const tagger = await startTagger(names);
    /** @type {any[]} */
    const real = [];
    for (const url of golden) {
        const { thumbnail, ...tagging } = await tagger.tag(await (await fetch(url)).blob());
        real.push(tagging);
    }
    tagger.stop();
    const ids = Array.from({ length: n }, (_, id) => id);
    return {
        adds: ids.map((id) => ({ id, path: `holidays/picture ${id}.jpg`, modified_ms: id })),
        puts: ids.map((id) => ({ id, tagging: vary(real[id % real.length], id) })),
    };
}

/** An update of the session in which nothing is new. */
export const NOTHING = {
    removes: [],
    adds: [],
    puts: [],
    fails: [],
    provider_puts: [],
    texts: [],
    corrections: [],
    rules: null,
    policy: null,
    ids: [],
    opened: null,
    query: null,
    list: null,
    before: null,
    isChanged: true,
};

/**
 * Another picture much like this one: the confidences moved a little, their order kept as the engine gives it, highest first.
 * @param {any} tagging @param {number} seed
 */
function vary(tagging, seed) {
    const share = 0.8 + (0.2 * ((seed * 7919) % 1000)) / 1000;
    const confidences = tagging.confidences.map((/** @type {number} */ score, /** @type {number} */ idx) =>
        Math.min(1, score * share * (1 + 0.0001 * (((seed + idx) * 31) % 10))),
    );
    return { ...tagging, sha256: seed.toString(16).padStart(64, "0"), confidences: confidences.sort().reverse() };
}
