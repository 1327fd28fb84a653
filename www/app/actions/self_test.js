/**
 * The self-test: the sample pictures through every build of the engine that runs here, each in a worker of its own with the model that
 * comes with the page. The grid, its workers and the model in use are not touched.
 * @import { Context } from "../context.js"
 * @import { Basis, Engine, Variant } from "../../core/engine.js"
 * @import { TaggedReply } from "../../core/protocol.js"
 * @import { Expectations, Row } from "../self_test.js"
 */
import { WorkerClient } from "../../core/client.js";
import { chosen, fetchFile, loadEngine } from "../../core/engine.js";
import { CodedError, failureOf } from "../../core/protocol.js";
import { batch } from "../../vendor/signals.js";
import { toText, parseExpectations, compareRow } from "../self_test.js";
import * as state from "../state.js";
import { notify } from "./notices.js";

const START_TIMEOUT_MS = 120_000;
const TAG_TIMEOUT_MS = 60_000;

/** Every tag that a picture may have. @param {TaggedReply} tagging @param {string} vocabulary */
function allTags({ tags, confidences }, vocabulary) {
    const language = state.tagLanguage.value;
    /** @type {{id: string, names: Record<string, string>}[]} */
    const entries = JSON.parse(vocabulary).tags;
    return Array.from(tags, (tag, idx) => {
        const { id = "", names = {} } = entries[tag] ?? {};
        return { id, name: names[language] ?? names["en"] ?? id, confidence: confidences[idx] ?? 0 };
    });
}

/** @param {Context} context */
export function createSelfTest(context) {
    /** Ends the test under way. */
    let running = new AbortController();

    async function startSelfTest() {
        running.abort();
        running = new AbortController();
        const { signal } = running;
        const { platform, options } = context;
        state.selfTest.value = { status: "running", done: 0, n: 0, rows: [], skipped: [], inUse: null, error: null };
        try {
            const files = platform.engineFiles();
            const best = chosen(files);
            const inUse = options.variant ?? best;
            const all = /** @type {Variant[]} */ (best === "relaxed" ? ["relaxed", "simd128"] : [best]);
            const variants = all.filter((variant) => files.engine[variant]);
            const expected = await fetchExpectations();
            if (signal.aborted) return;
            change({ inUse, n: variants.length * expected.pictures.length });
            for (const variant of variants) {
                try {
                    const { engine, basis } = loadEngine(files, { variant });
                    await testVariant(await engine, await basis, expected, signal);
                } catch (error) {
                    if (signal.aborted) return;
                    const rows = state.selfTest.value.rows.filter((row) => row.variant !== variant);
                    const skipped = [
                        ...state.selfTest.value.skipped,
                        { variant, failure: failureOf(error, "inference_failed") },
                    ];
                    change({ rows, skipped });
                }
            }
            change({ status: "done" });
        } catch (error) {
            if (!signal.aborted) change({ status: "done", error: failureOf(error, "self_test_missing") });
        }
    }

    /** Closing the dialog ends it: what was found so far is no result. */
    function stopSelfTest() {
        running.abort();
        state.selfTest.value = null;
    }

    /** @param {Partial<import("../state.js").SelfTest>} news */
    function change(news) {
        if (state.selfTest.value) state.selfTest.value = { ...state.selfTest.value, ...news };
    }

    async function fetchExpectations() {
        const response = await fetchFile(context.platform.selfTestFile());
        return parseExpectations(await response.json());
    }

    /** @param {Engine} engine @param {Basis} basis @param {Expectations} expected @param {AbortSignal} signal */
    async function testVariant(
        { variant, module, card, vocabulary, model, companions },
        { session },
        { pipeline, pictures },
        signal,
    ) {
        signal.throwIfAborted();
        const client = new WorkerClient(await context.platform.startWorker("self-test"));
        const stop = () => client.stop();
        signal.addEventListener("abort", stop, { once: true });
        try {
            signal.throwIfAborted();
            const start = { card, vocabulary };
            const { facts } = await client.call(
                "start_tagger",
                { ...start, module, model, companions, limits: {} },
                { timeoutMs: START_TIMEOUT_MS },
            );
            const { pipeline_version: pipelineVersion } = await client.call(
                "start_session",
                { ...start, module: session },
                { timeoutMs: START_TIMEOUT_MS },
            );
            const other = pictures.find((picture) => picture.model !== facts.id);
            if (other || pipelineVersion !== pipeline) {
                const detail = `Expected ${pictures[0]?.model}, pipeline ${pipeline}; this is ${facts.id}, pipeline ${pipelineVersion}.`;
                throw new CodedError("self_test_other_build", detail);
            }
            for (const picture of pictures) {
                const url = context.platform.samples().find(({ name }) => name === picture.name)?.url;
                if (!url)
                    throw new CodedError("self_test_other_build", `The build has no sample picture ${picture.name}.`);
                const file = await (await fetchFile(url)).blob();
                const tagging = await client.call("tag", { file }, { timeoutMs: TAG_TIMEOUT_MS });
                add(compareRow(picture, variant, allTags(tagging, vocabulary), tagging.timings_ms));
            }
        } finally {
            signal.removeEventListener("abort", stop);
            client.stop();
        }
    }

    /** @param {Row} row */
    function add(row) {
        const { selfTest } = state;
        if (selfTest.value)
            batch(() =>
                change({ rows: [...(selfTest.value?.rows ?? []), row], done: (selfTest.value?.done ?? 0) + 1 }),
            );
    }

    const version = () => context.platform.version();
    const licencesUrl = () => context.platform.licencesFile().href;
    const canCopy = () => context.platform.copyText !== null;

    /** Puts the result on the clipboard, as text. */
    async function copySelfTest() {
        const result = state.selfTest.value;
        const { platform } = context;
        if (!result?.inUse || !platform.copyText) return;
        const { number, build } = platform.version();
        const { cores, memoryGb } = platform.machine();
        const machine = `${cores ?? "?"} cores, ${memoryGb ?? "?"} GB, ${navigator.userAgent}`;
        const facts = [`Tagsmith ${number} (${build}), engine in use: ${result.inUse}`, machine];
        try {
            await platform.copyText(toText({ ...result, inUse: result.inUse }, facts));
            notify("said_copied");
        } catch {
            notify("said_not_copied");
        }
    }

    return { canCopy, copySelfTest, licencesUrl, startSelfTest, stopSelfTest, version };
}
