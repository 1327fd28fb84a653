/**
 * A model that a person brings. With card and vocabulary, or known to the catalog, it is tried out, kept and used; otherwise a form asks
 * for what its file does not tell. Nothing that is in place changes before it has run on a picture.
 * @import { Context } from "../context.js"
 * @import { ModelActions } from "./models.js"
 * @import { ImportChoices, ModelInspection } from "../../core/engine_api.d.ts"
 * @import { Model } from "../../core/engine.js"
 * @import { Failure } from "../../core/protocol.js"
 * @import { ModelFiles } from "../model_files.js"
 * @import { CustomModel, FormSection } from "../state.js"
 */
import { CodedError, failureOf } from "../../core/protocol.js";
import { classify } from "../model_files.js";
import { modelFailure } from "../model_failure.js";
import * as state from "../state.js";
import { notify } from "./notices.js";
import { showDialog } from "./places.js";
import { startImporter, tryModel } from "../workers.js";

/** Twice as much does not fit into an engine's memory. */
const MAX_MODEL_BYTES = 1e9;
/** What the engine reads of labels; asked before the file is read. */
const MAX_LABELS_BYTES = 8 * 2 ** 20;

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
    tried: null,
});

/** @param {string} name @param {ModelInspection} inspection @returns {ImportChoices} */
function firstChoices(name, { input, outputs, scores, normalisation: { mean, std } }) {
    const height = input.height ?? 224;
    const width = input.width ?? 224;
    return {
        name: name.replace(/\.onnx$/i, ""),
        height,
        width,
        layout: input.layout,
        colour: "rgb",
        mean,
        std,
        fit: { kind: "centre_crop", shorter_side: usualShorterSide(height, width) },
        filter: "bilinear",
        activation: outputs.find((output) => output.name === scores)?.activation ?? "softmax",
        scores,
        threshold: 0.3,
        max_tags: 8,
    };
}

/** Seven eighths of the picture are seen, as nearly everywhere. @param {number} height @param {number} width */
export const usualShorterSide = (height, width) => Math.min(2048, Math.round((Math.max(height, width) * 8) / 7));

/** One grey pixel: a build without samples can try a model out all the same. */
const BLANK_BMP = Uint8Array.of(
    66,
    77,
    58,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    54,
    0,
    0,
    0,
    40,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    1,
    0,
    24,
    0,
    ...Array(24).fill(0),
    128,
    128,
    128,
    0,
);

/** @param {Context} context @param {Pick<ModelActions, "storeAndUse" | "refreshModels">} models */
export function createCustomModel(context, { storeAndUse, refreshModels }) {
    /** A worker that reads models and labels, there as long as the form is open. @type {ReturnType<typeof startImporter> | null} */
    let importer = null;

    /** Files for a model: a whole one, or what the one that is being asked about needs. @param {readonly File[]} files */
    async function addModelFiles(files) {
        showDialog("models");
        const found = await classify(files);
        const [onnx, ...others] = found.onnx;
        if (others.length > 0) notify("said_one_model", { name: onnx?.name ?? "" });
        if (onnx) await startImport(onnx, found);
        else if (state.customModel.value) await addToForm(found);
        else notify("said_model_needs_onnx");
    }

    /** @param {File} onnx @param {ModelFiles} found */
    async function startImport(onnx, found) {
        closeCustomModel();
        const begun = (state.customModel.value = newCustomModel(onnx));
        try {
            if (onnx.size > MAX_MODEL_BYTES) throw tooLarge("model_invalid", onnx, MAX_MODEL_BYTES);
            const model = await completeModel(onnx, found);
            if (state.customModel.value !== begun) return; // left meanwhile, or another one came
            if (model) return void (await tryAndStore(model));
            const { ready, client } = await openImporter();
            const inspection = await client.call("inspect_model", { model: onnx });
            if (state.customModel.value !== begun) return;
            const preset = inspection.normalisation.preset;
            state.customModel.value = {
                ...begun,
                status: "asking",
                inspection,
                presets: ready.presets,
                preset,
                choices: firstChoices(onnx.name, inspection),
            };
            await addToForm(found);
        } catch (error) {
            if (Object(error).name !== "AbortError") fail("file", error);
        }
    }

    /** The whole model, where nothing has to be asked. @param {File} onnx @param {ModelFiles} found @returns {Promise<Model | null>} */
    async function completeModel(onnx, { card, vocabulary }) {
        if (card !== null && vocabulary !== null) return { card, vocabulary, model: await onnx.arrayBuffer() };
        return context.platform.models.identify(onnx);
    }

    /** Labels for the model that is being asked about. @param {ModelFiles} found */
    async function addToForm({ labels, vocabulary, card }) {
        const file = vocabulary === null ? labels : new File([vocabulary], "vocabulary.json");
        if (file) await readLabels(file);
        else if (card !== null)
            fail("labels", { code: "labels_invalid", detail: "The card came without its vocabulary.json." });
    }

    /** @param {File} file */
    async function readLabels(file) {
        const asked = state.customModel.value;
        if (!asked?.inspection) return;
        change({ labels: null, counts: null, tried: null, failures: {} });
        const nClasses =
            asked.inspection.outputs.find(({ name }) => name === asked.choices?.scores)?.n_classes ?? undefined;
        if (file.size > MAX_LABELS_BYTES) return fail("labels", tooLarge("labels_invalid", file, MAX_LABELS_BYTES));
        const { client } = await openImporter();
        const params = { text: await file.text(), file_name: file.name };
        try {
            change({
                labels: {
                    name: file.name,
                    list: await client.call("parse_labels", { ...params, n_classes: nClasses }),
                },
            });
        } catch (error) {
            fail("labels", error);
            // Said in the person's language where it is only the number that does not fit.
            const list = await client.call("parse_labels", { ...params, n_classes: undefined }).catch(() => []);
            if (nClasses !== undefined && list.length > 0 && list.length !== nClasses)
                change({ counts: { labels: list.length, classes: nClasses } });
        }
    }

    /** @param {Partial<ImportChoices>} news */
    function setChoices(news) {
        const choices = state.customModel.value?.choices;
        if (!choices) return;
        const { choices: _, all: __, ...failures } = state.customModel.value?.failures ?? {};
        change({ choices: { ...choices, ...news }, tried: null, failures });
    }

    /** @param {string} id one of the presets, or "own" */
    function choosePreset(id) {
        const preset = state.customModel.value?.presets.find((one) => one.id === id);
        if (preset) setChoices({ mean: preset.mean, std: preset.std });
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
            const { card, vocabulary } = await client.call("import_model", {
                model: customModel.file,
                labels: [...customModel.labels.list],
                choices: customModel.choices,
            });
            return { card, vocabulary, model: await customModel.file.arrayBuffer() };
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
            const file = await somePicture();
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

    /** The picture that people look at, the first that could be tagged, or a sample. @returns {Promise<File>} */
    async function somePicture() {
        const { opened, gridIds, current } = state;
        const ids = [opened.value, gridIds.value[current.value], ...gridIds.value];
        const id = ids.find((id) => typeof id === "number" && state.pictureOf(id)?.state === "done");
        const picture = typeof id === "number" ? state.pictureOf(id) : undefined;
        if (picture) return picture.file;
        const [sample] = context.platform.samples();
        if (!sample) return new File([BLANK_BMP], "blank.bmp");
        return new File([await (await fetch(sample.url)).blob()], sample.url.pathname.split("/").pop() ?? "sample");
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
        change({
            status: customModel.inspection ? "asking" : "reading",
            failures: { ...customModel.failures, [section]: failure },
        });
    }

    return { setChoices, choosePreset, saveCustomModel, closeCustomModel, readLabels, addModelFiles, tryCustomModel };
}
