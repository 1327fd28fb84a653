/** Asking about many pictures a few at a time, so that no answer holds up the page. */

/** So many pictures' tags arrive in a few milliseconds. */
const CHUNK_SIZE = 250;

/**
 * What is said of each picture, in their order.
 * @template T @param {readonly number[]} ids @param {(some: number[]) => Promise<T[]>} ask @returns {AsyncGenerator<T>}
 */
export async function* inChunks(ids, ask) {
    for (let first = 0; first < ids.length; first += CHUNK_SIZE) yield* await ask(ids.slice(first, first + CHUNK_SIZE));
}
