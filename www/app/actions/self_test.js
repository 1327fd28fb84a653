/**
 * The self-test: the sample pictures through every build of the engine that runs here, each in a worker of its own with the model that
 * comes with the page. The sheet, its workers and the model in use are not touched.
 * @import { Context } from "../context.js"
 * @import { Engine, Variant } from "../../core/engine.js"
 * @import { TaggedReply } from "../../core/protocol.js"
 * @import { Expectations, Row } from "../self_test.js"
 */
import { WorkerClient } from "../../core/client.js";
import { fetch_file, load_engine, probe } from "../../core/engine.js";
import { CodedError, failure_of } from "../../core/protocol.js";
import { batch } from "../../vendor/signals.js";
import { as_text, checked_expectations, row_of } from "../self_test.js";
import * as state from "../state.js";
import { show } from "./say.js";

const START_TIMEOUT_MS = 120_000;
const TAG_TIMEOUT_MS = 60_000;

/** Every tag that a picture may have. @param {TaggedReply} tagging @param {string} vocabulary */
function all_tags({ tags, confidences }, vocabulary) {
    const language = state.tag_language.value;
    /** @type {{id: string, names: Record<string, string>}[]} */
    const entries = JSON.parse(vocabulary).tags;
    return Array.from(tags, (tag, idx) => {
        const { id = "", names = {} } = entries[tag] ?? {};
        return { id, name: names[language] ?? names["en"] ?? id, confidence: confidences[idx] ?? 0 };
    });
}

/** @param {Context} context */
export function create_self_test(context) {
    /** Ends the test under way. */
    let running = new AbortController();

    async function start_self_test() {
        running.abort();
        running = new AbortController();
        const { signal } = running;
        const { platform, options } = context;
        state.self_test.value = { status: "running", done: 0, n: 0, rows: [], skipped: [], in_use: null, error: null };
        try {
            const in_use = options.variant ?? probe();
            const variants = /** @type {Variant[]} */ (probe() === "relaxed" ? ["relaxed", "simd128"] : ["simd128"]);
            const expected = await fetch_expectations();
            if (signal.aborted) return;
            change({ in_use, n: variants.length * expected.pictures.length });
            for (const variant of variants) {
                try {
                    await test_variant(await load_engine(platform.engine_files(), { variant }), expected, signal);
                } catch (error) {
                    if (signal.aborted) return;
                    const rows = state.self_test.value.rows.filter((row) => row.variant !== variant);
                    const skipped = [...state.self_test.value.skipped, { variant, failure: failure_of(error, "inference_failed") }];
                    change({ rows, skipped });
                }
            }
            change({ status: "done" });
        } catch (error) {
            if (!signal.aborted) change({ status: "done", error: failure_of(error, "self_test_missing") });
        }
    }

    /** Closing the dialog ends it: what was found so far is no result. */
    function stop_self_test() {
        running.abort();
        state.self_test.value = null;
    }

    /** @param {Partial<import("../state.js").SelfTest>} news */
    function change(news) {
        if (state.self_test.value) state.self_test.value = { ...state.self_test.value, ...news };
    }

    async function fetch_expectations() {
        const response = await fetch_file(context.platform.self_test_file());
        return checked_expectations(await response.json());
    }

    /** @param {Engine} engine @param {Expectations} expected @param {AbortSignal} signal */
    async function test_variant({ variant, module, session, card, vocabulary, model, companions }, { pipeline, pictures }, signal) {
        signal.throwIfAborted();
        const client = new WorkerClient(await context.platform.start_worker("self-test"));
        const stop = () => client.stop();
        signal.addEventListener("abort", stop, { once: true });
        try {
            signal.throwIfAborted();
            const start = { card, vocabulary };
            const { facts } = await client.call("start_tagger", { ...start, module, model, companions, limits: {} }, { timeout_ms: START_TIMEOUT_MS });
            const { pipeline_version } = await client.call("start_session", { ...start, module: session }, { timeout_ms: START_TIMEOUT_MS });
            const other = pictures.find((picture) => picture.model !== facts.id);
            if (other || pipeline_version !== pipeline) {
                const detail = `Expected ${pictures[0]?.model}, pipeline ${pipeline}; this is ${facts.id}, pipeline ${pipeline_version}.`;
                throw new CodedError("self_test_other_build", detail);
            }
            for (const picture of pictures) {
                const url = context.platform.samples().find(({ name }) => name === picture.name)?.url;
                if (!url) throw new CodedError("self_test_other_build", `The build has no sample picture ${picture.name}.`);
                const file = await (await fetch_file(url)).blob();
                const tagging = await client.call("tag", { file }, { timeout_ms: TAG_TIMEOUT_MS });
                add(row_of(picture, variant, all_tags(tagging, vocabulary), tagging.timings_ms));
            }
        } finally {
            signal.removeEventListener("abort", stop);
            client.stop();
        }
    }

    /** @param {Row} row */
    function add(row) {
        const { self_test } = state;
        if (self_test.value) batch(() => change({ rows: [...(self_test.value?.rows ?? []), row], done: (self_test.value?.done ?? 0) + 1 }));
    }

    const version = () => context.platform.version();
    const can_copy = () => context.platform.copy_text !== null;

    /** Puts the result on the clipboard, as text. */
    async function copy_self_test() {
        const result = state.self_test.value;
        const { platform } = context;
        if (!result?.in_use || !platform.copy_text) return;
        const { number, build } = platform.version();
        const { cores, memory_gb } = platform.machine();
        const machine = `${cores ?? "?"} cores, ${memory_gb ?? "?"} GB, ${navigator.userAgent}`;
        const facts = [`Tagsmith ${number} (${build}), engine in use: ${result.in_use}`, machine];
        try {
            await platform.copy_text(as_text({ ...result, in_use: result.in_use }, facts));
            show("said_copied");
        } catch {
            show("said_not_copied");
        }
    }

    return { can_copy, copy_self_test, start_self_test, stop_self_test, version };
}
