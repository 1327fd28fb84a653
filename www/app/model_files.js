/**
 * What files belong to a model, by their names and what is in them.
 * @import { FoundFile } from "../platform/platform.d.ts"
 *
 * @typedef {{onnx: File[], card: string | null, vocabulary: string | null, labels: File | null}} ModelFiles
 */

const ONNX = /\.onnx$/i;
const COMPANION = /\.(json|txt|csv|tsv|names|labels)$/i;
/** No card, vocabulary or list of labels is larger. */
const MAX_TEXT_BYTES = 16e6;

/**
 * Parts what belongs to a model from the rest. Text files do only beside an ONNX file, or where one is being asked about.
 * @param {readonly FoundFile[]} found @param {boolean} isAsked @returns {{modelFiles: File[], others: FoundFile[]}}
 */
export function partition(found, isAsked) {
    const isModelHere = isAsked || found.some(({ file }) => ONNX.test(file.name));
    /** @type {{modelFiles: File[], others: FoundFile[]}} */
    const groups = { modelFiles: [], others: [] };
    for (const one of found) {
        const belongs = isModelHere && (ONNX.test(one.file.name) || COMPANION.test(one.file.name));
        if (belongs) groups.modelFiles.push(one.file);
        else groups.others.push(one);
    }
    return groups;
}

/** @param {readonly File[]} files @returns {Promise<ModelFiles>} */
export async function classify(files) {
    /** @type {ModelFiles} */
    const found = { onnx: files.filter(({ name }) => ONNX.test(name)), card: null, vocabulary: null, labels: null };
    for (const file of files) {
        if (ONNX.test(file.name)) continue;
        const kind = /\.json$/i.test(file.name) && file.size <= MAX_TEXT_BYTES ? jsonKind(await file.text()) : null;
        if (kind?.card) found.card = kind.card;
        else if (kind?.vocabulary) found.vocabulary = kind.vocabulary;
        else found.labels ??= file;
    }
    // The one that the card names comes first.
    const named = found.card === null ? null : JSON.parse(found.card).model.file;
    found.onnx.sort((a, b) => Number(b.name === named) - Number(a.name === named));
    return found;
}

/** Whether this is a card or a vocabulary; what is wrong in it the engine will say. @param {string} json */
function jsonKind(json) {
    try {
        const value = JSON.parse(json);
        if (typeof value?.model?.file === "string" && value.input) return { card: json };
        if (Array.isArray(value?.tags) && Array.isArray(value?.classes)) return { vocabulary: json };
    } catch {
        // A list of labels may be called .json and be anything.
    }
    return null;
}
