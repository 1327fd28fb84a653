/**
 * The self-test's verdict, as pure functions: what was found held against what the build says must be found.
 * @import { Tag, Timings } from "../core/engine_api.d.ts"
 * @import { Variant } from "../core/engine.js"
 * @import { Failure } from "../core/protocol.js"
 *
 * The file that comes with the build.
 * @typedef {{name: string, model: string, tolerance: number, tags: {id: string, confidence: number}[]}} Expected
 * @typedef {{pipeline: number, pictures: Expected[]}} Expectations
 *
 * One picture in one build of the engine. `expected` and `found` are the tag that matters: the first, or the one that is furthest off.
 * `name` is the tag's, in the person's language, where the vocabulary has it.
 * @typedef {{
 *   picture: string, variant: Variant, holds: boolean, tag: string, name: string, expected: number, found: number, difference: number,
 *   tolerance: number, timings_ms: Timings }} Row
 *
 * A build of the engine that gave no answers, or whose pipeline or model is not the expected one.
 * @typedef {{variant: Variant, failure: Failure}} Skipped
 * @typedef {{rows: readonly Row[], skipped: readonly Skipped[], inUse: Variant}} Outcome
 */
import { CodedError } from "../core/protocol.js";

/** @param {unknown} json @returns {Expectations} */
export function parseExpectations(json) {
    const { pipeline, pictures } = /** @type {Partial<Expectations>} */ (Object(json));
    const isPicture = (/** @type {Partial<Expected>} */ { name, tolerance, tags }) =>
        typeof name === "string" && typeof tolerance === "number" && Array.isArray(tags) && tags.length > 0;
    if (
        typeof pipeline !== "number" ||
        !Array.isArray(pictures) ||
        pictures.length === 0 ||
        !pictures.every((one) => isPicture(Object(one)))
    ) {
        throw new CodedError("self_test_missing", "self_test.json names no pictures.");
    }
    return { pipeline, pictures };
}

/**
 * @param {Expected} expected @param {Variant} variant @param {Pick<Tag, "id" | "name" | "confidence">[]} tags all that the picture may have
 * @param {Timings} timingsMs @returns {Row}
 */
export function compareRow({ name: picture, tags: wanted, tolerance }, variant, tags, timingsMs) {
    const offs = wanted.map(({ id, confidence }) => {
        const tag = tags.find((one) => one.id === id);
        const found = tag?.confidence ?? 0;
        return {
            tag: id,
            name: tag?.name ?? id,
            expected: confidence,
            found,
            difference: Math.abs(found - confidence),
        };
    });
    const furthest = offs.reduce((one, other) => (other.difference > one.difference ? other : one));
    const holds = furthest.difference <= tolerance;
    const shown = /** @type {typeof furthest} */ (holds ? offs[0] : furthest);
    return { picture, variant, holds, ...shown, difference: furthest.difference, tolerance, timings_ms: timingsMs };
}

/**
 * `same`: every build of the engine that runs here gives the expected answers. `same_in_use`: the one in use does, another could not be
 * tried. `other`: something differs, or the one in use gave no answers.
 * @param {Outcome} outcome @returns {"same" | "same_in_use" | "other"}
 */
export function verdict({ rows, skipped, inUse }) {
    if (rows.some(({ holds }) => !holds) || !rows.some(({ variant }) => variant === inUse)) return "other";
    if (skipped.some(({ failure }) => failure.code !== "engine_unreachable")) return "other";
    return skipped.length > 0 ? "same_in_use" : "same";
}

/** For a report to somebody else: plain text, in English and with full figures. @param {Outcome} outcome @param {string[]} facts */
export function toText(outcome, facts) {
    const ms = (/** @type {number} */ value) => value.toFixed(1);
    /** @param {Row} row */
    const line = ({
        picture,
        variant,
        holds,
        tag,
        expected,
        found,
        difference,
        tolerance,
        timings_ms: { decode, resize, infer },
    }) => {
        const scores = [expected, found, difference].map((score) => score.toFixed(5));
        return [
            picture,
            variant,
            holds ? "ok" : "DIFFERS",
            tag,
            ...scores,
            tolerance,
            ms(decode),
            ms(resize),
            ms(infer),
        ].join("\t");
    };
    const head = "picture\tengine\tresult\ttag\texpected\tfound\tdifference\ttolerance\tdecode ms\tresize ms\tinfer ms";
    const skipped = outcome.skipped.map(({ variant, failure }) => `${variant}: ${failure.code}: ${failure.detail}`);
    return [`Tagsmith self-test: ${verdict(outcome)}`, ...facts, head, ...outcome.rows.map(line), ...skipped, ""].join(
        "\n",
    );
}
