/**
 * One provider, seen from the page: its worker, and what only the page can find out of a request that failed.
 * @import { Providers } from "../platform/platform.d.ts"
 * @import { Compared, Comparison, ModelQuestion, ModelReply, OsgiFacts, ProviderFailure, ProviderPreset, ProviderResult } from "../../wasm/src/types.d.ts"
 * @import { CheckReply, CheckStep, CheckStepName, Described, ProviderCalls, Secrets, SendReply, SentPicture, Setup, TokenLog } from "./provider_protocol.js"
 */
import { WorkerClient } from "./client.js";
import { clocksApart } from "./clocks.js";
import { CodedError, failureOf } from "./protocol.js";
import { CHECK_STEPS, failed } from "./provider_protocol.js";

/** A set-up is read in no time; a worker that does not answer is broken. */
const CALL_MS = 30_000;
/** A request has its own end in the worker, and so have a token and the looks before and after it. This is for a worker that is stuck. */
const STUCK_MS = 300_000;
/** What a browser that refuses to ask looks like, and nothing else of which more is known. */
const UNEXPLAINED = ["provider_unreachable", "provider_blocked", "provider_answer_lost"];

export class ProviderClient {
    #providers;
    #client;
    #nextId = 0;
    #stuckMs = STUCK_MS;
    /** @type {readonly string[]} */
    #origins = [];
    /** Null where no token is fetched. @type {TokenLog | null} */
    #log = null;
    /** One at a time, for all who wait for the token. @type {Promise<void> | null} */
    #signingIn = null;

    /** @param {Providers} providers @param {WorkerClient<ProviderCalls>} client */
    constructor(providers, client) {
        this.#providers = providers;
        this.#client = client;
    }

    /**
     * Starts a worker that reaches these origins, which must be enabled; one without any explains set-ups.
     * @param {Providers} providers @param {readonly string[]} origins @param {(error: CodedError) => void} [onGone]
     */
    static async open(providers, origins, onGone) {
        const [worker, module] = await Promise.all([providers.startWorker(origins), providers.loadModule()]).catch(
            (error) => {
                throw error instanceof CodedError
                    ? error
                    : new CodedError("provider_unavailable_here", String(error.message ?? error));
            },
        );
        /** @type {WorkerClient<ProviderCalls>} */
        const client = new WorkerClient(worker, onGone);
        try {
            await client.call("load", { module }, { timeoutMs: CALL_MS });
        } catch (error) {
            client.stop();
            throw error;
        }
        return new ProviderClient(providers, client);
    }

    get isGone() {
        return this.#client.isGone;
    }

    /** What a set-up comes to; nobody is asked. @param {Setup} setup @returns {Promise<Described>} */
    describe(setup) {
        return this.#client.call("describe", { setup }, { timeoutMs: CALL_MS });
    }

    /** @returns {Promise<ProviderPreset[]>} */
    presets() {
        return this.#client.call("presets", {}, { timeoutMs: CALL_MS });
    }

    /** What the browser's own model is asked of a picture. @param {{setup: Setup, vocabulary: string[], language: string}} wanted @returns {Promise<ModelQuestion[]>} */
    questions(wanted) {
        return this.#client.call("questions", wanted, { timeoutMs: CALL_MS });
    }

    /** What its replies to those of one picture say together. @param {ModelReply[]} replies @returns {Promise<ProviderResult>} */
    readReplies(replies) {
        return this.#client.call("read_replies", { replies }, { timeoutMs: CALL_MS });
    }

    /** How far several sources agree. @param {Compared} compared @returns {Promise<Comparison>} */
    compare(compared) {
        return this.#client.call("compare", { compared }, { timeoutMs: CALL_MS });
    }

    /** @param {{name: string, text: string}[]} files @returns {Promise<OsgiFacts>} */
    readOsgi(files) {
        return this.#client.call("read_osgi", { files }, { timeoutMs: CALL_MS });
    }

    /** @param {{setup: Setup, secrets: Secrets, timeoutMs: number, log?: TokenLog}} wanted `timeoutMs`: for one request; `log`: to be given by whoever asks anything */
    async start({ setup, secrets, timeoutMs, log = noLog }) {
        const facts = await this.#client.call(
            "start",
            { setup, secrets, timeout_ms: timeoutMs },
            { timeoutMs: CALL_MS },
        );
        this.#origins = facts.origins;
        this.#log = facts.signs_in ? log : null;
        this.#stuckMs = 4 * timeoutMs + STUCK_MS;
        return facts;
    }

    /** @param {Secrets} secrets */
    setSecrets(secrets) {
        return this.#client.call("set_secrets", { secrets }, { timeoutMs: CALL_MS });
    }

    /** How pictures of these sizes in bytes are put together, and what is billed for all of them. @param {number[]} sizes @param {Setup} [setup] another than the one that was started */
    plan(sizes, setup) {
        return this.#client.call("plan", { sizes, ...(setup && { setup }) }, { timeoutMs: CALL_MS });
    }

    /**
     * Never rejects for what a network or a provider does: that is in the reply, also of a request that was aborted. Rejects where the worker is
     * gone, when nobody knows what became of it.
     * @param {{pictures: SentPicture[], language: string}} wanted
     * @param {{signal?: AbortSignal | undefined, whyNot?: () => ProviderFailure | null}} [how] `whyNot`: why they must not leave, if so; asked last of all, as signing in takes its time
     * @returns {Promise<SendReply>}
     */
    async send(wanted, { signal, whyNot = () => null } = {}) {
        const timeoutMs = this.#stuckMs;
        const unsent = (await this.#signIn()) ?? (signal?.aborted ? CANCELLED : whyNot());
        if (unsent) return { ...NOT_SENT, failure: unsent };
        const reply = await this.#abortable(signal, (id) =>
            this.#client.call("send", { id, ...wanted }, { timeoutMs }),
        );
        const failure = reply.failure && (await this.#explained(reply.failure));
        return failure && failure !== reply.failure ? { ...reply, ...this.#reached(failure), failure } : reply;
    }

    /**
     * @param {string} language @param {{signal?: AbortSignal | undefined, onProgress?: (share: number) => void}} [how]
     * @returns {Promise<CheckReply>}
     */
    async check(language, { signal, onProgress = () => {} } = {}) {
        const whyNot = await this.#signIn(language);
        if (whyNot) return { steps: CHECK_STEPS.map((step) => unknownFrom("sign_in", step, whyNot)), sent: null };
        const reply = await this.#abortable(signal, (id) =>
            this.#client.call("check", { id, language }, { onProgress, timeoutMs: this.#stuckMs }),
        );
        const steps = reply.steps.map(async (step) => {
            return step.failure ? { ...step, failure: await this.#explained(step.failure) } : step;
        });
        return { ...reply, steps: await Promise.all(steps) };
    }

    stop() {
        this.#client.stop();
    }

    /** A token where one is wanted; a request that cannot be logged is not sent. @param {string | null} [checked] the language of a check @returns {Promise<ProviderFailure | null>} why there is none */
    async #signIn(checked = null) {
        const log = this.#log;
        if (!log) return null;
        this.#signingIn ??= this.#signInOnce(log, checked).finally(() => void (this.#signingIn = null));
        try {
            await this.#signingIn;
            return null;
        } catch (error) {
            const { code, detail } = failureOf(error, "worker_crashed");
            return failed(code, detail, { retry: code === "library_unwritten" ? "never" : "backoff" });
        }
    }

    /** @param {TokenLog} log @param {string | null} checked */
    async #signInOnce(log, checked) {
        const wanted = await this.#client.call("token_wanted", { checked }, { timeoutMs: CALL_MS });
        if (!wanted) return;
        const end = await log(wanted).catch((error) => {
            throw new CodedError("library_unwritten", failureOf(error, "library_unwritten").detail);
        });
        const signedIn = await this.#client.call("sign_in", {}, { timeoutMs: this.#stuckMs });
        void end(signedIn).catch(() => {}); // it has cost nothing: nobody waits for that
    }

    /**
     * @template T
     * @param {AbortSignal | undefined} signal @param {(id: number) => Promise<T>} call
     */
    async #abortable(signal, call) {
        const id = ++this.#nextId;
        const abort = () => void this.#client.call("abort", { id }).catch(() => {});
        const answer = call(id);
        if (signal?.aborted) abort();
        signal?.addEventListener("abort", abort, { once: true });
        try {
            return await answer;
        } finally {
            signal?.removeEventListener("abort", abort);
        }
    }

    /** @param {ProviderFailure} failure @returns {Promise<ProviderFailure>} */
    async #explained(failure) {
        if (!UNEXPLAINED.includes(failure.code)) return failure;
        const leaves = await Promise.all(this.#origins.map((origin) => this.#providers.localLeave(origin)));
        const refused = this.#origins.find((_, idx) => leaves[idx] === "denied");
        if (refused) {
            const detail = `This browser was told to let no page from here ask ${refused}. Nothing was sent.`;
            return { code: "provider_local_refused", detail, retry: "never", billed: "no" };
        }
        if (failure.code !== "provider_unreachable" || !this.#origins.some((origin) => origin.startsWith("https:")))
            return failure;
        const apart = clocksApart(await this.#providers.serverDate(), Date.now(), "the one of this page’s host");
        if (!apart) return failure;
        const detail = `${apart} Certificates may seem not to hold.`;
        return { ...failure, code: "provider_clock_wrong", detail, retry: "never" };
    }

    /** What a failure that was explained says of the request. @param {ProviderFailure} failure @returns {Partial<SendReply>} */
    #reached({ billed }) {
        return billed === "no" ? { outcome: "unreached", n_bytes: 0, n_billed: 0, n_maybe: 0 } : {};
    }
}

/** @type {TokenLog} */
const noLog = () => Promise.reject(new TypeError("A request for a token needs its row in the log."));

/** @param {CheckStepName} wrong @param {CheckStepName} step @param {ProviderFailure} failure @returns {CheckStep} */
const unknownFrom = (wrong, step, failure) =>
    step === wrong ? { step, ok: false, failure } : { step, ok: step === "form" ? true : null, failure: null };

const NOT_SENT = Object.freeze({
    ...{ status: null, n_bytes: 0, ms: 0, outcome: /** @type {const} */ ("unreached") },
    ...{ results: null, n_billed: 0, n_maybe: 0 },
});
const CANCELLED = failed("provider_answer_lost", "It was cancelled before anything was sent.");
