/** Fetching a large file chunk by chunk, for the page itself and for the proxy frame through which it fetches from elsewhere. */

/** @typedef {{code: "model_unreachable" | "model_transfer_broken", detail: string}} FetchFailure */

/**
 * Gives the file's bytes as they come. Nothing of the person goes along: no cookies, no referrer. The browser's own cache is left
 * out: what is kept, is kept by us, and what arrived wrong must not come again from there.
 * @param {string} url @param {AbortSignal} [signal] @returns {AsyncGenerator<Uint8Array<ArrayBuffer>>}
 * @throws {FetchFailure}
 */
export async function* downloadChunks(url, signal) {
    /** @type {RequestInit} */
    const how = { credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store" };
    const response = await fetch(url, signal ? { ...how, signal } : how).catch((error) => {
        throw failure("model_unreachable", `${url} could not be fetched: ${error.message}`);
    });
    if (!response.ok || !response.body)
        throw failure("model_unreachable", `${url}: the server answered ${response.status}.`);
    const reader = response.body.getReader();
    for (;;) {
        const { done, value } = await reader.read().catch((error) => {
            throw failure("model_transfer_broken", `The transfer from ${url} ended early: ${error.message}`);
        });
        if (done) return;
        yield value;
    }
}

/** @param {FetchFailure["code"]} code @param {string} detail @returns {FetchFailure} */
const failure = (code, detail) => ({ code, detail });
