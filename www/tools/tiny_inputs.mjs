/** What builds are tested with: an engine and a model that only have the right names. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** @param {import("node:test").TestContext} context */
export async function makeInputs(context) {
    const root = await mkdtemp(join(tmpdir(), "tagsmith-"));
    context.after(() => rm(root, { recursive: true }));
    const engine =
        "export class Tagger {} export const sha256 = 0, defaultLimits = 0, ModelImport = 0, weightFiles = 0, normalisationPresets = 0, preview = 0, previewPixels = 0, shrink = 0, shrinkPixels = 0, forBrowser = 0, memoryEstimate = 0; export default 0;";
    const session =
        "export class Session {} export const errorCodes = 0, exportFormats = 0, pipelineVersion = 0; export default 0;";
    const exports =
        "export class Export {} export const mergeSidecar = 0, nearWords = 0, readWords = 0, writeKeywords = 0; export default 0;";
    const providers =
        "export class Provider {} export const compareSources = 0, presets = 0, questions = 0, readOsgi = 0, readReplies = 0; export default 0;";
    const train =
        "export class Teaching {} export class OwnTagger {} export class PackedSet {} export const documentsOfTrainingSet = 0, due = 0, ownTagsOnnx = 0, planTrainingSet = 0, readTaggerFile = 0, reportCsv = 0, reportXlsx = 0, taggerFile = 0; export default 0;";
    for (const [folder, name, bindings] of [
        ["simd128", "engine", engine],
        ["relaxed", "engine", engine],
        ["session", "session", session],
        ["exports", "exports", exports],
        ["providers", "providers", providers],
        ["train", "train", train],
    ]) {
        await mkdir(join(root, "engine", `${folder}`), { recursive: true });
        await writeFile(join(root, "engine", `${folder}`, `${name}.js`), `${bindings}`);
        await writeFile(join(root, "engine", `${folder}`, `${name}_bg.wasm`), `${folder}`.repeat(100));
    }
    await mkdir(join(root, "models/tiny/heads"), { recursive: true });
    await mkdir(join(root, "models/faces"), { recursive: true });
    await writeFile(
        join(root, "models/tiny/model.json"),
        JSON.stringify({ heads: [{ id: "general" }], detectors: [{ id: "faces" }] }),
    );
    const others = [
        "tiny/model.onnx",
        "tiny/vocabulary.json",
        "tiny/heads/general.json",
        "tiny/background.bin",
        "faces/model.json",
        "faces/model.onnx",
    ];
    for (const name of others) await writeFile(join(root, "models", name), name.repeat(100));
    return {
        engine: join(root, "engine"),
        models: join(root, "models"),
        model: "tiny",
        cases: join(root, "none"),
        out: join(root, "out"),
    };
}
