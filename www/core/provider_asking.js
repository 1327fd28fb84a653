/**
 * One provider, asked: requests from the module's set-up, a token where it wants one, and what came of it, counted in the units that it bills.
 * Each call sends one request at most, so that whoever calls has it in the log before it is sent: also the one for a token.
 * @import { Provider } from "./providers_api.d.ts"
 * @import { Heard, HttpAnswer, Line } from "./provider_line.js"
 * @import { HttpRequest, ProviderAnswer, ProviderFailure } from "../../wasm/src/types.d.ts"
 * @import { CheckReply, CheckStep, CheckStepName, Secrets, SendReply, Sent, SentPicture, SignedIn, TokenWanted } from "./provider_protocol.js"
 *
 * `isRefused`: it was said not to hold. @typedef {{value: string, until: number, isRefused: boolean}} Token
 */
import { byServiceClock } from "./clocks.js";
import { failureOf } from "./protocol.js";
import { CHECK_STEPS, failed } from "./provider_protocol.js";

/** A token is renewed so long before its end, or at half its life. */
const EARLY_MS = 300_000;
/** What a picture of a few pixels may be refused for, once everything else was accepted. */
const IS_ENOUGH = "provider_picture_refused";
/** The step that a failure belongs to; what is not here was answered, and wrongly. @type {Record<string, CheckStepName>} */
const STEP_OF = {
    provider_setup_invalid: "form",
    provider_key_missing: "form",
    provider_unreachable: "reach",
    provider_blocked: "reach",
    provider_offline: "reach",
    provider_timed_out: "reach",
    provider_answer_lost: "reach",
    provider_local_refused: "reach",
    provider_not_enabled: "reach",
    provider_clock_wrong: "sign_in",
    provider_key_wrong: "sign_in",
    provider_key_expired: "sign_in",
    provider_key_revoked: "sign_in",
    provider_region_wrong: "sign_in",
    provider_not_permitted: "rights",
    provider_quota_used_up: "rights",
    provider_throttled: "rights",
};

export class ProviderAsking {
    #provider;
    #line;
    #secrets;
    #now;
    /** @type {Token | null} */
    #token = null;
    /** Why there is none. @type {ProviderFailure | null} */
    #whyNone = null;
    /** Tokens that were refused, one after the other: a new one is worth a try, a second one is not. */
    #nRefused = 0;

    /** @param {Provider} provider @param {Line} line @param {Secrets} secrets @param {() => number} [now] */
    constructor(provider, line, secrets, now = Date.now) {
        this.#provider = provider;
        this.#line = line;
        this.#secrets = secrets;
        this.#now = now;
    }

    /** @param {Secrets} secrets */
    setSecrets(secrets) {
        this.#secrets = secrets;
        this.#token = this.#whyNone = null;
        this.#nRefused = 0;
    }

    /** What a request for a token would send, where one is wanted before anything else is asked. @param {string | null} [checked] the language of a check, whose form comes first @returns {TokenWanted | null} */
    tokenWanted(checked = null) {
        if (!this.#provider.needsToken() || (this.#token && this.#now() < this.#token.until)) return null;
        this.#token = this.#whyNone = null;
        try {
            if (checked !== null) this.#probeForm(checked);
            const request = this.#provider.tokenRequest(JSON.stringify(this.#secrets));
            return { host: new URL(request.url).host, n_bytes: request.body.length };
        } catch (error) {
            this.#whyNone = failedBefore(error);
            return null;
        }
    }

    /** Whoever cancels a request does not cancel this: others wait for it too. @returns {Promise<SignedIn>} */
    async signIn() {
        const request = this.#provider.tokenRequest(JSON.stringify(this.#secrets));
        const start = this.#now();
        const { sent, answer, failure } = await this.#line.ask(request, new AbortController().signal);
        const read = answer ? this.#provider.token(answer.status, answer.headers, answer.body) : null;
        const why = failure ?? (read && "failure" in read ? read.failure : null);
        if (why) {
            // Nothing of a picture has left: whoever signs in is not billed.
            const detail = hidden(why.detail, JSON.stringify(this.#secrets));
            this.#whyNone = { ...why, detail, billed: "no" };
            return { ...sent, detail };
        }
        const { token: value, expires_in_s: seconds } = /** @type {{token: string, expires_in_s: number}} */ (read);
        const until = start + Math.max((seconds * 1000) / 2, seconds * 1000 - EARLY_MS);
        this.#token = { value, until, isRefused: false };
        return { ...sent, detail: null };
    }

    /**
     * @param {readonly SentPicture[]} pictures @param {string} language @param {AbortSignal} signal
     * @returns {Promise<SendReply>}
     */
    async send(pictures, language, signal) {
        const files = await Promise.all(
            pictures.map(async ({ blob, width, height }) => {
                return { bytes: new Uint8Array(await blob.arrayBuffer()), media_type: blob.type, width, height };
            }),
        );
        const n = files.length;
        const build = (/** @type {string} */ secrets) => this.#provider.request(secrets, files, language);
        const { heard, secrets, token } = await this.#ask(signal, build);
        if (token && this.#isWornOut(heard, token)) heard.failure = { ...WORN_OUT };
        const { sent, answered } = this.#read(heard, n, secrets);
        if ("failure" in answered)
            return { ...sent, results: null, failure: answered.failure, ...this.#bill(n, [answered]) };
        return { ...sent, results: answered.results, failure: null, ...this.#bill(n, answered.results) };
    }

    /**
     * Each step with what is in its way.
     * @param {string} language @param {AbortSignal} signal @param {(share: number) => void} progress @returns {Promise<CheckReply>}
     */
    async check(language, signal, progress) {
        /** @type {(failure: ProviderFailure | null) => CheckStep[]} */
        const steps = (failure) => {
            const at = failure ? CHECK_STEPS.indexOf(STEP_OF[failure.code] ?? "answer") : CHECK_STEPS.length;
            return CHECK_STEPS.map((step, idx) => {
                if (idx < at) return { step, ok: true, failure: null };
                return idx === at ? { step, ok: false, failure } : { step, ok: null, failure: null };
            });
        };
        try {
            this.#probeForm(language);
        } catch (error) {
            return { steps: steps(failedBefore(error)), sent: null };
        }
        progress(1 / CHECK_STEPS.length);
        const { heard, secrets } = await this.#ask(signal, (secrets) => this.#provider.probe(secrets, language));
        const { sent, answered } = this.#read(heard, 1, secrets);
        const [result] = "results" in answered ? answered.results : [answered];
        const failure = result && "failure" in result && result.failure.code !== IS_ENOUGH ? result.failure : null;
        const isSent = sent.outcome !== "unreached";
        return {
            steps: steps(failure),
            sent: isSent ? { ...sent, ...this.#bill(1, result ? [result] : []) } : null,
        };
    }

    /** @param {string} language @throws what a person has to fill in */
    #probeForm(language) {
        const token = this.#provider.needsToken() && { token: "none-yet" };
        this.#provider.probe(JSON.stringify({ ...this.#secrets, ...token }), language);
    }

    /**
     * @param {AbortSignal} signal @param {(secrets: string) => HttpRequest} build
     * @returns {Promise<{heard: Heard, secrets: string, token: Token | null}>} `secrets`: those that it was asked with, as JSON
     */
    async #ask(signal, build) {
        const token = this.#token;
        const secrets = JSON.stringify(token ? { ...this.#secrets, token: token.value } : this.#secrets);
        if (!token && this.#provider.needsToken()) return { heard: unsent(this.#whyNone ?? NO_TOKEN), secrets, token };
        /** @type {HttpRequest} */
        let request;
        try {
            request = build(secrets);
        } catch (error) {
            return { heard: unsent(failedBefore(error)), secrets, token };
        }
        return { heard: await this.#line.ask(request, signal), secrets, token };
    }

    /** Whether the token was refused and another one is worth a try. @param {Heard} heard @param {Token} used */
    #isWornOut({ answer }, used) {
        if (!answer) return false;
        if (answer.status !== 401) {
            this.#nRefused = 0;
            return false;
        }
        if (!used.isRefused) this.#nRefused++;
        used.isRefused = true;
        if (this.#token === used) this.#token = null; // another request may have renewed it already
        return this.#nRefused === 1;
    }

    /** @param {Heard} heard @param {number} n @param {string} secrets @returns {{sent: Sent, answered: ProviderAnswer}} */
    #read({ sent, answer, failure }, n, secrets) {
        if (failure) return { sent, answered: { failure } };
        const { status, headers, body } = /** @type {HttpAnswer} */ (answer);
        const answered = this.#provider.answer(status, headers, body, n);
        for (const one of "results" in answered ? answered.results : [answered])
            if ("failure" in one) {
                one.failure.detail = hidden(one.failure.detail, secrets);
                one.failure = byServiceClock(one.failure, headers, this.#now());
            }
        return { sent, answered };
    }

    /**
     * In units; a failure of the whole request is that of all its pictures.
     * @param {number} n @param {readonly ({found: unknown} | {failure: ProviderFailure})[]} results
     */
    #bill(n, results) {
        if (!this.#provider.isBilled()) return { n_billed: 0, n_maybe: 0 };
        const each = results.length === 1 ? n : 1;
        const count = (/** @type {ProviderFailure["billed"]} */ wanted) =>
            each * results.filter((one) => ("failure" in one ? one.failure.billed : "yes") === wanted).length;
        const units = (/** @type {number} */ pictures) => (pictures > 0 ? this.#provider.units(pictures) : 0);
        return { n_billed: units(count("yes")), n_maybe: units(count("maybe")) };
    }
}

/** The same request may go again at once, with another token; not as if nothing had been sent. @type {ProviderFailure} */
const WORN_OUT = Object.freeze(
    failed("provider_key_expired", "The token was refused before its time; another one is fetched.", {
        retry: { after_ms: 0 },
    }),
);
/** It has run out between two calls. @type {ProviderFailure} */
const NO_TOKEN = Object.freeze(
    failed("provider_key_expired", "The token has run out; another one is fetched.", { retry: { after_ms: 0 } }),
);

/** What was thrown before a request was there. @param {unknown} thrown @returns {ProviderFailure} */
function failedBefore(thrown) {
    if (thrown instanceof WebAssembly.RuntimeError) throw thrown;
    const { code, detail } = failureOf(thrown, "provider_request_refused");
    return failed(code, detail);
}

/** @param {ProviderFailure} failure @returns {Heard} */
const unsent = (failure) => ({
    sent: { status: null, n_bytes: 0, ms: 0, outcome: "unreached" },
    answer: null,
    failure: { ...failure },
});

/** What a server says may repeat what it was sent. @param {string} text @param {string} secrets as JSON */
function hidden(text, secrets) {
    /** @type {unknown[]} */
    const values = Object.values(JSON.parse(secrets));
    const secret = values.flatMap((value) =>
        typeof value === "string" && value.trim().length >= 6 ? [value.trim()] : [],
    );
    return secret.reduce((shown, value) => shown.replaceAll(value, "…"), text);
}
