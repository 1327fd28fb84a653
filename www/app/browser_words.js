/**
 * The words that the browser's own model may answer with: names of the vocabulary in force, as far as it may show them, the likeliest
 * first. More than these make a question too long for a small model. Pure.
 *
 * @typedef {{id: string, names: Record<string, string>, category?: string, heading?: boolean}} Word of vocabulary.json
 */

/** Two questions for each picture. */
const MAX_WORDS = 300;

/**
 * @param {string} vocabulary as JSON, read by the session before
 * @param {{language: string, allow: readonly string[], deny: readonly string[], frequent: readonly {id: string}[]}} how
 *   `frequent`: what is on most pictures already
 */
export function modelWords(vocabulary, { language, allow, deny, frequent }) {
    /** @type {{tags: Word[]}} */
    const { tags } = JSON.parse(vocabulary);
    const isIn = (/** @type {readonly string[]} */ list, /** @type {Word} */ { id, category }) =>
        list.includes(id) || list.includes(`category:${category ?? ""}`);
    const shown = tags.filter((tag) => !tag.heading && !isIn(deny, tag) && (allow.length === 0 || isIn(allow, tag)));
    const rank = new Map(frequent.map(({ id }, idx) => [id, idx]));
    const rankOf = (/** @type {Word} */ { id }) => rank.get(id) ?? frequent.length;
    const sorted = shown.sort((one, other) => rankOf(one) - rankOf(other));
    const names = sorted.map(({ id, names }) => names[language] ?? names["en"] ?? id);
    return [...new Set(names)].slice(0, MAX_WORDS);
}
