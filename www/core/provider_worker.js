/**
 * The provider worker: asks one other tagger. It reaches the origins that the service worker gave it and nothing else, on whatever host, and
 * what it sends and reads is the module's.
 * @import { Described, ProviderCalls } from "./provider_protocol.js"
 */
import init, { Provider, compareSources, presets, questions, readOsgi, readReplies } from "tagsmith-providers";
import { answerCalls, live } from "./answering.js";
import { CodedError } from "./protocol.js";
import { ProviderAsking } from "./provider_asking.js";
import { Line } from "./provider_line.js";
import { keepToOrigins } from "./provider_reach.js";

const scope = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));
const given = typeof TAGSMITH_PROVIDER === "undefined" ? null : TAGSMITH_PROVIDER;
const origins = given?.origins ?? [];
const ask = keepToOrigins(scope, origins);

/** @type {WebAssembly.Memory | undefined} */
let memory;
/** @type {Provider | undefined} */
let provider;
/** @type {ProviderAsking | undefined} */
let asking;
/** What is under way, by its id. @type {Map<number, AbortController>} */
const underWay = new Map();

/** @param {Provider} provider @returns {Described} */
const described = (provider) => ({
    setup: JSON.parse(provider.setup()),
    notes: provider.notes(),
    origins: provider.origins(),
    need: provider.pictureNeed(),
    has_confidence: provider.hasConfidence(),
    is_billed: provider.isBilled(),
    signs_in: provider.needsToken(),
});

/** @param {number} id @param {(signal: AbortSignal) => Promise<any>} act */
async function abortable(id, act) {
    const controller = new AbortController();
    underWay.set(id, controller);
    try {
        return await act(controller.signal);
    } finally {
        underWay.delete(id);
    }
}

function started() {
    if (!provider || !asking) throw new TypeError("start comes first");
    return { provider, asking };
}

/** @type {{[K in keyof ProviderCalls]: (params: ProviderCalls[K][0], progress: (share: number) => void) => Promise<ProviderCalls[K][1]> | ProviderCalls[K][1]}} */
const handlers = {
    async load({ module }) {
        ({ memory } = await init({ module_or_path: module }));
        return null;
    },

    describe({ setup }) {
        const other = new Provider(JSON.stringify(setup));
        try {
            return described(other);
        } finally {
            other.free();
        }
    },

    presets: () => presets(),

    questions: ({ setup, vocabulary, language }) => questions(JSON.stringify(setup), vocabulary, language),

    read_replies: ({ replies }) => readReplies(replies),

    compare: ({ compared }) => compareSources(compared),

    read_osgi: ({ files }) => readOsgi(files),

    start({ setup, secrets, timeout_ms: timeoutMs }) {
        const next = new Provider(JSON.stringify(setup));
        const facts = described(next);
        const missing = facts.origins.find((origin) => !origins.includes(origin));
        if (missing !== undefined) {
            next.free();
            throw new CodedError("provider_not_enabled", `This worker was not given ${missing}.`);
        }
        provider?.free();
        provider = next;
        const line = new Line({
            fetch: ask,
            timeoutMs,
            canLook: given?.isStrict === false,
            isOnline: () => navigator.onLine,
            pageProtocol: location.protocol,
            // A key may be good for the pages of one site only, which Google sees by the origin in this header.
            referrerPolicy: facts.setup.kind === "google" ? "strict-origin" : "no-referrer",
        });
        asking = new ProviderAsking(provider, line, secrets);
        return facts;
    },

    set_secrets({ secrets }) {
        started().asking.setSecrets(secrets);
        return null;
    },

    token_wanted: ({ checked }) => started().asking.tokenWanted(checked),

    sign_in: () => started().asking.signIn(),

    plan({ sizes, setup }) {
        const other = setup && new Provider(JSON.stringify(setup));
        const asked = other ?? started().provider;
        const planned = { batches: [...asked.batches(Uint32Array.from(sizes))], units: asked.units(sizes.length) };
        other?.free();
        return planned;
    },

    send: ({ id, pictures, language }) => abortable(id, (signal) => started().asking.send(pictures, language, signal)),

    check: ({ id, language }, progress) =>
        abortable(id, (signal) => started().asking.check(language, signal, progress)),

    abort({ id }) {
        underWay.get(id)?.abort();
        return null;
    },

    live,
};

answerCalls(scope, handlers, { memory: () => memory, code: "provider_request_refused" });

scope.postMessage({ ready: given?.origins ?? null });
