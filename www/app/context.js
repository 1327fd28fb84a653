/**
 * What the actions of one visit work with: the platform, the taggers, the session and the engine that they run. It is made once and
 * handed to whoever needs it.
 * @import { Basis, Engine, Variant } from "../core/engine.js"
 * @import { Limits, ModelFacts } from "../core/engine_api.d.ts"
 * @import { SessionReady, Snapshot, Update } from "../core/protocol.js"
 * @import { Store } from "../db/client.js"
 * @import { Change } from "../db/protocol.js"
 * @import { Platform } from "../platform/platform.d.ts"
 *
 * @typedef {{
 *   workers?: number | undefined, relaunches?: number | undefined, relaunchWindowMs?: number | undefined,
 *   timeoutMs?: number | undefined, variant?: Variant | undefined, limits?: Partial<Limits> }} Options
 *
 * What the workers report of themselves.
 * @typedef {{
 *   onReady: (facts: ModelFacts) => void, onSession: (ready: SessionReady) => void,
 *   onSnapshot: (snapshot: Snapshot, update: Update) => void,
 *   onOff: (error: unknown) => void, onFailed: (error: unknown) => void, onObjectsLoaded: () => void,
 *   onObjectsOff: (error: unknown) => void, onChange: (change: Change) => void, onStalled: (isStalled: boolean) => void,
 *   onStoreFailed: (error: unknown, code: string) => void }} Handlers
 *   `onChange`, `onStalled`: what the store tells, see db/client.js; `onStoreFailed`: of what nobody waits for, with a code where it has none
 *
 * `engine` and `basis` are what workers that start are given: the newest that was asked for.
 * @typedef {{
 *   platform: Platform, options: Options, relaunch: RelaunchLimit, pool: TaggerPool, session: SessionClient, library: Library,
 *   openStore: () => Promise<Store>, engine: Promise<Engine>, basis: Promise<Basis> }} Context
 */
import { TaggerPool, poolSize } from "../core/pool.js";
import { RelaunchLimit } from "../core/relaunch.js";
import { loadExports, loadObjects } from "../core/engine.js";
import { SessionClient } from "../core/session.js";
import { openStore } from "../db/client.js";
import { effect } from "../vendor/signals.js";
import { createKept } from "./kept.js";
import { Library } from "./library.js";
import { limitsOf } from "./settings.js";
import * as state from "./state.js";
import { load, startSession, startTagger } from "./workers.js";

/** A store that ends more often within a minute cannot live. */
const STORE_RELAUNCHES = 5;
/** In a first visit the store comes after the first tags, and without any after so long. */
const STORE_AFTER_MS = 3_000;

/**
 * Fetches the engine at once, with the given model or else the one that comes with the page; no worker starts yet.
 * @param {Platform} platform @param {Options} options @param {string | null} model its key among those that are kept
 * @param {Handlers} handlers @returns {Context}
 */
export function createContext(
    platform,
    options,
    model,
    {
        onReady,
        onSession,
        onSnapshot,
        onOff,
        onFailed,
        onObjectsLoaded,
        onObjectsOff,
        onChange,
        onStalled,
        onStoreFailed,
    },
) {
    const relaunch = new RelaunchLimit(relaunchLimit(options));
    const shared = { relaunch, timeoutMs: options.timeoutMs ?? 30_000, onOff, onFailed };
    const pool = new TaggerPool({
        ...shared,
        size: options.workers ?? poolSize(platform.machine()),
        start: (onCrash) => startTagger(context, context.engine, onCrash),
        onReady: ({ facts }) => onReady(facts),
        limits: () => limitsOf(state.settings.value),
        detector: {
            async load(isAgain) {
                await firstTagsDrawn();
                const files = await loadObjects(platform.engineFiles(), isAgain);
                onObjectsLoaded();
                return files;
            },
            onOff: onObjectsOff,
        },
    });
    const start = (/** @type {(error: import("../core/protocol.js").CodedError) => void} */ onCrash) =>
        startSession(context, context.basis, onCrash);
    const storeRelaunch = new RelaunchLimit({ max: STORE_RELAUNCHES });
    /** @type {Promise<unknown> | undefined} */
    let shown;
    const untilShown = () =>
        (shown ??= Promise.race([firstTagsDrawn(), new Promise((resolve) => setTimeout(resolve, STORE_AFTER_MS))]));
    const onUnwritten = (/** @type {unknown} */ error) => onStoreFailed(error, "library_unwritten");
    const told = { onChange, onStalled, onUnwritten };
    const open = () => openStore({ ...platform.store, relaunch: storeRelaunch, ...told, untilShown });
    const library = new Library(open, platform.store.scope, onStoreFailed);
    const session = new SessionClient({
        ...shared,
        start,
        kept: createKept(library, onStoreFailed),
        loadExports: () => loadExports(platform.engineFiles()),
        onReady: onSession,
        onSnapshot,
    });
    /** @type {Context} */
    const context = {
        ...{ platform, options, relaunch, pool, session, library },
        openStore: () => library.openStore(),
        ...load({ platform, options }, model),
    };
    return context;
}

/** How often workers may start again: as the address says, else as it is set. @param {Options} options */
export function relaunchLimit(options) {
    const { relaunches, relaunch_window_s: relaunchWindowS } = state.settings.value;
    return { max: options.relaunches ?? relaunches, windowMs: options.relaunchWindowMs ?? relaunchWindowS * 1000 };
}

/** Nothing of the detector comes before the first tags. @returns {Promise<void>} */
function firstTagsDrawn() {
    return new Promise((resolve) => {
        const end = effect(() => {
            if (!state.areTagsDrawn.value) return;
            resolve();
            queueMicrotask(() => end());
        });
    });
}
