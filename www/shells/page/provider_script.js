/**
 * The provider worker's script as the service worker hands it out: under a policy that names the origins which that worker is for and nothing
 * else, and only where each of them is enabled. The worker knows its origins from the first line, which nobody else can put there: an address
 * or a message could come from anybody (docs/decisions/021-provider-worker.md).
 */
import { EMBEDDER, STRICT, isEnabled, originsIn } from "../../platform/provider_origins.js";

/** The script in a build, with its hash or without. */
const NAME = /^provider(\.[0-9a-f]{10})?\.js$/;

/** Whether a file of this name is ever answered as it lies there: the script, asked for with or without origins, never is. @param {string} name */
export const isProviderScript = (name) => NAME.test(name);

/**
 * The policy of a worker that may reach `origins`. It needs no script but its own, and no worker.
 * @param {readonly string[]} origins
 */
export const providerCsp = (origins) =>
    [
        "default-src 'none'",
        "script-src 'wasm-unsafe-eval'",
        `connect-src ${origins.join(" ") || "'none'"}`,
        "worker-src 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ].join("; ");

/**
 * @param {{request: Request, scope: string, script: () => Promise<string | null>}} asked `script`: the build's, or null where what is there is
 *   another
 */
export async function answerForProvider({ request, scope, script }) {
    const { search } = new URL(request.url);
    if (request.destination !== "worker") return refused("It is for a worker of the page only.");
    const origins = originsIn(search);
    if (!origins) return refused("These are not the origins of a provider.");
    for (const origin of origins)
        if (!(await isEnabled(scope, origin))) return refused(`${origin} is not enabled on this page.`);
    const text = await script();
    if (text === null) return refused("The provider worker did not arrive as it was built.");
    const isStrict = new URLSearchParams(search).get(EMBEDDER) === STRICT;
    const given = JSON.stringify({ origins, isStrict });
    return new Response(`"use strict"; const TAGSMITH_PROVIDER = ${given};\n${text}`, {
        headers: headers(providerCsp(origins), isStrict ? STRICT : "credentialless"),
    });
}

/** @param {string} why */
const refused = (why) =>
    new Response(`${why}\n`, { status: 403, headers: headers("default-src 'none'", STRICT, "text/plain") });

/**
 * A page that is isolated starts no worker without these.
 * @param {string} policy @param {string} embedder @param {string} [type]
 */
const headers = (policy, embedder, type = "text/javascript") => ({
    "Content-Type": `${type}; charset=utf-8`,
    "Content-Security-Policy": policy,
    "Cross-Origin-Embedder-Policy": embedder,
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
});
