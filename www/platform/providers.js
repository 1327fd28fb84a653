/**
 * Other taggers, as a page reaches them: from a worker that the service worker hands out under a policy of its own (shells/page/
 * provider_script.js). The page itself never reaches them. An extension has its host permissions instead.
 * @import { Providers } from "./platform.d.ts"
 *
 * @typedef {Awaited<ReturnType<Providers["whyNot"]>>} Reason
 * @typedef {{scope: string, script: string, module: URL, serviceWorker: string, trust: (url: string) => unknown}} ProviderFacts
 *   `trust` makes what `Worker` takes as a script's address
 */
import { ownSpace } from "../core/addresses.js";
import { fetchModule } from "../core/engine.js";
import { CodedError } from "../core/protocol.js";
import { EMBEDDER, STRICT, addressFor, disable, enable, enabledOrigins, isProviderOrigin } from "./provider_origins.js";

/** A worker's script comes from the cache, or from the page's own host. */
const START_MS = 20_000;

/** What browsers call the leave to ask addresses of one's own: since Chrome 145, and before that. */
const LEAVES = { loopback: "loopback-network", local: "local-network" };
const FORMER_LEAVE = "local-network-access";

/** @param {ProviderFacts} facts @returns {Providers} */
export function openProviders({ scope, script, module, serviceWorker, trust }) {
    const { serviceWorker: workers } = /** @type {{serviceWorker?: ServiceWorkerContainer}} */ (navigator);
    /** Whether this browser knows a worker that asks without credentials; null until one was started. @type {boolean | null} */
    let isStrict = null;

    /** Why there is no service worker to ask, if there is none. @returns {Promise<Reason>} */
    async function whyNoServiceWorker() {
        if (!workers || !navigator.locks || typeof caches === "undefined") return "no_service_worker";
        if (workers.controller) return null;
        const registration = await workers.getRegistration(scope).catch(() => undefined);
        if (!registration) return whyNotRegistered(workers);
        return registration.active ? "reload" : "not_yet";
    }

    /**
     * The page has asked for it already, and does not ask why it got none.
     * @param {ServiceWorkerContainer} workers @returns {Promise<Reason>}
     */
    async function whyNotRegistered(workers) {
        let isForbidden = false;
        const note = () => void (isForbidden = true);
        document.addEventListener("securitypolicyviolation", note);
        try {
            await workers.register(/** @type {string} */ (trust(serviceWorker)), { updateViaCache: "none" });
            return "not_yet";
        } catch {
            await new Promise((told) => setTimeout(told)); // the event may come after the refusal
            return isForbidden ? "forbidden" : "no_service_worker";
        } finally {
            document.removeEventListener("securitypolicyviolation", note);
        }
    }

    /** @param {readonly string[]} origins @param {boolean} strictly */
    async function startOne(origins, strictly) {
        const url = new URL(addressFor(script, origins));
        if (strictly) url.searchParams.append(EMBEDDER, STRICT);
        const worker = new Worker(/** @type {string} */ (trust(url.href)), { name: "tagsmith provider" });
        try {
            const known = await readiness(worker);
            if (JSON.stringify(known) === JSON.stringify(origins)) return worker;
            throw unavailable("reload", "The provider worker did not come from the service worker of this version.");
        } catch (error) {
            worker.terminate();
            throw error;
        }
    }

    /** @param {readonly string[]} origins */
    async function startWorker(origins) {
        const reason = await whyNoServiceWorker();
        if (reason) throw unavailable(reason, "This page has no service worker.");
        const enabled = await enabledOrigins(scope);
        const missing = origins.find((origin) => !enabled.includes(origin));
        if (missing !== undefined) throw new CodedError("provider_not_enabled", `${missing} is not enabled.`);
        if (isStrict !== null) return startOne(origins, isStrict);
        try {
            const worker = await startOne(origins, false);
            isStrict = false;
            return worker;
        } catch (error) {
            if (/** @type {CodedError} */ (error).subject !== "forbidden") throw error;
            const worker = await startOne(origins, true);
            isStrict = true;
            return worker;
        }
    }

    return {
        async whyNot() {
            try {
                (await startWorker([])).terminate();
                return null;
            } catch (error) {
                return /** @type {Reason} */ (/** @type {CodedError} */ (error).subject) ?? "forbidden";
            }
        },
        enable: (origins) => enable(scope, origins),
        disable: (origins) => disable(scope, origins),
        enabled: () => enabledOrigins(scope),
        isPossible: async (origin) => isProviderOrigin(origin),
        startWorker,
        loadModule: () => fetchModule(module),
        localLeave,
        async serverDate() {
            const response = await fetch(scope, { method: "HEAD", cache: "no-store" }).catch(() => null);
            const time = Date.parse(response?.headers.get("date") ?? "");
            return Number.isNaN(time) ? null : time;
        },
    };
}

/** The origins that a worker says it has, once it runs. @param {Worker} worker @returns {Promise<string[] | null>} */
function readiness(worker) {
    return new Promise((resolve, reject) => {
        const late = setTimeout(
            () => reject(unavailable("forbidden", "The provider worker does not start.")),
            START_MS,
        );
        const settle = (/** @type {() => void} */ end) => {
            clearTimeout(late);
            worker.onmessage = worker.onerror = null;
            end();
        };
        worker.onmessage = ({ data }) => settle(() => resolve(data.ready));
        worker.onerror = () =>
            settle(() => reject(unavailable("forbidden", "The provider worker could not be loaded.")));
    });
}

/** @param {Reason} reason @param {string} detail */
const unavailable = (reason, detail) => new CodedError("provider_unavailable_here", detail, reason ?? undefined);

/**
 * What the browser says of an address of one's own; "none" where it needs no leave, or does not tell. A page of this machine needs none, and
 * one of its network none for its neighbours, but the browser speaks of a leave all the same.
 * @type {Providers["localLeave"]}
 */
async function localLeave(origin) {
    const space = ownSpace(new URL(origin).hostname);
    if (space === null) return "none";
    const own = ownSpace(location.hostname);
    for (const name of [LEAVES[space], FORMER_LEAVE]) {
        try {
            const { state } = await navigator.permissions.query({ name: /** @type {PermissionName} */ (name) });
            return state === "prompt" && (own === "loopback" || own === space) ? "none" : state;
        } catch {
            // This browser does not know it by this name.
        }
    }
    return "none";
}
