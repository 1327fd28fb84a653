/** For the unit tests of the pool: workers that a test plays itself. */
import { TaggerPool } from "./pool.js";
import { CodedError } from "./protocol.js";
import { RelaunchLimit } from "./relaunch.js";

export const tick = () => new Promise((resolve) => setTimeout(resolve, 0));

/**
 * A pool whose workers are played by the test: `calls` holds what was sent and not yet answered. `loads` has an entry for each time that
 * the detector was fetched; `detector` says how that goes, and how loading it does.
 * @param {{size?: number, max?: number, detector?: {fetched?: () => Promise<void>, loaded?: () => Promise<void>}}} [options]
 */
export function makePool({ size = 1, max = 5, detector = {} } = {}) {
    /** @type {{name: string, answer: () => void, refuse: (code: string) => void, crash: () => void, timeOut: () => void, setMemory: (bytes: number) => void}[]} */
    const calls = [];
    /** @type {string[]} */
    const events = [];
    /** @type {boolean[]} */
    const loads = [];
    let nLoaded = 0;
    let nStarted = 0;
    let nStarting = 0;
    let nStartingAtOnce = 0;
    const pool = new TaggerPool({
        size,
        relaunch: new RelaunchLimit({ max }),
        start: async (onCrash) => {
            nStarted++;
            nStartingAtOnce = Math.max(nStartingAtOnce, ++nStarting);
            await tick();
            nStarting--;
            const client = {
                isGone: false,
                isTimedOut: false,
                memory: 65e6,
                stop: () => void (client.isGone = true),
                call: openCall,
            };
            /** @param {string} call @param {{file: Blob, tag?: string}} params */
            async function openCall(call, { file, tag }) {
                if (call === "start_objects") {
                    nLoaded++;
                    return detector.loaded?.();
                }
                const { name: text } = /** @type {File} */ (file);
                const named = {
                    explain: `${tag} in ${text}`,
                    preview: `look at ${text}`,
                    look_again: `again ${text}`,
                    embed_views: `embed ${text}`,
                };
                const name = /** @type {Record<string, string>} */ (named)[call] ?? text;
                return new Promise((resolve, reject) => {
                    const crash = () => {
                        const error = new CodedError("worker_crashed", "boom");
                        client.isGone = true;
                        reject(error);
                        onCrash(error);
                    };
                    calls.push({
                        name,
                        answer: () => resolve(name),
                        refuse: (code) => reject(new CodedError(code, "")),
                        crash,
                        timeOut: () => {
                            client.isTimedOut = true;
                            crash();
                        },
                        setMemory: (bytes) => {
                            client.memory = bytes;
                        },
                    });
                });
            }
            return /** @type {any} */ ({ client, ready: { ms: 0, facts: {} } });
        },
        detector: {
            load: async (isAgain) => {
                loads.push(isAgain);
                await detector.fetched?.();
                return {};
            },
            onOff: (error) => events.push(/** @type {CodedError} */ (error).code),
        },
        onOff: (error) => events.push(error.code),
        onFailed: (error) => events.push(String(error)),
    });
    let id = 0;
    /** @param {string} name */
    const tag = (name) =>
        pool
            .tag(++id, new File([], name))
            .then(String, (error) => (error.name === "CodedError" ? error.code : error.name));
    /** @param {string} name @param {string} tag */
    const explain = (name, tag) => pool.explain(new File([], name), tag).then(String, (error) => error.code);
    /** @param {number} id @param {string} name */
    const preview = (id, name) => pool.preview(id, new File([], name)).then(String, (error) => error.name);
    /** @param {number} id @param {string} name */
    const lookAgain = (id, name) =>
        pool
            .lookAgain(id, new File([], name), /** @type {any} */ ({}))
            .then(String, (error) => (error.name === "CodedError" ? error.code : error.name));
    const next = async () => {
        while (calls.length === 0) await tick();
        return /** @type {(typeof calls)[0]} */ (calls.shift());
    };
    /** Answers so many calls, one after the other; what they were. @param {number} n */
    const answer = async (n) => {
        const order = [];
        for (let i = 0; i < n; i++) {
            const call = await next();
            order.push(call.name);
            call.answer();
            await tick();
        }
        return order;
    };
    return {
        pool,
        tag,
        explain,
        preview,
        lookAgain,
        loads,
        nLoaded: () => nLoaded,
        next,
        answer,
        calls,
        events,
        nStarted: () => nStarted,
        nStartingAtOnce: () => nStartingAtOnce,
    };
}
