/**
 * A model that a person brings. With card and vocabulary, or known to the catalog, it is tried out, kept and used; otherwise a form asks
 * for what its file does not tell. Nothing that is in place changes before it has run on a picture.
 * @import { Context } from "../context.js"
 * @import { ModelActions } from "./models.js"
 * @import { ImportChoices, ModelDraft, NormalisationPreset } from "../../core/engine_api.d.ts"
 * @import { Model } from "../../core/engine.js"
 * @import { Failure } from "../../core/protocol.js"
 * @import { ModelFiles } from "../model_files.js"
 * @import { CustomModel, FormSection } from "../state.js"
 */
import { CodedError, failureOf } from "../../core/protocol.js";
import { classify, isOtherModel, isZip } from "../model_files.js";
import { modelFailure } from "../model_failure.js";
import * as state from "../state.js";
import { notify } from "./notices.js";
import { showDialog } from "./places.js";
import { createPreparation, somePicture } from "./preparation.js";
import { startImporter, tryModel } from "../workers.js";

/** Twice as much does not fit into an engine's memory. */
const MAX_MODEL_BYTES = 1e9;
/** What the engine reads of labels; asked before the file is read. */
const MAX_LABELS_BYTES = 16 * 2 ** 20;
const LABELS = /\.(json|txt|csv|tsv|names|labels|ya?ml|pbtxt)$/i;

/** @param {string} code @param {File} file @param {number} most */
const tooLarge = (code, file, most) =>
    new CodedError(code, `${file.name} has ${file.size} bytes; the most that is read is ${most}.`);

/** @param {File} file @returns {CustomModel} */
const newCustomModel = (file) => ({
    file,
    status: "reading",
    inspection: null,
    presets: [],
    labels: null,
    counts: null,
    choices: null,
    preset: "",
    failures: {},
    files: [],
    missing: [],
    draft: null,
    drafted: null,
    comparison: null,
    tried: null,
});

/**
 * What a person has changed of a draft; the rest may change with another draft.
 * @param {ImportChoices} choices @param {ImportChoices | null} drafted @returns {Partial<ImportChoices>}
 */
function whatWasChosen(choices, drafted) {
    const entries = Object.entries(choices).filter(
        ([key, value]) => JSON.stringify(value) !== JSON.stringify(drafted?.[/** @type {keyof ImportChoices} */ (key)]),
    );
    return Object.fromEntries(entries);
}

/** The preset that these are, or "own". @param {ImportChoices} choices @param {readonly NormalisationPreset[]} presets */
function presetOf({ mean, std, colour }, presets) {
    const isSame = (/** @type {readonly number[]} */ a, /** @type {readonly number[]} */ b) =>
        a.every((value, idx) => Math.abs(value - (b[idx] ?? 0)) < 0.01);
    const found = presets.find(
        (one) => isSame(one.mean, mean) && isSame(one.std, std) && (one.colour === null || one.colour === colour),
    );
    return found?.id ?? "own";
}

/** Seven eighths of the picture are seen, as nearly everywhere. @param {number} height @param {number} width */
export const usualShorterSide = (height, width) => Math.min(2048, Math.round((Math.max(height, width) * 8) / 7));

/** @param {Context} context @param {Pick<ModelActions, "storeAndUse" | "refreshModels">} models */
export function createCustomModel(context, { storeAndUse, refreshModels }) {
    /** A worker that reads models and labels, there as long as the form is open. @type {ReturnType<typeof startImporter> | null} */
    let importer = null;
    /** Whether the model came with its card. */
    let isWhole = false;
    const preparation = createPreparation(context, { openImporter, change, setChoices, fail });

    /** Files for a model: a whole one, or what the one that is being asked about needs. @param {readonly File[]} files */
    async function addModelFiles(files) {
        showDialog("models");
        const foreign = files.find(isOtherModel);
        if (foreign) notify("said_other_model", { name: foreign.name });
        const zip = files.find(isZip);
        if (zip) return notify("said_zipped_model", { name: zip.name });
        const found = await classify(files);
        const [onnx, ...others] = found.onnx;
        if (others.length > 0) notify("said_one_model", { name: onnx?.name ?? "" });
        if (onnx) await startImport(onnx, found);
        else if (state.customModel.value) await addToForm(found);
        else if (!foreign) notify("said_model_needs_onnx");
    }

    /** @param {File} onnx @param {ModelFiles} found */
    async function startImport(onnx, found) {
        closeCustomModel();
        const begun = (state.customModel.value = newCustomModel(onnx));
        try {
            if (onnx.size > MAX_MODEL_BYTES) throw tooLarge("model_invalid", onnx, MAX_MODEL_BYTES);
            isWhole = false;
            const model = await completeModel(onnx, found);
            isWhole = model !== null;
            if (state.customModel.value !== begun) return; // left meanwhile, or another one came
            if (model) return void (await tryAndStore(model));
        } catch (error) {
            if (Object(error).name !== "AbortError") fail("file", error);
            return;
        }
        await addToForm(found);
    }

    /** The whole model, where nothing has to be asked. @param {File} onnx @param {ModelFiles} found @returns {Promise<Model | null>} */
    async function completeModel(onnx, { card, vocabulary, others }) {
        if (card === null || vocabulary === null) return context.platform.models.identify(onnx);
        if (others.length === 0) return { card, vocabulary, model: await onnx.arrayBuffer() };
        // Weights that lie beside it are put inside, and the card says so.
        const { client } = await openImporter();
        const { model, sha256 } = await client.call("with_weights", { model: onnx, files: others });
        const facts = JSON.parse(card);
        if (facts.model.bytes === onnx.size) facts.model = { ...facts.model, bytes: model.byteLength, sha256 };
        return { card: JSON.stringify(facts, null, 2), vocabulary, model };
    }

    /** What lies beside the model that is being asked about. @param {ModelFiles} found */
    async function addToForm({ others, vocabulary, card }) {
        const asked = state.customModel.value;
        if (!asked) return;
        const news = vocabulary === null ? others : [...others, new File([vocabulary], "vocabulary.json")];
        const tooLong = news.find(
            ({ name, size }) => size > MAX_LABELS_BYTES && !asked.missing.includes(name) && LABELS.test(name),
        );
        if (tooLong) return fail("labels", tooLarge("labels_invalid", tooLong, MAX_LABELS_BYTES));
        // The newest first: labels that are chosen take the place of those before.
        const names = new Set(news.map(({ name }) => name));
        change({ files: [...news, ...asked.files.filter(({ name }) => !names.has(name))] });
        await draft();
        if (vocabulary === null && card !== null && !state.customModel.value?.labels)
            fail("labels", { code: "labels_invalid", detail: "The card came without its vocabulary.json." });
    }

    /** @param {File} file */
    const readLabels = (file) => addToForm({ onnx: [], card: null, vocabulary: null, others: [file] });

    /** Reads the model and what lies beside it, and fills in the form. What a person has chosen already stays. */
    async function draft() {
        const asked = state.customModel.value;
        if (!asked) return;
        try {
            const { ready, client } = await openImporter();
            const drafted = await client.call("inspect_model", { model: asked.file, files: [...asked.files] });
            const now = state.customModel.value;
            if (now?.file !== asked.file) return; // left meanwhile, or another one came
            const labels = drafted.draft.labels;
            const chosen = now.choices && now.draft ? whatWasChosen(now.choices, now.drafted) : {};
            const choices = { ...drafted.choices, ...chosen };
            change({
                inspection: drafted.inspection,
                draft: drafted.draft,
                drafted: drafted.choices,
                presets: ready.presets,
                choices,
                preset: presetOf(choices, ready.presets),
                labels: labels && { name: labels.source ?? asked.file.name, list: labels.value },
                counts: null,
                missing: [],
                tried: null,
                failures: {},
            });
            if (drafted.draft.labels_failure) failLabels(drafted.draft.labels_failure);
            await load();
        } catch (error) {
            if (Object(error).name === "AbortError") return;
            const failure = failureOf(error, "model_invalid");
            if (failure.code === "model_weights_missing" && failure.subject) change({ missing: [failure.subject] });
            fail("file", error);
        }
    }

    /** Said in the person's language where it is only the number that does not fit. @param {NonNullable<ModelDraft["labels_failure"]>} failure */
    function failLabels({ code, detail, n_labels: nLabels }) {
        const { inspection, choices } = state.customModel.value ?? {};
        const nClasses = inspection?.outputs.find(({ name }) => name === choices?.scores)?.n_classes;
        fail("labels", { code, detail });
        if (nClasses && nLabels && nLabels !== nClasses) change({ counts: { labels: nLabels, classes: nClasses } });
    }

    /** Loads the network as the form says, so that what does not run is said now, and compares preparations where they are a guess. */
    async function load() {
        const { choices, file, status } = state.customModel.value ?? {};
        if (!choices || status === "trying" || status === "keeping") return;
        try {
            const { client } = await openImporter();
            await client.call("load_model", { choices });
            const now = state.customModel.value;
            if (now && now.file === file && now.status === "reading") change({ status: "asking" });
            // Without a picture nothing is compared, and the guess stays one.
            await preparation.compare().catch(() => preparation.forget());
        } catch (error) {
            if (Object(error).name === "AbortError" || state.customModel.value?.file !== file) return;
            change({ status: "asking" });
            // Another size may run, where the file leaves it open.
            fail(state.customModel.value?.draft?.size.basis === "graph" ? "file" : "choices", error);
        }
    }

    /** @param {Partial<ImportChoices>} news */
    function setChoices(news) {
        const before = state.customModel.value;
        if (!before?.choices) return;
        const { choices: _, all: __, ...failures } = before.failures;
        const isOfPixels = "mean" in news || "std" in news || "colour" in news;
        /** @type {ImportChoices} */
        const choices = { ...before.choices, ...(isOfPixels ? { preparation: "confirmed" } : {}), ...news };
        change({
            choices,
            tried: null,
            failures,
            preset: isOfPixels && before.preset !== "own" ? presetOf(choices, before.presets) : before.preset,
        });
        const isOfNetwork = ["width", "height", "layout", "scores", "fit", "filter", "activation"].some(
            (key) => key in news,
        );
        if (isOfNetwork) void load();
    }

    /** @param {string} id one of the presets, or "own" */
    function choosePreset(id) {
        const preset = state.customModel.value?.presets.find((one) => one.id === id);
        if (preset) setChoices({ mean: preset.mean, std: preset.std, ...(preset.colour && { colour: preset.colour }) });
        change({ preset: id });
    }

    /** What the model, run as the form says, says of one of the pictures in the grid, or of a sample. */
    async function tryCustomModel() {
        const model = await importModel();
        if (model) await tryOut(model);
    }

    /** Tries the model out, keeps it and puts it in place. */
    async function saveCustomModel() {
        const model = await importModel();
        if (model) await tryAndStore(model);
    }

    /** Back to the list; nothing of it is kept. */
    function closeCustomModel() {
        preparation.forget();
        state.customModel.value = null;
        importer?.then(({ client }) => client.stop()).catch(() => {});
        importer = null;
    }

    /** Card and vocabulary by what the form says. @returns {Promise<Model | null>} */
    async function importModel() {
        const customModel = state.customModel.value;
        if (!customModel?.choices || customModel.status !== "asking") return null;
        if (!customModel.labels) {
            fail("labels", { code: "labels_missing", detail: "" });
            return null;
        }
        change({ status: "trying", failures: {}, tried: null });
        try {
            const { client } = await openImporter();
            const { card, vocabulary, model } = await client.call("import_model", {
                labels: [...customModel.labels.list],
                choices: customModel.choices,
            });
            return { card, vocabulary, model: model ?? (await customModel.file.arrayBuffer()) };
        } catch (error) {
            const { code } = failureOf(error, "model_invalid");
            fail(
                code === "labels_invalid"
                    ? "labels"
                    : code === "card_invalid" || code === "model_mismatch"
                      ? "choices"
                      : "file",
                error,
            );
            return null;
        }
    }

    /** @param {Model} model @returns {Promise<boolean>} */
    async function tryOut(model) {
        change({ status: "trying" });
        try {
            const file = state.customModel.value?.comparison?.picture ?? (await somePicture(context));
            const { tags, scores } = await tryModel(context, model, file);
            const vocabulary = JSON.parse(model.vocabulary).tags;
            const nameOf = (/** @type {number} */ tag) =>
                vocabulary[tag]?.names?.[state.tagLanguage.value] ?? vocabulary[tag]?.names?.en ?? "";
            const best = Array.from(tags.slice(0, 5), (tag, idx) => ({ name: nameOf(tag), score: scores[idx] ?? 0 }));
            change({ status: "asking", tried: { picture: file.name, tags: best } });
            return true;
        } catch (error) {
            fail("all", error);
            return false;
        }
    }

    /** @param {Model} model */
    async function tryAndStore(model) {
        const begun = state.customModel.value?.file;
        if (!(await tryOut(model)) || state.customModel.value?.file !== begun) return;
        change({ status: "keeping" });
        const failure = await storeAndUse(model);
        if (failure) fail("all", failure);
        else closeCustomModel();
        await refreshModels();
    }

    function openImporter() {
        importer ??= startImporter(context);
        importer.catch(() => void (importer = null)); // another one the next time
        return importer;
    }

    /** @param {Partial<CustomModel>} news */
    function change(news) {
        if (state.customModel.value) state.customModel.value = { ...state.customModel.value, ...news };
    }

    /** @param {FormSection} section @param {unknown} error */
    function fail(section, error) {
        const customModel = state.customModel.value;
        if (!customModel) return;
        /** @type {Failure} */
        const failure = modelFailure(error, "model_invalid", customModel.file.name);
        // Without a card there are no names in one to correct.
        const isWithoutCard = customModel.draft !== null || section === "file";
        if (failure.code === "model_mismatch" && isWithoutCard && !isWhole) failure.code = "model_unsuited";
        change({
            status: customModel.inspection ? "asking" : "reading",
            failures: { ...customModel.failures, [section]: failure },
        });
    }

    return {
        ...preparation.actions,
        setChoices,
        choosePreset,
        saveCustomModel,
        closeCustomModel,
        readLabels,
        addModelFiles,
        tryCustomModel,
    };
}
