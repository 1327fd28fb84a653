/**
 * What one visit works with, set up once by `start`. Only the actions see it.
 * @import { Engine } from "../../core/engine.js"
 * @import { BatchLink } from "../../core/batch.js"
 * @import { TaggerPool } from "../../core/pool.js"
 * @import { RelaunchLimit } from "../../core/relaunch.js"
 * @import { Platform } from "../../platform/platform.d.ts"
 * @import { Options } from "./engine.js"
 *
 * @typedef {{platform: Platform, options: Options, relaunch: RelaunchLimit, pool: TaggerPool, link: BatchLink, engine: Promise<Engine>}} Session
 */

export const session = /** @type {Session} */ ({});
