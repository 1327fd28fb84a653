/**
 * What a provider worker may reach: the origins that the service worker gave it. Its policy says the same; this holds where the script was
 * loaded without the service worker, from a host that sends no policy, and then it is nothing at all.
 */
import { takeFetch } from "./asking.js";

/**
 * @param {DedicatedWorkerGlobalScope} worker @param {readonly string[]} origins
 * @returns {(url: string, init: RequestInit) => Promise<Response>} `fetch` of these origins; refuses every other
 */
export function keepToOrigins(worker, origins) {
    const ask = takeFetch(worker);
    return async (url, init) => {
        if (!origins.includes(new URL(url).origin)) throw new TypeError("This worker may not reach that origin.");
        // No browser keeps what a POST gave; with "no-store" it would ask for leave (CORS) before each one anew.
        const cache = init.method === "POST" ? "default" : "no-store";
        return ask(url, { redirect: "error", referrerPolicy: "no-referrer", ...init, credentials: "omit", cache });
    };
}
