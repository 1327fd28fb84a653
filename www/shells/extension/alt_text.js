/**
 * Alternative texts: which pictures lack one, and a short one made of tags. Pure. A suggestion says no more than the tags do: a sentence only
 * where one thing was found, a detector counted it once, and what it is on or in is certain; else it is a list.
 * @import { Language, ReportTag } from "./messages.js"
 * @import { Called } from "./picture_name.js"
 */

/** What is at least so sure may stand in a sentence: at "sure", 95 of 100 tags are right. */
const CERTAIN = 0.92;
/** More words than these are no short text. */
const MOST_LISTED = 4;

/** Where something is, as a phrase, by the tag of the place. @type {Record<Language, Record<string, string>>} */
const PLACES = {
    en: {
        ...{ grass: "on grass", snow: "in snow", beach: "on a beach", forest: "in a forest", water: "in water" },
        ...{ street: "on a street", lake: "on a lake", sea: "at sea", city: "in a city" },
    },
    sv: {
        ...{ grass: "på gräs", snow: "i snö", beach: "på en strand", forest: "i en skog", water: "i vatten" },
        ...{ street: "på en gata", lake: "på en sjö", sea: "till havs", city: "i en stad" },
    },
};

/** What a detector counts and stands for itself, with its article: Swedish has two. @type {Record<Language, Record<string, string>>} */
const THINGS = {
    en: {
        ...{ person: "a person", dog: "a dog", cat: "a cat", bird: "a bird", horse: "a horse", sheep: "a sheep" },
        ...{ cow: "a cow", elephant: "an elephant", bear: "a bear", zebra: "a zebra", giraffe: "a giraffe" },
        ...{ bicycle: "a bicycle", car: "a car", motorcycle: "a motorcycle", bus: "a bus", truck: "a truck" },
        ...{ boat: "a boat", bench: "a bench" },
    },
    sv: {
        ...{
            person: "en person",
            dog: "en hund",
            cat: "en katt",
            bird: "en fågel",
            horse: "en häst",
            sheep: "ett får",
        },
        ...{ cow: "en ko", elephant: "en elefant", bear: "en björn", zebra: "en zebra", giraffe: "en giraff" },
        ...{ bicycle: "en cykel", car: "en bil", motorcycle: "en motorcykel", bus: "en buss", truck: "en lastbil" },
        ...{ boat: "en båt", bench: "en bänk" },
    },
};

/**
 * Whether a picture needs an alternative text and has none. Whether it is decoration, its page decides; a background or a canvas counts where
 * its page calls it an image.
 * @param {string} kind @param {Called} called
 */
export const lacksAlternative = (kind, { name, isDecoration, isImage }) =>
    (kind === "img" || isImage) && !isDecoration && name === "";

/**
 * A suggestion; "" where there are no tags.
 * @param {readonly Pick<ReportTag, "id" | "name" | "confidence" | "count">[]} tags the surest first @param {Language} language
 */
export function suggestedAlternative(tags, language) {
    return (
        sentence(tags, language) ??
        tags
            .slice(0, MOST_LISTED)
            .map(({ name }) => name)
            .join(", ")
    );
}

/** @param {Parameters<typeof suggestedAlternative>[0]} tags @param {Language} language */
function sentence(tags, language) {
    const counted = tags.filter(({ count }) => count !== undefined);
    const places = tags.filter(({ id }) => Object.hasOwn(PLACES[language], id));
    const [thing, place] = [counted[0], places[0]];
    if (!thing || !place || counted.length > 1 || places.length > 1 || thing.count !== 1) return null;
    if (thing.confidence < CERTAIN || place.confidence < CERTAIN) return null;
    if (!Object.hasOwn(THINGS[language], thing.id)) return null;
    return `${THINGS[language][thing.id]} ${PLACES[language][place.id]}`;
}

/** For text and attributes in double quotes. @param {string} text */
export const escaped = (text) =>
    text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** An `img` with its text, to be pasted into a page's source. @param {string} address @param {string} alt */
export const asHtml = (address, alt) => `<img src="${escaped(address)}" alt="${escaped(alt)}" />`;

/**
 * A report of the pictures of a page that lack one, as Markdown that is plain text too.
 * @param {{address: string, suggestion: string}[]} pictures
 * @param {{title: string, page: string, picture: string, suggestion: string, check: string}} words
 */
export function missingReport(pictures, words) {
    const entries = pictures.map(
        ({ address, suggestion }, idx) =>
            `${idx + 1}. ${words.picture}: ${oneLine(address)}\n   ${words.suggestion}: ${oneLine(suggestion) || "–"}`,
    );
    return `${[`# ${words.title}`, oneLine(words.page), words.check, entries.join("\n")].join("\n\n")}\n`;
}

/** An address or a name may have anything in it. @param {string} text */
const oneLine = (text) => text.replace(/\s+/g, " ").trim();
