/**
 * A model that a person brings. With card and vocabulary, or known to the catalog, it is tried out, kept and used; otherwise a form asks
 * for what its file does not tell. Nothing that is in place changes before it has run on a picture.
 * @import { Context } from "../context.js"
 * @import { ModelActions } from "./models.js"
 * @import { ImportChoices, ModelInspection } from "../../core/engine_api.d.ts"
 * @import { Model } from "../../core/engine.js"
 * @import { Failure } from "../../core/protocol.js"
 * @import { ModelFiles } from "../model_files.js"
 * @import { OwnModel, OwnModelPart } from "../state.js"
 */
import { failureOf } from "../../core/protocol.js";
import { sorted } from "../model_files.js";
import * as state from "../state.js";
import { show } from "./notices.js";
import { showDialog } from "./grid.js";
import { startImporter, tryModel } from "../workers.js";

/** @param {File} file @returns {OwnModel} */
const fresh = (file) => ({
    file,
    status: "reading",
    draft: null,
    presets: [],
    labels: null,
    counts: null,
    choices: null,
    preset: "",
    failures: {},
    tried: null,
});

/** @param {string} name @param {ModelInspection} draft @returns {ImportChoices} */
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
const BLANK = Uint8Array.of(
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

/** @param {Context} context @param {Pick<ModelActions, "keepAndUse" | "lookForModels">} models */
export function createOwnModel(context, { keepAndUse, lookForModels }) {
    /** A worker that reads models and labels, there as long as the form is open. @type {ReturnType<typeof startImporter> | null} */
    let drafter = null;

    /** Files for a model: a whole one, or what the one that is being asked about needs. @param {readonly File[]} files */
    async function takeModelFiles(files) {
        showDialog("models");
        const found = await sorted(files);
        const [onnx, ...others] = found.onnx;
        if (others.length > 0) show("said_one_model", { name: onnx?.name ?? "" });
        if (onnx) await begin(onnx, found);
        else if (state.ownModel.value) await addToForm(found);
        else show("said_model_needs_onnx");
    }

    /** @param {File} onnx @param {ModelFiles} found */
    async function begin(onnx, found) {
        leaveOwnModel();
        const begun = (state.ownModel.value = fresh(onnx));
        try {
            const model = await completeModel(onnx, found);
            if (state.ownModel.value !== begun) return; // left meanwhile, or another one came
            if (model) return void (await tryAndKeep(model));
            const { ready, client } = await openDrafter();
            const draft = await client.call("inspect_model", { model: onnx });
            if (state.ownModel.value !== begun) return;
            const preset = draft.normalisation.preset;
            state.ownModel.value = {
                ...begun,
                status: "asking",
                draft,
                presets: ready.presets,
                preset,
                choices: firstChoices(onnx.name, draft),
            };
            await addToForm(found);
        } catch (error) {
            if (Object(error).name !== "AbortError") fail("file", error);
        }
    }

    /** The whole model, where nothing has to be asked. @param {File} onnx @param {ModelFiles} found @returns {Promise<Model | null>} */
    async function completeModel(onnx, { card, vocabulary }) {
        if (card !== null && vocabulary !== null) return { card, vocabulary, model: await onnx.arrayBuffer() };
        return context.platform.models.recognise(onnx);
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
        const asked = state.ownModel.value;
        if (!asked?.draft) return;
        change({ labels: null, counts: null, tried: null, failures: {} });
        const nClasses = asked.draft.outputs.find(({ name }) => name === asked.choices?.scores)?.n_classes ?? undefined;
        const { client } = await openDrafter();
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
    function chooseInModel(news) {
        const choices = state.ownModel.value?.choices;
        if (!choices) return;
        const { choices: _, all: __, ...failures } = state.ownModel.value?.failures ?? {};
        change({ choices: { ...choices, ...news }, tried: null, failures });
    }

    /** @param {string} id one of the presets, or "own" */
    function choosePreset(id) {
        const preset = state.ownModel.value?.presets.find((one) => one.id === id);
        if (preset) chooseInModel({ mean: preset.mean, std: preset.std });
        change({ preset: id });
    }

    /** What the model, run as the form says, says of one of the pictures on the sheet, or of a sample. */
    async function tryOwnModel() {
        const model = await draft();
        if (model) await tryOut(model);
    }

    /** Tries the model out, keeps it and puts it in place. */
    async function keepOwnModel() {
        const model = await draft();
        if (model) await tryAndKeep(model);
    }

    /** Back to the list; nothing of it is kept. */
    function leaveOwnModel() {
        state.ownModel.value = null;
        drafter?.then(({ client }) => client.stop()).catch(() => {});
        drafter = null;
    }

    /** Card and vocabulary by what the form says. @returns {Promise<Model | null>} */
    async function draft() {
        const own = state.ownModel.value;
        if (!own?.choices || own.status !== "asking") return null;
        if (!own.labels) {
            fail("labels", { code: "labels_missing", detail: "" });
            return null;
        }
        change({ status: "trying", failures: {}, tried: null });
        try {
            const { client } = await openDrafter();
            const { card, vocabulary } = await client.call("import_model", {
                model: own.file,
                labels: [...own.labels.list],
                choices: own.choices,
            });
            return { card, vocabulary, model: await own.file.arrayBuffer() };
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
    async function tryAndKeep(model) {
        const begun = state.ownModel.value?.file;
        if (!(await tryOut(model)) || state.ownModel.value?.file !== begun) return;
        change({ status: "keeping" });
        const failure = await keepAndUse(model);
        if (failure) fail("all", failure);
        else leaveOwnModel();
        await lookForModels();
    }

    /** The picture that people look at, the first that could be tagged, or a sample. @returns {Promise<File>} */
    async function somePicture() {
        const { opened, sheet, current } = state;
        const ids = [opened.value, sheet.value[current.value], ...sheet.value];
        const id = ids.find((id) => typeof id === "number" && state.pictureOf(id)?.state === "done");
        const picture = typeof id === "number" ? state.pictureOf(id) : undefined;
        if (picture) return picture.file;
        const [sample] = context.platform.samples();
        if (!sample) return new File([BLANK], "blank.bmp");
        return new File([await (await fetch(sample.url)).blob()], sample.url.pathname.split("/").pop() ?? "sample");
    }

    function openDrafter() {
        drafter ??= startImporter(context);
        drafter.catch(() => void (drafter = null)); // another one the next time
        return drafter;
    }

    /** @param {Partial<OwnModel>} news */
    function change(news) {
        if (state.ownModel.value) state.ownModel.value = { ...state.ownModel.value, ...news };
    }

    /** @param {OwnModelPart} part @param {unknown} error */
    function fail(part, error) {
        const own = state.ownModel.value;
        if (!own) return;
        /** @type {Failure} */
        const failure = failureOf(error, "model_invalid");
        change({ status: own.draft ? "asking" : "reading", failures: { ...own.failures, [part]: failure } });
    }

    return { chooseInModel, choosePreset, keepOwnModel, leaveOwnModel, readLabels, takeModelFiles, tryOwnModel };
}
