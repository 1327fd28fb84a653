/**
 * What the page says to the session in its worker: all that is kept, at its start, and after that what is new.
 * @import { Calls, Failure, Filling, Snapshot, Update } from "./protocol.js"
 * @import { Report } from "./report.d.ts"
 * @import { Session } from "./session_api.d.ts"
 */
import { failureOf } from "./protocol.js";

/** @param {Session} session @param {Filling} filling */
export function fillSession(session, { tags, adds, fails, corrections, taggings, texts = [] }) {
    if (tags) session.setStoredTags(tags);
    for (const { id, path, modified_ms: modifiedMs } of adds) session.add(id, path, modifiedMs);
    for (const { id, corrections: ofPicture } of corrections) session.correct(id, ofPicture);
    if (taggings) session.restore(taggings);
    for (const { id, code, detail } of fails) session.fail(id, code, detail);
    const known = new Map(texts.map(({ id, texts: ofPicture }) => [id, ofPicture]));
    for (const { id } of adds) session.setTexts(id, known.get(id) ?? []);
}

/** @param {Session} session @param {Update} update @returns {Snapshot} */
export function updateSession(session, update) {
    const {
        removes,
        adds,
        puts,
        fails,
        provider_puts: providerPuts,
        head_puts: headPuts,
        texts,
        corrections,
        rules,
    } = update;
    const { words, policy, ids, opened, query, list, before, isChanged } = update;
    for (const id of removes) session.remove(id);
    for (const { id, path, modified_ms: modifiedMs } of adds) session.add(id, path, modifiedMs);
    for (const { id, tagging } of puts) session.put(id, tagging);
    for (const { id, code, detail } of fails) session.fail(id, code, detail);
    for (const { id, found } of providerPuts) session.putProvider(id, found);
    for (const found of headPuts) session.putHead(found);
    for (const { id, texts: ofPicture } of texts) session.setTexts(id, ofPicture);
    for (const { id, corrections: ofPicture } of corrections) session.correct(id, ofPicture);
    if (rules) session.setRules(rules);
    const wordsFailure = words === undefined ? null : restrict(session, words);
    const count = () => ({
        summary: policy ? session.apply(policy) : session.summary(),
        found: query && session.find(query),
        listed: list && session.tagCounts(list.typed, list.n),
        change: before && session.compare(before),
    });
    return {
        counted: isChanged ? count() : null, // first: it applies the policy
        tags: session.tags(Uint32Array.from(ids)),
        details: opened === null ? null : session.details(opened),
        ...(wordsFailure && { wordsFailure }),
    };
}

/** No picture has it. */
const PASSING_ID = 0xffff_ffff;

/**
 * What is said of a picture that nobody keeps.
 * @param {Session} session @param {Calls["report_of"][0]} picture @returns {Report}
 */
export function reportOf(session, { path, tagging, policy }) {
    session.apply(policy);
    session.add(PASSING_ID, path, 0);
    try {
        session.put(PASSING_ID, tagging);
        return JSON.parse(session.reports(Uint32Array.of(PASSING_ID)))[0].report;
    } finally {
        session.remove(PASSING_ID);
    }
}

/** Of a list that cannot be nothing is in force; the one before stays. @param {Session} session @param {string | null} words @returns {Failure | null} */
function restrict(session, words) {
    try {
        session.setStrictWords(words);
        return null;
    } catch (error) {
        return failureOf(error, "words_invalid");
    }
}
