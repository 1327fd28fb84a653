/**
 * One provider, asked: requests from the module's set-up, a token where it wants one, and what came of it, counted in the units that it bills.
 * @import { Provider } from "./providers_api.d.ts"
 * @import { Heard, HttpAnswer, Line } from "./provider_line.js"
 * @import { HttpRequest, ProviderAnswer, ProviderFailure } from "../../wasm/src/types.d.ts"
 * @import { CheckReply, CheckStep, CheckStepName, Secrets, SendReply, Sent, SentOnTheWay, SentPicture } from "./provider_protocol.js"
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
    /** @type {{value: Promise<string>, until: number} | null} */
    #token = null;

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
        this.#token = null;
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
        const { heard, secrets, also } = await this.#ask("tag", signal, (secrets) =>
            this.#provider.request(secrets, files, language),
        );
        const { sent, answered } = this.#read(heard, n, secrets);
        if ("failure" in answered)
            return { ...sent, results: null, failure: answered.failure, ...this.#bill(n, [answered]), also };
        return { ...sent, results: answered.results, failure: null, ...this.#bill(n, answered.results), also };
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
            const bare = JSON.stringify(
                this.#provider.needsToken() ? { ...this.#secrets, token: "none yet" } : this.#secrets,
            );
            this.#provider.probe(bare, language);
        } catch (error) {
            return { steps: steps(failedBefore(error)), sent: null, also: [] };
        }
        progress(1 / CHECK_STEPS.length);
        const { heard, secrets, also } = await this.#ask("check", signal, (secrets) =>
            this.#provider.probe(secrets, language),
        );
        const { sent, answered } = this.#read(heard, 1, secrets);
        const [result] = "results" in answered ? answered.results : [answered];
        const failure = result && "failure" in result && result.failure.code !== IS_ENOUGH ? result.failure : null;
        const isSent = sent.outcome !== "unreached";
        return {
            steps: steps(failure),
            sent: isSent ? { ...sent, ...this.#bill(1, result ? [result] : []) } : null,
            also,
        };
    }

    /**
     * With a token that holds, renewed once if it is said not to.
     * @param {SentOnTheWay["purpose"]} purpose @param {AbortSignal} signal @param {(secrets: string) => HttpRequest} build
     * @returns {Promise<{heard: Heard, secrets: string, also: SentOnTheWay[]}>} `secrets`: those that it was asked with, as JSON
     */
    async #ask(purpose, signal, build) {
        /** @type {SentOnTheWay[]} */
        const also = [];
        for (let isAgain = false; ; isAgain = true) {
            let secrets = JSON.stringify(this.#secrets);
            /** @type {HttpRequest} */
            let request;
            try {
                secrets = JSON.stringify(await this.#withToken(also));
                request = build(secrets);
            } catch (error) {
                return { heard: unsent(error), secrets, also };
            }
            const used = this.#token;
            const heard = await this.#line.ask(request, signal);
            if (heard.answer?.status !== 401 || !used || isAgain) return { heard, secrets, also };
            also.push({ ...heard.sent, purpose, host: hostOf(request), detail: "The token was refused." });
            if (this.#token === used) this.#token = null; // another request may have renewed it already
        }
    }

    /** @param {SentOnTheWay[]} also */
    async #withToken(also) {
        if (!this.#provider.needsToken()) return this.#secrets;
        if (!this.#token || this.#now() >= this.#token.until) {
            const wanted = { until: Number.POSITIVE_INFINITY, value: Promise.resolve("") };
            wanted.value = this.#fetchToken(also, wanted);
            this.#token = wanted;
            wanted.value.catch(() => {
                if (this.#token === wanted) this.#token = null;
            });
        }
        return { ...this.#secrets, token: await this.#token.value };
    }

    /** Whoever cancels a request does not cancel this: others wait for it too. @param {SentOnTheWay[]} also @param {{until: number}} wanted */
    async #fetchToken(also, wanted) {
        const request = this.#provider.tokenRequest(JSON.stringify(this.#secrets));
        const start = this.#now();
        const { sent, answer, failure } = await this.#line.ask(request, new AbortController().signal);
        const read = answer ? this.#provider.token(answer.status, answer.headers, answer.body) : null;
        const why = failure ?? (read && "failure" in read ? read.failure : null);
        if (why) why.detail = hidden(why.detail, JSON.stringify(this.#secrets));
        if (sent.outcome !== "unreached")
            also.push({ ...sent, purpose: "token", host: hostOf(request), detail: why?.detail ?? null });
        if (why) throw new SignInFailed(why);
        const { token, expires_in_s: seconds } = /** @type {{token: string, expires_in_s: number}} */ (read);
        wanted.until = start + Math.max((seconds * 1000) / 2, seconds * 1000 - EARLY_MS);
        return token;
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

/** Why there is no token. */
class SignInFailed extends Error {
    /** @param {ProviderFailure} failure */
    constructor(failure) {
        super(failure.detail);
        this.failure = failure;
    }
}

/** What was thrown before a request was there. @param {unknown} thrown @returns {ProviderFailure} */
function failedBefore(thrown) {
    // Nothing of a picture has left: whoever signs in is not billed.
    if (thrown instanceof SignInFailed) return { ...thrown.failure, billed: "no" };
    if (thrown instanceof WebAssembly.RuntimeError) throw thrown;
    const { code, detail } = failureOf(thrown, "provider_request_refused");
    return failed(code, detail);
}

/** @param {unknown} thrown @returns {Heard} */
const unsent = (thrown) => ({
    sent: { status: null, n_bytes: 0, ms: 0, outcome: "unreached" },
    answer: null,
    failure: failedBefore(thrown),
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

/** @param {HttpRequest} request */
const hostOf = ({ url }) => new URL(url).host;
