/**
 * The worker: written as a module, shipped as one classic script with the bindings of all modules inside. It plays one of four
 * roles, and loads the module that the role needs:
 *
 * - tagger: `start_tagger` once, then `tag` per picture, `embed_views` and `explain`. Engine and model. `start_objects` once before the first `look_again`.
 * - session: `start_session` once, then `update` and `report`. Every result, and no engine; the module that writes files comes with the
 *   first export.
 * - shrinker: `start_shrinker` once, then `shrink` per picture that goes to another tagger. Engine, and no model.
 * - importer: `start_importer` once, then `inspect_model`, `load_model`, `try_choices` and `import_model`: one model without a card.
 *
 * An engine that panicked is dead for good: the worker says so (`{crash}`) and waits to be ended.
 * @import { Limits } from "./engine_api.d.ts"
 * @import { Calls, Request, Stage } from "./protocol.js"
 */
import init, {
    Tagger,
    defaultLimits,
    ModelImport,
    normalisationPresets,
    preview,
    previewPixels,
    weightFiles,
} from "tagsmith-engine";
import initSession, { Session, errorCodes, exportFormats, pipelineVersion } from "tagsmith-session";
import { live } from "./answering.js";
import { bytesOf } from "./bytes.js";
import { embedFile } from "./embed_file.js";
import { copyWithKeywords, exportFiles, mergedSidecar, previewFiles } from "./export_files.js";
import { ZipWriter, pack } from "./pack.js";
import { removePeerConnections } from "./peer_connections.js";
import { CodedError, DECODED, failureOf } from "./protocol.js";
import { hashOf, readFile, withDecoding } from "./reading.js";
import { fillSession, reportOf, updateSession } from "./session_updates.js";
import { nearWords, readWords } from "./words_files.js";
import { shrinkFile } from "./shrink.js";
import { encodeThumbnail } from "./thumbnail.js";

const scope = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));
removePeerConnections(scope);

/** @type {Tagger | undefined} */
let tagger;
/** @type {Session | undefined} */
let session;
/** The model that is being imported. @type {ModelImport | undefined} */
let importing;
/** Whether its weights came from files beside it. */
let areWeightsInside = false;
/** The ZIP that is being written. @type {ZipWriter | null} */
let zip = null;
/** @type {Limits} */
let limits = { max_file_bytes: 0, max_side: null, max_pixels: null, max_bytes: 0, max_ms: 0 };
/** That of the engine, or of the session's module. @type {WebAssembly.Memory | undefined} */
let memory;

/** What the engine is at. @type {Stage} */
let stage = "picture";

/** The engine's panic hook writes the message to the console; the error that follows says only "unreachable". */
let lastPanic = "";
const logError = console.error;
console.error = (...args) => {
    lastPanic = String(args[0]);
    logError.apply(console, args);
};

/**
 * What a handler tells while it works: how far it is, and that it waits.
 * @typedef {{progress: (share: number) => void, wait: (isWaiting: boolean) => void}} Tell
 */

/**
 * What is made of a file: of its bytes, or of the pixels where the browser decodes it.
 * @template Made
 * @param {{file: Blob, limits?: Partial<Limits> | undefined}} picture @param {Tell} tell
 * @param {(bytes: Uint8Array, limits: Limits) => Made} ofBytes @param {(pixels: ImageData, limits: Limits) => Made} ofPixels
 * @returns {Promise<Made>}
 */
async function ofPicture({ file, limits: wanted }, { wait }, ofBytes, ofPixels) {
    const allowed = { ...limits, ...wanted };
    const bytes = await readFile(file, allowed);
    return withDecoding(
        { bytes, limits: allowed, wait },
        () => ofBytes(bytes, allowed),
        ({ pixels }) => ofPixels(pixels, allowed),
    );
}

/** @type {{[K in keyof Calls]: (params: Calls[K][0], tell: Tell) => Promise<Calls[K][1]> | Calls[K][1]}} */
const handlers = {
    async start_tagger({ module, card, vocabulary, model, companions: files, limits: wanted }) {
        const start = performance.now();
        const bytes = new Uint8Array(model);
        ({ memory } = await init({ module_or_path: module }));
        stage = "network";
        tagger = new Tagger(card, vocabulary, bytes, await hashOf(bytes), asBytes(files));
        limits = { ...defaultLimits(), ...wanted };
        return { ms: performance.now() - start, facts: tagger.facts() };
    },

    async tag({ file, limits: wanted, has_thumbnail: hasThumbnail = true }, tell) {
        if (!tagger) throw new TypeError("start_tagger comes first");
        const tagged = await tagFile(tagger, file, { limits: { ...limits, ...wanted } }, tell);
        const { thumbnail, ...kept } = tagged;
        return { ...kept, thumbnail: hasThumbnail ? await encodeThumbnail(thumbnail) : new Blob() };
    },

    start_objects({ companions }) {
        if (!tagger) throw new TypeError("start_tagger comes first");
        stage = "network";
        tagger.loadObjects(asBytes(companions));
        return null;
    },

    async look_again({ first, ...picture }, tell) {
        if (!tagger) throw new TypeError("start_tagger comes first");
        const engine = tagger;
        stage = "network"; // the picture was decoded before
        return ofPicture(
            picture,
            tell,
            (bytes, allowed) => engine.lookAgain(bytes, first, allowed),
            (pixels, allowed) => engine.lookAgainPixels(pixels, first, allowed),
        );
    },

    async preview(picture, tell) {
        return encodeThumbnail(await ofPicture(picture, tell, preview, previewPixels));
    },

    async explain({ tag, ...picture }, tell) {
        if (!tagger) throw new TypeError("start_tagger comes first");
        const engine = tagger;
        stage = "network"; // the picture was decoded before
        return ofPicture(
            picture,
            tell,
            (bytes, allowed) =>
                typeof tag === "string"
                    ? engine.explain(bytes, tag, allowed)
                    : engine.explainDirection(bytes, tag, allowed),
            (pixels, allowed) =>
                typeof tag === "string"
                    ? engine.explainPixels(pixels, tag, allowed)
                    : engine.explainDirectionPixels(pixels, tag, allowed),
        );
    },

    embed_views({ file, limits: wanted, ...how }, { wait }) {
        if (!tagger) throw new TypeError("start_tagger comes first");
        return embedFile(tagger, file, how, { limits: { ...limits, ...wanted }, wait });
    },

    async start_session({ module, card, vocabulary }) {
        ({ memory } = await initSession({ module_or_path: module }));
        session = new Session(card, vocabulary);
        return {
            facts: session.facts(),
            export_formats: exportFormats(),
            error_codes: errorCodes(),
            pipeline_version: pipelineVersion(),
        };
    },

    fill(filling) {
        if (!session) throw new TypeError("start_session comes first");
        fillSession(session, filling);
        return null;
    },

    update(update) {
        if (!session) throw new TypeError("start_session comes first");
        return updateSession(session, update);
    },

    report_of(picture) {
        if (!session) throw new TypeError("start_session comes first");
        return reportOf(session, picture);
    },

    tags({ ids }) {
        if (!session) throw new TypeError("start_session comes first");
        return session.tags(Uint32Array.from(ids));
    },

    sources({ ids }) {
        if (!session) throw new TypeError("start_session comes first");
        return session.sources(Uint32Array.from(ids));
    },

    complete({ typed, n }) {
        if (!session) throw new TypeError("start_session comes first");
        return session.completions(typed, n);
    },

    tag_ref({ text, byName }) {
        if (!session) throw new TypeError("start_session comes first");
        return session.tagRef(text, byName);
    },

    tag_refs({ texts, language }) {
        if (!session) throw new TypeError("start_session comes first");
        return session.tagRefs(texts, language);
    },

    read_words: readWords,
    near_words: nearWords,
    strict_report() {
        if (!session) throw new TypeError("start_session comes first");
        return session.strictReport();
    },

    name_entries({ entries }) {
        if (!session) throw new TypeError("start_session comes first");
        return { names: session.names(entries), categories: session.categories() };
    },

    async report(request) {
        if (!session) throw new TypeError("start_session comes first");
        return pack(request.format, request.ids.length, await exportFiles(session, request));
    },

    preview_report(request) {
        if (!session) throw new TypeError("start_session comes first");
        return previewFiles(session, request);
    },

    report_files(request) {
        if (!session) throw new TypeError("start_session comes first");
        return exportFiles(session, request);
    },

    copy_with_keywords(request) {
        if (!session) throw new TypeError("start_session comes first");
        return copyWithKeywords(session, request);
    },

    merge_sidecar(request) {
        if (!session) throw new TypeError("start_session comes first");
        return mergedSidecar(session, request);
    },

    async add_to_zip({ name, content }) {
        zip ??= new ZipWriter();
        await zip.add(name, content);
        return null;
    },

    async close_zip() {
        const closed = zip ?? new ZipWriter();
        zip = null;
        return closed.finish();
    },

    async start_shrinker({ module }) {
        ({ memory } = await init({ module_or_path: module }));
        limits = defaultLimits();
        return null;
    },

    shrink({ file, need, limits: wanted }, { wait }) {
        return shrinkFile(file, need, { limits: { ...limits, ...wanted }, wait });
    },

    async start_importer({ module }) {
        await init({ module_or_path: module });
        return { presets: normalisationPresets() };
    },

    async inspect_model({ model, files }) {
        const texts = [];
        const { weights } = await weightsOf(model, files);
        if (!importing) {
            const bytes = await bytesOf(model);
            importing = new ModelImport(bytes, (name) => weights.get(name));
            areWeightsInside = weights.size > 0;
        }
        for (const file of files)
            if (!weights.has(file.name))
                texts.push(/** @type {[string, Uint8Array]} */ ([file.name, await textOf(file)]));
        return importing.draft(model.name.replace(/\.onnx$/i, ""), texts);
    },

    load_model({ choices }) {
        stage = "network";
        if (!importing) throw new TypeError("inspect_model comes first");
        importing.load(choices);
        return null;
    },

    async try_choices({ picture, choices, n_labels: nLabels }, { wait }) {
        stage = "network";
        if (!importing) throw new TypeError("inspect_model comes first");
        const held = importing;
        held.load(choices);
        if (picture) {
            stage = "picture";
            const allowed = defaultLimits();
            const bytes = await readFile(picture, allowed);
            await withDecoding(
                { bytes, limits: allowed, wait },
                () => held.lookAt(bytes, allowed),
                ({ pixels }) => held.lookAtPixels(pixels, allowed),
            );
            stage = "network";
        }
        return held.bestClasses(choices, nLabels);
    },

    async import_model({ labels, choices }) {
        stage = "network";
        if (!importing) throw new TypeError("inspect_model comes first");
        const bytes = /** @type {Uint8Array<ArrayBuffer>} */ (importing.model());
        const made = importing.finish(await hashOf(bytes), labels, choices);
        // The file itself is at hand where it holds everything.
        return { ...made, model: areWeightsInside ? bytes.buffer : null };
    },

    async with_weights({ model, files }) {
        const { weights } = await weightsOf(model, files);
        const whole = new ModelImport(await bytesOf(model), (name) => weights.get(name));
        const bytes = /** @type {Uint8Array<ArrayBuffer>} */ (whole.model());
        whole.free();
        return { model: bytes.buffer, sha256: await hashOf(bytes) };
    },

    live,
};

/** @param {import("./engine.js").CompanionBuffers} files */
const asBytes = (files) =>
    Object.fromEntries(Object.entries(files).map(([path, file]) => [path, new Uint8Array(file)]));

/** @param {Tagger} tagger @param {Blob} file @param {import("./engine_api.d.ts").TagOptions} options @param {Tell} tell */
async function tagFile(tagger, file, options, { progress, wait }) {
    const { limits } = options;
    const onDecoded = () => {
        stage = "network";
        progress(DECODED);
    };
    const bytes = await readFile(file, limits);
    const hashing = hashOf(bytes); // on a thread of the browser's, while this one decodes
    const byEngine = async () => {
        const tagged = tagger.tag(bytes, options, "", onDecoded);
        tagged.sha256 = await hashing;
        return tagged;
    };
    return withDecoding({ bytes, limits, wait }, byEngine, async ({ pixels, width, height, format, ms }) => {
        onDecoded();
        const tagged = tagger.tagPixels(pixels, await hashing, format, options);
        tagged.timings_ms.decode += ms;
        return { ...tagged, width, height };
    });
}

/** Larger than any list of labels. */
const MAX_TEXT_BYTES = 32 * 2 ** 20;

/** @param {File} file */
async function textOf(file) {
    if (file.size <= MAX_TEXT_BYTES) return bytesOf(file);
    throw new CodedError("labels_invalid", `${file.name} has ${file.size} bytes; at most ${MAX_TEXT_BYTES} are read.`);
}

/** The files among `files` in which an ONNX file keeps its weights. @param {File} model @param {readonly File[]} files */
async function weightsOf(model, files) {
    /** @type {Map<string, Uint8Array>} */
    const weights = new Map();
    const names = files.length > 0 ? weightFiles(await bytesOf(model)) : [];
    for (const file of files) if (names.includes(file.name)) weights.set(file.name, await bytesOf(file));
    return { weights };
}

/** @param {{data: Request}} event */
scope.onmessage = async ({ data: { seq, name, params } }) => {
    stage = "picture";
    /** @param {Record<string, unknown>} said */
    const say = (said) => scope.postMessage({ seq, ...said });
    const answer = (/** @type {Record<string, unknown>} */ said) =>
        say({ ...said, memory: memory?.buffer.byteLength ?? 0 });
    try {
        answer({
            ok: await handlers[name](/** @type {any} */ (params), {
                progress: (progress) => say({ progress }),
                wait: (isWaiting) => say({ isWaiting }),
            }),
        });
    } catch (error) {
        // A trap, or a stack run over, leaves the engine's memory in an unknown state.
        const isCrash = error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
        if (isCrash) scope.postMessage({ crash: lastPanic.split("\n\nStack:")[0] || String(error), stage });
        else answer({ error: failureOf(error, "inference_failed") });
    }
};
