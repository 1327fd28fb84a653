/**
 * What the stand-in says of a picture: the same for the same bytes, another for others. Some of the words are in the vocabulary of the
 * bundled model, some are not.
 */
import { createHash } from "node:crypto";

/** In English and Swedish. */
const WORDS = [
    ["dog", "hund"],
    ["cat", "katt"],
    ["beach", "strand"],
    ["mountain", "berg"],
    ["tree", "träd"],
    ["flower", "blomma"],
    ["car", "bil"],
    ["boat", "båt"],
    ["bird", "fågel"],
    ["bridge", "bro"],
    ["church", "kyrka"],
    ["sunset", "solnedgång"],
    ["food", "mat"],
    ["person", "person"],
    ["snow", "snö"],
    ["lighthouse", "fyr"],
    ["harbour", "hamn"],
    ["meadow", "äng"],
    ["picnic", "picknick"],
    ["birthday party", "födelsedagskalas"],
    ["reflection", "spegling"],
    ["long exposure", "lång exponering"],
    ["still life", "stilleben"],
    ["golden hour", "gyllene timmen"],
];

/** @param {Uint8Array} bytes */
export const sha256Of = (bytes) => createHash("sha256").update(bytes).digest("hex");

/**
 * Five tags, the surest first, between 0.5 and 1.
 * @param {Uint8Array} bytes @param {string} [language] Swedish, or else English @returns {{name: string, confidence: number}[]}
 */
export function tagsOf(bytes, language = "en") {
    const hash = createHash("sha256").update(bytes).digest();
    const names = new Set();
    for (let idx = 0; names.size < 5; idx++) {
        const pair = WORDS[/** @type {number} */ (hash[idx % hash.length] ?? 0) % WORDS.length] ?? WORDS[idx];
        names.add((pair ?? ["dog", "hund"])[language === "sv" ? 1 : 0]);
        if (idx >= hash.length) names.add(WORDS[idx % WORDS.length]?.[language === "sv" ? 1 : 0]);
    }
    return [...names].map((name, idx) => ({ name, confidence: (99 - idx * 10 - (hash[idx] ?? 0) / 64) / 100 }));
}

/** What a language model would write: tags without numbers, and texts. @param {Uint8Array} bytes */
export function textsOf(bytes) {
    const tags = tagsOf(bytes).map(({ name }) => name);
    const [first = "", second = ""] = tags;
    return {
        tags,
        title: `A ${first}`,
        description: `A picture of a ${first} with a ${second}.`,
        alt_text: `A ${first} beside a ${second}`,
    };
}
