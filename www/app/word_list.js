/**
 * A list of one's own words, changed: each function gives a new list, and leaves no word or rule pointing at one that is gone.
 * @import { StrictWord, StrictWords, TagRef } from "../core/engine_api.d.ts"
 */

/** Words that are not there yet. @param {StrictWords} list @param {readonly StrictWord[]} words @returns {StrictWords} */
export function withWords(list, words) {
    const known = new Set(list.words.map(({ id }) => id));
    return { ...list, words: [...list.words, ...words.filter(({ id }) => !known.has(id))] };
}

/** @param {StrictWords} list @param {readonly string[]} ids @returns {StrictWords} */
export function withoutWords(list, ids) {
    const gone = new Set(ids);
    const words = list.words
        .filter(({ id }) => !gone.has(id))
        .map((word) =>
            withParents(
                word,
                (word.parents ?? []).filter((parent) => !gone.has(parent)),
            ),
        );
    return withRules(
        { ...list, words },
        (list.rules ?? []).filter(({ into }) => into === null || !gone.has(into)),
    );
}

/**
 * Makes one of two words: what was called as the other is the one, and what lay below it lies below that.
 * @param {StrictWords} list @param {string} one the id of the word that stays @param {string} other @returns {StrictWords}
 */
export function withOneOf(list, one, other) {
    const stays = list.words.find(({ id }) => id === one);
    const goes = list.words.find(({ id }) => id === other);
    if (!stays || !goes || one === other) return list;
    const called = [...(stays.aliases ?? []), goes.name, ...Object.values(goes.names ?? {}), ...(goes.aliases ?? [])];
    const aliases = [...new Set(called)].filter((name) => name !== stays.name).slice(0, 100);
    const ids = [...new Set([...(stays.ids ?? []), ...(goes.ids ?? [])])].slice(0, 100);
    const words = list.words
        .filter(({ id }) => id !== other)
        .map((word) =>
            word.id === one
                ? { ...word, ...(aliases.length > 0 && { aliases }), ...(ids.length > 0 && { ids }) }
                : word,
        )
        .map((word) => {
            const parents = (word.parents ?? []).flatMap((parent) =>
                parent !== other ? [parent] : word.id === one ? (goes.parents ?? []) : [one],
            );
            return withParents(
                word,
                [...new Set(parents)].filter((parent) => parent !== word.id),
            );
        });
    const rules = (list.rules ?? []).map((rule) => (rule.into === other ? { ...rule, into: one } : rule));
    return withRules({ ...list, words }, rules);
}

/** What a tag shows as from now on; null for nothing. @param {StrictWords} list @param {TagRef} tag @param {string | null} into @returns {StrictWords} */
export const withRule = (list, tag, into) =>
    withRules(list, [...(list.rules ?? []).filter((rule) => rule.tag.id !== tag.id), { tag, into }]);

/** @param {StrictWords} list @param {string} id of the tag @returns {StrictWords} */
export const withoutRule = (list, id) =>
    withRules(
        list,
        (list.rules ?? []).filter((rule) => rule.tag.id !== id),
    );

/** A new list in place of another: rules go along as far as they still point at a word. @param {StrictWords | undefined} before @param {StrictWords} after @returns {StrictWords} */
export function inPlaceOf(before, after) {
    const known = new Set(after.words.map(({ id }) => id));
    const said = new Set((after.rules ?? []).map(({ tag }) => tag.id));
    const kept = (before?.rules ?? []).filter(
        ({ tag, into }) => !said.has(tag.id) && (into === null || known.has(into)),
    );
    return withRules(after, [...kept, ...(after.rules ?? [])]);
}

/** The document leaves out what is empty. @param {StrictWord} word @param {string[]} parents @returns {StrictWord} */
function withParents({ parents: _, ...word }, parents) {
    return parents.length > 0 ? { ...word, parents } : word;
}

/** @param {StrictWords} list @param {NonNullable<StrictWords["rules"]>} rules @returns {StrictWords} */
function withRules({ rules: _, ...list }, rules) {
    return rules.length > 0 ? { ...list, rules } : list;
}
