/**
 * What the actions of one visit work with: the platform, the taggers, the session and the engine that they run. It is made once and
 * handed to whoever needs it.
 * @import { Engine, Variant } from "../core/engine.js"
 * @import { Limits, ModelFacts } from "../core/engine_api.d.ts"
 * @import { SessionReady, Snapshot, Update } from "../core/protocol.js"
 * @import { Platform } from "../platform/platform.d.ts"
 *
 * @typedef {{
 *   workers?: number | undefined, relaunches?: number | undefined, relaunch_window_ms?: number | undefined,
 *   timeout_ms?: number | undefined, variant?: Variant | undefined, limits?: Partial<Limits> }} Options
 *
 * What the workers report of themselves.
 * @typedef {{
 *   on_ready: (facts: ModelFacts) => void, on_session: (ready: SessionReady) => void,
 *   on_snapshot: (snapshot: Snapshot, update: Update) => void,
 *   on_off: (error: unknown) => void, on_failed: (error: unknown) => void }} Handlers
 *
 * `engine` is what workers that start are given: the newest that was asked for.
 * @typedef {{platform: Platform, options: Options, relaunch: RelaunchLimit, pool: TaggerPool, session: SessionClient, engine: Promise<Engine>}} Context
 */
import { TaggerPool, pool_size } from "../core/pool.js";
import { RelaunchLimit } from "../core/relaunch.js";
import { SessionClient } from "../core/session.js";
import * as state from "./state.js";
import { load, start_session, start_tagger } from "./workers.js";

/**
 * Fetches the engine at once, with the given model or else the one that comes with the page; no worker starts yet.
 * @param {Platform} platform @param {Options} options @param {string | null} model its key among those that are kept
 * @param {Handlers} handlers @returns {Context}
 */
export function create_context(platform, options, model, { on_ready, on_session, on_snapshot, on_off, on_failed }) {
    const relaunch = new RelaunchLimit(relaunch_limit(options));
    const shared = { relaunch, timeout_ms: options.timeout_ms ?? 30_000, on_off, on_failed };
    const pool = new TaggerPool({
        ...shared,
        size: options.workers ?? pool_size(platform.machine()),
        start: (on_crash) => start_tagger(context, context.engine, on_crash),
        on_ready: ({ facts }) => on_ready(facts),
        is_tiled: () => state.settings.value.is_thorough,
    });
    const start = (/** @type {(error: import("../core/protocol.js").CodedError) => void} */ on_crash) => start_session(context, context.engine, on_crash);
    const session = new SessionClient({ ...shared, start, on_ready: on_session, on_snapshot });
    /** @type {Context} */
    const context = { platform, options, relaunch, pool, session, engine: load({ platform, options }, model) };
    return context;
}

/** How often workers may start again: as the address says, else as it is set. @param {Options} options */
export function relaunch_limit(options) {
    const { relaunches, relaunch_window_s } = state.settings.value;
    return { max: options.relaunches ?? relaunches, window_ms: options.relaunch_window_ms ?? relaunch_window_s * 1000 };
}
