/**
 * What files belong to a model, by their names and what is in them.
 * @import { FoundFile } from "../platform/platform.d.ts"
 *
 * `others`: what lies beside it, in the order it came; what each says the engine reads.
 * @typedef {{onnx: File[], card: string | null, vocabulary: string | null, others: File[]}} ModelFiles
 */

const ONNX = /\.onnx$/i;
/** What lies beside a model: texts, and weights. */
const COMPANION = /\.(json|txt|csv|tsv|names|labels|ya?ml|pbtxt|manifest|data|bin|weights)$|\.onnx[._]data\w*$/i;
/** What is never a picture, whatever it lies beside: models that other programs run, and parts of one. */
const OTHER_MODEL = /\.(ort|pth?|ckpt|safetensors|h5|keras|pb|tflite|mlmodel|mlpackage|engine|gguf)$/i;
const PART = /\.onnx[._]data\w*$|\.data$|\.ya?ml$|\.manifest$|\.pbtxt$/i;
const ZIP = /\.zip$/i;
/** No card, vocabulary or list of labels is larger. */
const MAX_TEXT_BYTES = 16e6;
/** A ZIP's list of contents is at its end. */
const ZIP_END_BYTES = 1 << 16;

/**
 * Parts what belongs to a model from the rest. Text files do only beside an ONNX file, or where one is being asked about; what can be
 * nothing else always does.
 * @param {readonly FoundFile[]} found @param {boolean} isAsked @param {readonly string[]} [missing] names that a model waits for
 * @returns {{modelFiles: File[], others: FoundFile[]}}
 */
export function partition(found, isAsked, missing = []) {
    const isModelHere = isAsked || found.some(({ file }) => ONNX.test(file.name));
    /** @type {{modelFiles: File[], others: FoundFile[]}} */
    const groups = { modelFiles: [], others: [] };
    for (const one of found) {
        const { name } = one.file;
        const isAlone = !one.path.includes("/") && (OTHER_MODEL.test(name) || PART.test(name));
        const belongs = isModelHere && (ONNX.test(name) || COMPANION.test(name) || missing.includes(name));
        if (belongs || isAlone) groups.modelFiles.push(one.file);
        else groups.others.push(one);
    }
    return groups;
}

/** Whether a file is a network that another program runs. @param {File} file */
export const isOtherModel = ({ name }) => OTHER_MODEL.test(name);

/** @param {File} file */
export const isZip = ({ name }) => ZIP.test(name);

/** Whether a file is a ZIP that holds an ONNX file, by its list of contents. @param {File} file */
export async function isZippedModel(file) {
    if (!isZip(file)) return false;
    const end = new Uint8Array(await file.slice(Math.max(0, file.size - ZIP_END_BYTES)).arrayBuffer());
    return /\.onnx/i.test(new TextDecoder("latin1").decode(end));
}

/** @param {readonly File[]} files @returns {Promise<ModelFiles>} */
export async function classify(files) {
    /** @type {ModelFiles} */
    const found = { onnx: files.filter(({ name }) => ONNX.test(name)), card: null, vocabulary: null, others: [] };
    for (const file of files) {
        if (ONNX.test(file.name) || isOtherModel(file)) continue;
        const kind = /\.json$/i.test(file.name) && file.size <= MAX_TEXT_BYTES ? jsonKind(await file.text()) : null;
        if (kind?.card) found.card = kind.card;
        else if (kind?.vocabulary) found.vocabulary = kind.vocabulary;
        else found.others.push(file);
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
