/**
 * The provider worker: asks one other tagger. It reaches the origins that the service worker gave it and nothing else, on whatever host.
 */
import { keepToOrigins } from "./provider_reach.js";

const scope = /** @type {DedicatedWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));
const given = typeof TAGSMITH_PROVIDER === "undefined" ? null : TAGSMITH_PROVIDER;
keepToOrigins(scope, given?.origins ?? []);

scope.postMessage({ ready: given?.origins ?? null });
