/**
 * What is compared of several taggers: which of them have looked at which pictures, what two of them say of one, and what they have cost and
 * how long they took by the request log.
 * @import { Compared, PictureSources, SourceTag, SourceTags } from "../../core/engine_api.d.ts"
 * @import { RequestRow, Run } from "../../db/protocol.js"
 * @import { Comparing } from "../provider_state.js"
 *
 * A picture that is compared; `ms`: what the model took for it, null where that is not known.
 * @typedef {PictureSources & {id: number, ms: number | null}} ComparedPicture
 * What answers of a provider came to. `units`: for the pictures compared, in the share that they are of what was asked; null where the log knows nothing
 * of them. `n_maybe`: of those the ones that may have been billed without an answer. `ms`: median of an answer, `n_each`: pictures in one.
 * @typedef {{units: number | null, n_maybe: number, ms: number | null, n_each: number}} Spent
 */

/** As the session names it. */
export const MODEL = "model";

/** Who has looked at any of them, whoever has looked at most first, and at how many. @param {readonly ComparedPicture[]} pictures @returns {{id: string, n: number}[]} */
export function sourcesIn(pictures) {
    /** @type {Map<string, number>} */
    const counts = new Map();
    for (const { sources } of pictures) for (const { from } of sources) counts.set(from, (counts.get(from) ?? 0) + 1);
    const all = Array.from(counts, ([id, n]) => ({ id, n }));
    return all.sort((a, b) => Number(b.id === MODEL) - Number(a.id === MODEL) || b.n - a.n || (a.id < b.id ? -1 : 1));
}

/** Those that every one of the chosen has looked at: figures over other pictures cannot be compared. @param {readonly ComparedPicture[]} pictures @param {readonly string[]} chosen */
export const seenByAll = (pictures, chosen) =>
    pictures.filter(({ sources }) => chosen.every((id) => sources.some(({ from }) => from === id)));

/** More make no table that people read; the core refuses them. */
const MAX_SOURCES = 20;

/** Whom to begin with: all, or fewer where no picture was seen by all of them. @param {readonly ComparedPicture[]} pictures @returns {string[]} */
export function comparedFirst(pictures) {
    const ids = sourcesIn(pictures).map(({ id }) => id);
    const chosen = ids.slice(0, MAX_SOURCES);
    while (chosen.length > 2 && seenByAll(pictures, chosen).length === 0) chosen.pop();
    return chosen;
}

/** @param {readonly ComparedPicture[]} pictures that all of them have looked at @param {readonly string[]} chosen @returns {Compared} */
export const comparedOf = (pictures, chosen) => ({
    sources: chosen.map((id) => ({
        id,
        pictures: pictures.map((picture) => ({ ...said(saidBy(picture, id)), ms: id === MODEL ? picture.ms : null })),
        n_units: 0,
    })),
    own: pictures.map(({ own }) => own && said(own)),
});

/** @param {SourceTags} source */
const said = ({ tags, above }) => ({ tags: tags.map(({ id }) => id), above });

/** @type {SourceTags} */
const NOTHING = { from: "", runs: [], tags: [], above: [] };

/** @param {PictureSources} picture @param {string} id */
const saidBy = ({ sources }, id) => sources.find(({ from }) => from === id) ?? NOTHING;

/**
 * What two of them say of a picture: both, also where one says it more exactly; and each alone.
 * @param {PictureSources} picture @param {string} a @param {string} b @returns {{both: SourceTag[], onlyA: SourceTag[], onlyB: SourceTag[]}}
 */
export function apart(picture, a, b) {
    const [one, other] = [saidBy(picture, a), saidBy(picture, b)];
    const [byOne, byOther] = [one, other].map(({ tags, above }) => new Set([...tags.map(({ id }) => id), ...above]));
    /** @type {Map<string, SourceTag>} */
    const both = new Map();
    for (const tag of one.tags) if (byOther?.has(tag.id)) both.set(tag.id, tag);
    for (const tag of other.tags) if (byOne?.has(tag.id)) both.set(tag.id, tag);
    const alone = (/** @type {SourceTags} */ { tags }) => tags.filter(({ id }) => !both.has(id));
    return { both: [...both.values()], onlyA: alone(one), onlyB: alone(other) };
}

/** The rows in which a trial was answered that was kept: of which run its answers are. @param {readonly Run[]} runs @returns {Map<number, number>} */
export const runsOfTried = (runs) =>
    new Map(runs.flatMap(({ id, tried }) => tried.map((row) => /** @type {const} */ ([row, id]))));

/**
 * By the rows of the request log, what a provider's answers to these pictures came to.
 * @param {readonly RequestRow[]} rows @param {readonly ComparedPicture[]} pictures @param {string} id @returns {Spent}
 */
export function spentOn(rows, pictures, id) {
    /** @type {Map<number, number>} */
    const wanted = new Map();
    for (const run of pictures.flatMap((picture) => saidBy(picture, id).runs))
        wanted.set(run, (wanted.get(run) ?? 0) + 1);
    let [units, nMaybe, isKnown] = [0, 0, false];
    /** @type {RequestRow[]} */
    const answered = [];
    for (const [run, n] of wanted) {
        const ofRun = rows.filter((row) => row.run === run && row.purpose === "tag");
        const answers = ofRun.filter(({ outcome }) => outcome === "answered");
        const nAnswered = sum(answers, ({ n_pictures }) => n_pictures);
        if (nAnswered === 0) continue;
        isKnown = true;
        answered.push(...answers);
        // A request that was lost has cost what it has cost for those that were answered in the end.
        const share = Math.min(1, n / nAnswered);
        nMaybe += share * sum(ofRun, ({ n_maybe }) => n_maybe);
        units += share * sum(ofRun, ({ n_billed, n_maybe }) => n_billed + n_maybe);
    }
    const times = answered.flatMap(({ sent_ms: from, ended_ms: to }) => (to === null ? [] : [to - from]));
    return {
        units: isKnown ? Math.round(units) : null,
        n_maybe: Math.round(nMaybe),
        ms: median(times),
        n_each: answered.length === 0 ? 0 : sum(answered, ({ n_pictures }) => n_pictures) / answered.length,
    };
}

/** The pictures that the two differ on, those first that they agree least on. @param {Comparing | null} now @returns {readonly ComparedPicture[]} */
export function shownPictures(now) {
    const { result, pair, nShown = 0 } = now ?? {};
    const row = result?.comparison.pairs.find(({ a, b }) => a === pair?.a && b === pair.b);
    return (row?.differing ?? []).slice(0, nShown).flatMap((position) => result?.pictures[position] ?? []);
}

/** @template T @param {readonly T[]} all @param {(one: T) => number} value */
const sum = (all, value) => all.reduce((before, one) => before + value(one), 0);

/** @param {readonly number[]} values */
function median(values) {
    if (values.length === 0) return null;
    const sorted = values.toSorted((a, b) => a - b);
    const middle = sorted.length >> 1;
    const [above = 0, below = above] = [sorted[middle], sorted[sorted.length % 2 === 0 ? middle - 1 : middle]];
    return (above + below) / 2;
}
