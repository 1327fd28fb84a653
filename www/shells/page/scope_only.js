/**
 * The one way that the service worker has to a network. Its policy is the header of its script, and a host may send none: so whatever asks an
 * address is taken off its globals, and what is left asks below its own scope only.
 */
import { takeFetch } from "../../core/asking.js";

/**
 * @param {ServiceWorkerGlobalScope} worker
 * @returns {(asked: Request | string, init?: RequestInit) => Promise<Response>} `fetch` below the scope; refuses every other address
 */
export function keepToScope(worker) {
    const { scope } = worker.registration;
    const ask = takeFetch(worker);
    return async (asked, init) => {
        const url = typeof asked === "string" ? asked : asked.url;
        if (!url.startsWith(scope)) throw new TypeError(`${url} is not below ${scope}`);
        return ask(asked, init);
    };
}
