/**
 * When pictures are tagged that come in, and which collections own taggers learn from and tag by themselves ("Enable smart tags"): kept as settings of the
 * library, which the command line reads too.
 *
 * `smart`: only in collections with smart tags on.
 * @typedef {"always" | "smart" | "never"} WhenTagged
 * @typedef {{when: WhenTagged, smart: ReadonlySet<number>}} AsAdded
 */

/** Under which name each is kept. */
export const WHEN_KEY = "tag_as_added";
const SMART = /^smart_tags (\d+)$/;
export const smartKey = (/** @type {number} */ collection) => `smart_tags ${collection}`;

/** @param {Record<string, unknown>} settings of a library @returns {AsAdded} */
export function asAddedIn(settings) {
    const { [WHEN_KEY]: when } = settings;
    const smart = Object.entries(settings).flatMap(([name, value]) => {
        const [, collection] = SMART.exec(name) ?? [];
        return collection !== undefined && value === true ? [Number(collection)] : [];
    });
    return { when: when === "smart" || when === "never" ? when : "always", smart: new Set(smart) };
}

/** @param {AsAdded} known @param {number} collection */
export const isTaggedAsAdded = ({ when, smart }, collection) =>
    when === "always" || (when === "smart" && smart.has(collection));
