/**
 * The browser's own model as a provider: asked in the window, where it lives, so that nothing leaves the device. What it is asked, and how its
 * replies are read, is the core's; that runs in a worker that can reach nobody. It has the face of ProviderClient.
 * @import { ModelQuestion, ProviderFailure } from "../../core/engine_api.d.ts"
 * @import { SendReply, SentPicture } from "../../core/provider_protocol.js"
 * @import { OpenBrowserModel } from "../../platform/platform.d.ts"
 * @import { Context } from "../context.js"
 * @import { Profile } from "../provider_state.js"
 */
import { ProviderClient } from "../../core/provider_client.js";
import { CodedError } from "../../core/protocol.js";
import { failed } from "../../core/provider_protocol.js";
import { modelWords } from "../browser_words.js";
import * as state from "../state.js";

/** Of one question. A model of this size takes seconds where it fits the device. */
const ANSWER_MS = 120_000;

/**
 * @param {Pick<Context, "basis" | "platform">} context @param {Pick<Profile, "language" | "setup">} profile
 * @throws provider_unavailable_here, or why the browser does not give it
 */
export async function openBrowserModel({ basis, platform }, { language, setup }) {
    const { browserModel, providers } = platform;
    if (!browserModel || !providers)
        throw new CodedError("provider_unavailable_here", "This browser has no model of its own.");
    const reader = await ProviderClient.open(providers, []);
    try {
        const ready = await reader.describe(setup);
        const { vocabulary } = await basis;
        const words = modelWords(vocabulary, {
            language,
            ...state.settings.value,
            frequent: state.summary.value?.frequent ?? [],
        });
        const questions = await reader.questions({ setup, vocabulary: words, language });
        const model = await browserModel.open({ language: questions[0]?.language ?? "en", onProgress: () => {} });
        return { client: new BrowserClient(reader, model, questions), ready, whenGone: () => {} };
    } catch (error) {
        reader.stop();
        throw typeof Object(error).code === "string" ? error : new CodedError(codeOf(error).code, String(error));
    }
}

class BrowserClient {
    #reader;
    #model;
    #questions;

    /** @param {ProviderClient} reader @param {OpenBrowserModel} model @param {readonly ModelQuestion[]} questions */
    constructor(reader, model, questions) {
        this.#reader = reader;
        this.#model = model;
        this.#questions = questions;
    }

    /** One picture at a time: the model has no more hands. @param {readonly number[]} sizes */
    async plan(sizes) {
        return { batches: sizes.map(() => 1), units: 0 };
    }

    /** @param {{pictures: SentPicture[], language: string}} wanted @param {{signal?: AbortSignal | undefined}} [how] @returns {Promise<SendReply>} */
    async send({ pictures }, { signal } = {}) {
        const begun = performance.now();
        const way = { status: null, n_bytes: 0, n_billed: 0, n_maybe: 0 };
        try {
            const results = [];
            for (const { blob } of pictures) results.push(await this.#askAbout(blob, signal));
            return { ...way, ms: performance.now() - begun, outcome: "answered", results, failure: null };
        } catch (error) {
            const { code, retry } = codeOf(error);
            const failure = failed(code, String(Object(error).message ?? error), { retry });
            return { ...way, ms: performance.now() - begun, outcome: "unreached", results: null, failure };
        }
    }

    /** @param {Blob} picture @param {AbortSignal | undefined} signal */
    async #askAbout(picture, signal) {
        const replies = [];
        for (const question of this.#questions) {
            const limit = AbortSignal.timeout(ANSWER_MS);
            const how = { signal: signal ? AbortSignal.any([signal, limit]) : limit };
            const reply = await this.#model.ask(
                picture,
                question.prompt,
                /** @type {object} */ (question.constraint),
                how,
            );
            replies.push({ question, reply });
        }
        return this.#reader.readReplies(replies);
    }

    stop() {
        this.#model.close();
        this.#reader.stop();
    }
}

/** What the names of the API's errors come to. @type {Record<string, {code: string, retry: ProviderFailure["retry"]}>} */
const CODES = {
    AbortError: { code: "provider_answer_lost", retry: "never" },
    TimeoutError: { code: "provider_timed_out", retry: "never" },
    NotReadableError: { code: "provider_picture_refused", retry: "never" },
    NotSupportedError: { code: "provider_language_unsupported", retry: "never" },
    QuotaExceededError: { code: "provider_request_refused", retry: "never" },
};

/** @param {unknown} error */
const codeOf = (error) =>
    CODES[String(Object(error).name)] ?? { code: "provider_unavailable", retry: /** @type {const} */ ("backoff") };
