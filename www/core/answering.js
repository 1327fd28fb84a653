/**
 * What every worker does beside its work: it answers calls, and holds a lock for life.
 * @import { Failure } from "./protocol.js"
 */
import { failureOf } from "./protocol.js";

/**
 * Holds a lock until this worker dies, however it dies (see client.js).
 * @param {{lock: string}} wanted @returns {Promise<null>}
 */
export const live = ({ lock }) =>
    new Promise((held) => {
        navigator.locks.request(lock, () => {
            held(null);
            return new Promise(() => {});
        });
    });

/**
 * Answers the calls of a worker whose module may trap.
 * @param {DedicatedWorkerGlobalScope} scope @param {Record<string, (params: any, progress: (share: number) => void) => unknown>} handlers by the call
 * @param {{memory: () => WebAssembly.Memory | undefined, code: string}} of `code`: of what goes wrong and has none
 */
export function answerCalls(scope, handlers, { memory, code }) {
    /** @param {{data: {seq: number, name: string, params: unknown}}} event */
    scope.onmessage = async ({ data: { seq, name, params } }) => {
        const answer = (/** @type {{ok: unknown} | {error: Failure}} */ said) =>
            scope.postMessage({ seq, ...said, memory: memory()?.buffer.byteLength ?? 0 });
        try {
            const progress = (/** @type {number} */ share) => scope.postMessage({ seq, progress: share });
            answer({ ok: await handlers[name]?.(params, progress) });
        } catch (error) {
            // After a trap the module's memory is in an unknown state.
            if (error instanceof WebAssembly.RuntimeError)
                scope.postMessage({ crash: String(error), stage: "picture" });
            else answer({ error: failureOf(error, code) });
        }
    };
}
