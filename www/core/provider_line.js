/**
 * One request of a provider worker after the other: with an end, a limit, and an honest word about what became of it. A browser tells a page
 * next to nothing of a request that failed, so it is looked first whether anybody is there: what was never sent was never billed.
 * @import { HttpRequest, ProviderFailure } from "../../wasm/src/types.d.ts"
 * @import { Sent } from "./provider_protocol.js"
 *
 * @typedef {{status: number, headers: [string, string][], body: Uint8Array<ArrayBuffer>}} HttpAnswer
 * @typedef {{sent: Sent, answer: HttpAnswer | null, failure: ProviderFailure | null}} Heard one of `answer` and `failure` is there
 * @typedef {{fetch: (url: string, init: RequestInit) => Promise<Response>, timeoutMs: number, canLook: boolean, isOnline: () => boolean,
 *   pageProtocol: string, referrerPolicy?: ReferrerPolicy, now?: () => number}} LineOptions
 *   `canLook`: whether an answer that no page may read still tells that there was one; `referrerPolicy`: "no-referrer" unless given
 */
import { ownSpace } from "./addresses.js";
import { failed } from "./provider_protocol.js";

/** More than the tags of any request that a provider takes. */
export const MAX_ANSWER_BYTES = 4 << 20;
/** Whoever is there says so sooner. */
const LOOK_MS = 10_000;
/** A person may be asked for leave first. */
const LOOK_AT_OWN_MS = 60_000;
const CANCELLED = "Cancelled.";
const UNSENT = "It was not sent.";

export class Line {
    #options;
    /** Origins that answered a request of ours with something we could read, the last time they were asked. @type {Set<string>} */
    #open = new Set();
    /** Origins that let us read an answer at any time. @type {Set<string>} */
    #readable = new Set();
    /** @type {Map<string, Promise<boolean | null>>} */
    #looks = new Map();

    /** @param {LineOptions} options */
    constructor(options) {
        this.#options = options;
    }

    /** @param {HttpRequest} request @param {AbortSignal} signal @returns {Promise<Heard>} */
    async ask(request, signal) {
        const { now = Date.now, fetch, isOnline, timeoutMs, referrerPolicy = "no-referrer" } = this.#options;
        const { origin, hostname } = new URL(request.url);
        const start = now();
        /** @param {Sent["outcome"]} outcome @param {ProviderFailure} failure @param {number | null} [status] @returns {Heard} */
        const without = (outcome, failure, status = null) => {
            const n_bytes = outcome === "unreached" ? 0 : request.body.length;
            return { sent: { status, n_bytes, ms: now() - start, outcome }, answer: null, failure };
        };
        if (signal.aborted) return without("unreached", failed("provider_answer_lost", CANCELLED));
        if (!isOnline() && ownSpace(hostname) === null)
            return without("unreached", failed("provider_offline", "The device is offline.", { retry: "backoff" }));
        const mixed = this.#mixed(request.url);
        if (mixed) return without("unreached", mixed);
        const isSeen = this.#open.has(origin) || (await this.looks(request.url));
        if (isSeen === false)
            return without(
                "unreached",
                failed("provider_unreachable", `${origin} cannot be reached.`, { retry: "backoff" }),
            );
        if (signal.aborted) return without("unreached", failed("provider_answer_lost", CANCELLED));
        const end = new Ending(signal, timeoutMs);
        try {
            const { method, url, headers, body } = request;
            const init = { method, headers, ...(body.length > 0 && { body }), referrerPolicy, signal: end.signal };
            const response = await fetch(url, { ...init, ...spaceOf(hostname) }).catch(() => null);
            if (!response) return without("lost", end.failure() ?? (await this.#whyNothing(request.url, isSeen)));
            this.#open.add(origin);
            this.#readable.add(origin);
            const { body: read, isWhole, isTooLong } = await bodyOf(response);
            const { status, ok } = response;
            // A refusal is one whatever came of its text.
            if (!ok || isWhole) {
                const sent = { status, n_bytes: body.length, ms: now() - start, outcome: outcomeOf(ok) };
                return { sent, answer: { status, headers: [...response.headers], body: read }, failure: null };
            }
            if (isTooLong) {
                const detail = `The answer is longer than ${MAX_ANSWER_BYTES} bytes.`;
                return without("answered", failed("provider_answer_unreadable", detail, { billed: "maybe" }), status);
            }
            return without("lost", end.failure() ?? lost("The answer broke off."), status);
        } finally {
            end.forget();
        }
    }

    /** Whether anybody is at an address; null where this browser does not tell. Several who ask at once look once. @param {string} url */
    looks(url) {
        const { origin, pathname, hostname } = new URL(url);
        const { fetch, canLook } = this.#options;
        const look = async () => {
            if (!canLook) return null;
            const end = new Ending(null, ownSpace(hostname) ? LOOK_AT_OWN_MS : LOOK_MS);
            const how = {
                method: "GET",
                mode: /** @type {const} */ ("no-cors"),
                redirect: /** @type {const} */ ("follow"),
            };
            try {
                await fetch(origin + pathname, { ...how, ...spaceOf(hostname), signal: end.signal });
                return true;
            } catch {
                return false;
            } finally {
                end.forget();
                this.#looks.delete(origin);
            }
        };
        const looked = this.#looks.get(origin) ?? look();
        this.#looks.set(origin, looked);
        return looked;
    }

    /**
     * After a request of which the browser says nothing. It may have arrived: a connection that was cut and an answer that no page may read
     * look alike, unless this worker has read answers from there before.
     * @param {string} url @param {boolean | null} wasSeen
     */
    async #whyNothing(url, wasSeen) {
        const { origin } = new URL(url);
        this.#open.delete(origin);
        const isSeen = await this.looks(url);
        const isKnown = this.#readable.has(origin);
        if (isSeen && !isKnown) {
            const detail = `${origin} answers, but lets no page read it (CORS), or sends it somewhere else.`;
            return failed("provider_blocked", detail, { billed: "maybe" });
        }
        if (isKnown || wasSeen) return lost("The connection broke off before an answer came.");
        const detail = `${origin} cannot be reached, or lets no page read its answers (CORS).`;
        return failed("provider_unreachable", detail, { billed: "maybe" });
    }

    /** What no browser lets a page ask without being told what it is for. @param {string} url */
    #mixed(url) {
        const { protocol, hostname } = new URL(url);
        const isMixed =
            this.#options.pageProtocol === "https:" && protocol === "http:" && ownSpace(hostname) === "local";
        if (!isMixed || Object.keys(spaceOf(hostname)).length > 0) return null;
        const detail = `This browser lets a page that came over https ask nothing over http but this machine itself. ${UNSENT}`;
        return failed("provider_local_refused", detail);
    }
}

/** The end of a request: its time is up, or somebody has cancelled it. */
class Ending {
    #controller = new AbortController();
    #outer;
    #timer;
    #isLate = false;
    #seconds;

    /** @param {AbortSignal | null} outer @param {number} ms */
    constructor(outer, ms) {
        this.#outer = outer;
        this.#seconds = Math.round(ms / 1000);
        this.#timer = setTimeout(() => {
            this.#isLate = true;
            this.#controller.abort();
        }, ms);
        outer?.addEventListener("abort", this.#cancel);
    }

    get signal() {
        return this.#controller.signal;
    }

    #cancel = () => this.#controller.abort();

    /** Null where it was neither. */
    failure() {
        if (this.#isLate)
            return failed("provider_timed_out", `No answer in ${this.#seconds} s.`, {
                retry: "backoff",
                billed: "maybe",
            });
        return this.#outer?.aborted ? lost(CANCELLED) : null;
    }

    forget() {
        clearTimeout(this.#timer);
        this.#outer?.removeEventListener("abort", this.#cancel);
    }
}

/** @param {string} detail */
const lost = (detail) => failed("provider_answer_lost", detail, { retry: "backoff", billed: "maybe" });

/** @param {boolean} ok @returns {Sent["outcome"]} */
const outcomeOf = (ok) => (ok ? "answered" : "refused");

/**
 * What there is of a body, up to the limit.
 * @param {Response} response @returns {Promise<{body: Uint8Array<ArrayBuffer>, isWhole: boolean, isTooLong: boolean}>}
 */
async function bodyOf(response) {
    /** @type {Uint8Array<ArrayBuffer>[]} */
    const parts = [];
    let size = 0;
    const end = async (isWhole = false, isTooLong = false) => ({
        body: new Uint8Array(await new Blob(parts).arrayBuffer()),
        isWhole,
        isTooLong,
    });
    const reader = response.body?.getReader();
    if (!reader) return end(true);
    try {
        for (;;) {
            const { done, value } = await reader.read();
            if (done) return end(true);
            size += value.length;
            if (size > MAX_ANSWER_BYTES) {
                void reader.cancel().catch(() => {});
                return end(false, true);
            }
            parts.push(value);
        }
    } catch {
        return end();
    }
}

/** By space: whether this browser knows it. @type {Map<string, boolean>} */
const known = new Map();

/**
 * Where an address of one's own is: browsers that ask a person for leave let a page say so, and then take http from a page that came over
 * https. Those that do not know the word refuse it, or pass it over.
 * @param {string} hostname @returns {{targetAddressSpace?: string}}
 */
function spaceOf(hostname) {
    const space = ownSpace(hostname);
    if (space === null) return {};
    if (!known.has(space)) known.set(space, knowsSpace(space));
    return known.get(space) ? { targetAddressSpace: space } : {};
}

/** @param {string} space */
function knowsSpace(space) {
    try {
        const init = /** @type {RequestInit} */ ({ targetAddressSpace: space });
        return Reflect.get(new Request("http://localhost/", init), "targetAddressSpace") === space;
    } catch {
        return false;
    }
}
