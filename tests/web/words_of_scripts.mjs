/** Free words of many scripts, the same every time: each of letters of one script, with what can be typed between and above them. */
import assert from "node:assert/strict";

const SCRIPTS =
    "Latin Greek Cyrillic Armenian Hebrew Arabic Syriac Thaana Nko Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu Kannada Malayalam Sinhala Thai Lao Tibetan Myanmar Georgian Hangul Ethiopic Cherokee Canadian_Aboriginal Khmer Mongolian Hiragana Katakana Bopomofo Han Yi Tifinagh Balinese Javanese Vai Adlam".split(
        " ",
    );
/** So many letters of a script are enough for its words. */
const N_LETTERS = 300;

/** @param {number} n @returns {{name: string, script: string}[]} all different */
export function wordsOfScripts(n) {
    assert.equal(new Set(SCRIPTS).size, 40);
    const words = /** @type {Map<string, string>} */ (new Map());
    let at = 40;
    const below = (/** @type {number} */ n) => {
        at = (Math.imul(at, 1_664_525) + 1_013_904_223) >>> 0;
        return Math.floor((at / 2 ** 32) * n);
    };
    const letters = new Map(SCRIPTS.map((script) => [script, lettersOf(script)]));
    for (let idx = 0; words.size < n; idx++) {
        const script = /** @type {string} */ (SCRIPTS[idx % SCRIPTS.length]);
        const some = letters.get(script) ?? [];
        const word = Array.from({ length: 2 + below(7) }, () => some[below(some.length)]);
        if (below(5) === 0) word.splice(1 + below(word.length - 1), 0, [" ", "-", "'", "\u200d"][below(4)]);
        words.set(word.join("").normalize("NFC"), script);
    }
    return Array.from(words, ([name, script]) => ({ name, script }));
}

/** @param {string} script */
function lettersOf(script) {
    const isOne = new RegExp(`^[\\p{Script=${script}}&&[\\p{L}]]$`, "v");
    const found = [];
    for (let code = 0x41; code < 0x1f000 && found.length < N_LETTERS; code++) {
        const letter = String.fromCodePoint(code);
        if (isOne.test(letter)) found.push(letter);
    }
    assert.ok(found.length >= 20, `${found.length} letters of ${script}`);
    return found;
}
