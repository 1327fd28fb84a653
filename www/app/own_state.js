/**
 * What the part "own_tags" knows, as signals. Views read; the actions of own tags write (app/actions/own_*.js). What only a view remembers is in
 * own_view_state.js.
 * @import { Failure } from "../core/protocol.js"
 * @import { Guidelines } from "../core/train_api.d.ts"
 * @import { OwnTagger, Training } from "../db/own_protocol.js"
 *
 * What a tagger is set to, in its `settings`. `files`: a selection; where there is none, all pictures of the collections of which a person said something.
 * `tags`: those that are learnt, by id; null is all that were given. `weekly`: when it is trained anew, `day` from 0 (Sunday) and `minute` of that day, both by
 * the clock here; `after_n`: once so many pictures are newly tagged; `once_ms`: at that moment, once. `keeps_squares`: so that it can be trained for another network.
 * `without_moved`: what came with a file is not learnt from.
 * @typedef {{
 *   collections: readonly number[], files: readonly number[], tags: readonly string[] | null,
 *   weekly: {day: number, minute: number} | null, after_n: number | null, once_ms?: number | null, keeps_squares: boolean,
 *   without_moved: boolean }} OwnSettings
 *
 * A tag among the examples. `n`: pictures that have it; `nRejected`: that a person took it from.
 * @typedef {{tag: {id: string, name: string, language?: string}, n: number, nRejected: number}} TaughtTag
 * What is learnt from. `unlearnt`: tags of these pictures that it is not to learn. `nToEmbed`: examples of which something is missing that can be made up for;
 * `nOutOfReach`: of which nothing is known, and neither file nor square is at hand.
 * @typedef {{
 *   tagger: string, status: "reading" | "ready" | "failed", tags: readonly TaughtTag[], unlearnt: readonly TaughtTag[],
 *   nExamples: number, nToEmbed: number, nOutOfReach: number, guidelines: Guidelines | null, failure: Failure | null }} TrainingSetView
 *
 * A training under way in this tab. `isResumed`: it was interrupted before. `n` and `nDone`: of the pictures that are embedded; `share` of the whole.
 * @typedef {"reading" | "embedding" | "fitting" | "keeping"} TrainingStage
 * @typedef {{tagger: string, training: number, title: string, isResumed: boolean, stage: TrainingStage, share: number, nDone: number, n: number}} TrainingView
 * How the last one ended. `nLeftOut`: examples that could not be embedded. `head`: null where there is none of it.
 * @typedef {{tagger: string, head: number | null, nLeftOut: number, failure: Failure | null}} TrainingOver
 *
 * Tagging with a head. `nFailed`: pictures that could not be embedded.
 * @typedef {{
 *   tagger: string, head: number, n: number, nDone: number, nFailed: number, status: "running" | "ended" | "stopped", failure: Failure | null }} OwnTaggingView
 * `n`: corrections since the version in use that the draft has learnt; `ms`: what that took.
 * @typedef {{n: number, ms: number}} DraftView
 * When a tagger is trained by itself. `next_ms`: the next set time; `nNew`: pictures newly tagged since its last training. `why`: it is due.
 * @typedef {{next_ms: number | null, nNew: number, why: "once" | "weekly" | "after_n" | null}} ScheduleView
 */
import { signal } from "../vendor/signals.js";

/** Null until they are known. */
export const ownTaggers = signal(/** @type {readonly OwnTagger[] | null} */ (null));
export const trainingSet = signal(/** @type {TrainingSetView | null} */ (null));
export const training = signal(/** @type {TrainingView | null} */ (null));
export const trainingOver = signal(/** @type {TrainingOver | null} */ (null));
/** Begun in an earlier visit, or in a tab that is gone, and not ended. */
export const waitingTrainings = signal(/** @type {readonly Training[]} */ ([]));
export const ownTagging = signal(/** @type {OwnTaggingView | null} */ (null));
/** By tagger: pictures of the collection on screen that its version in use has not seen; `ready`: with an embedding, at once. */
export const untagged = signal(/** @type {ReadonlyMap<string, {ready: number, without: number}>} */ (new Map()));
export const drafts = signal(/** @type {ReadonlyMap<string, DraftView>} */ (new Map()));
export const schedule = signal(/** @type {ReadonlyMap<string, ScheduleView>} */ (new Map()));
/** What could not be done, until something else is done. */
export const ownFailure = signal(/** @type {Failure | null} */ (null));
