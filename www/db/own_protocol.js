/**
 * Calls of the store about own taggers: what they learn from, their versions, and what these found. They are part of protocol.js and keep its
 * rules; what is kept, and in which shapes: docs/formats/library.md.
 * @import { NewPicture, WithStep } from "./protocol.js"
 *
 * `id`: of a tagger, given once and everywhere the same, also in files of heads: a random one of whoever makes it, at most 64 of `a`–`z`, `0`–`9` and `-`.
 * `is_used`: whether it tags, and shows. `settings`: the page's own, an object.
 * @typedef {{id: string, name: string, settings: Record<string, unknown>, is_used?: boolean}} NewOwnTagger
 * `heads`: the newest first. `trainings`: those that are under way or have failed, the newest first. Without those that were removed.
 * @typedef {{
 *   id: string, name: string, settings: Record<string, unknown>, is_used: boolean, made_ms: number, heads: HeadRow[], trainings: Training[] }} OwnTagger
 *
 * A version; its id is that of the training that has made it. `tags`: in the order of its file. `n_assets`: pictures that a run of it has tagged which was not undone. `bytes`: of file and report.
 * `number`: rises from 1 within its tagger, and is never given twice; as `version` in the head's file.
 * @typedef {{id: string, name: string, threshold: number, language?: string | null}} HeadTag
 * @typedef {{
 *   id: number, own_tagger: string, number: number, title: string, comment: string, seed: number, backbone: string, made_ms: number,
 *   n_examples: number, n_tags: number, tags: HeadTag[], is_in_use: boolean, has_report: boolean, n_assets: number, bytes: number }} HeadRow
 * What a training has made. `file`: the head's JSON (docs/formats/head.md); `report`: JSON, null without one; `backbone`: the model's id and version;
 * `read_ms`: when its set was read, now where nothing is said; what is said later is not in it.
 * @typedef {{
 *   seed: number, backbone: string, n_examples: number, tags: readonly HeadTag[], file: string, report: unknown, read_ms?: number }} NewHead
 *
 * Why a training was begun: a person pressed the button, it was due, or enough pictures were newly tagged; a head came from a file.
 * @typedef {"person" | "weekly" | "after_n" | "import"} TrainingReason
 * `is_running`: in a tab that lives; one that is neither running nor ended was interrupted and can be gone on with. `failure`: null also where it
 * was cancelled; `head`: what it has made, null where that is gone.
 * @typedef {{
 *   id: number, own_tagger: string, number: number, begun_ms: number, ended_ms: number | null, by: TrainingReason, title: string, comment: string,
 *   failure: {code: string, detail: string} | null, is_running: boolean, head: number | null }} Training
 *
 * Files to learn from: all of these collections that were not taken off, and these. `n_features`: of the backbone's embeddings; one of another length
 * counts as missing. `of`: "taught", only files of which a person said something.
 * @typedef {{
 *   collections?: readonly number[], files?: readonly number[] | Uint32Array, backbone: string, n_features: number, of?: "taught" | "all" }} WhichExamples
 * By columns, in the order of collections and places, each file once, and none that was taken off. `assets`: 0 where it was never read; files of one asset have the same content.
 * `sha256s`: 32 bytes each. `sides`: the longer side in pixels, 0 where that is unknown. `states`: places in FILE_STATES. `given`, `rejected`: places
 * in `tags`, those of all files one after the other, so many each as their lengths say. `views`: bits: 1 the picture's own embedding is there, 2 one
 * of each of `view_names`, 4 its square.
 * @typedef {{
 *   files: Uint32Array<ArrayBuffer>, assets: Float64Array<ArrayBuffer>, sha256s: Uint8Array<ArrayBuffer>, sizes: Float64Array<ArrayBuffer>,
 *   sides: Uint32Array<ArrayBuffer>, states: Uint8Array<ArrayBuffer>, views: Uint8Array<ArrayBuffer>,
 *   tags: {id: string, name: string, language: string | null}[],
 *   given_lengths: Uint32Array<ArrayBuffer>, given: Uint32Array<ArrayBuffer>,
 *   rejected_lengths: Uint32Array<ArrayBuffer>, rejected: Uint32Array<ArrayBuffer> }} ExampleFiles
 *
 * Embeddings by columns: `n_features` of `vectors` each, times its `scale`. `files`: whose; of a file that has views several, the picture's own first,
 * whose name is "". Files without one are left out.
 * @typedef {{
 *   files: Uint32Array<ArrayBuffer>, names: string[], scales: Float32Array<ArrayBuffer>, vectors: Int8Array<ArrayBuffer> }} Embeddings
 * What the network saw of a file. `picture`: of one that was never read, or may have changed since. `views`: names as they are asked for; "" is the picture itself.
 * `square`: WebP or JPEG, at most 256 KiB; null where it is not to be kept.
 * @typedef {{
 *   file: number, picture?: NewPicture | undefined, views: readonly {name: string, scale: number, vector: Int8Array}[],
 *   square?: Uint8Array | null | undefined }} EmbeddedFile
 *
 * What a head found, by columns, as the session's `putHead` takes it: of each file (`ids`) so many places in the head's tags as its length says.
 * @typedef {{ids: Uint32Array, lengths: Uint32Array, places: Uint16Array, confidences: Float32Array}} FoundByHead
 *
 * @typedef {{
 *   own_taggers: [Record<string, never>, OwnTagger[]],
 *   make_own_tagger: [NewOwnTagger & WithStep, null],
 *   change_own_tagger: [{id: string, name?: string, settings?: Record<string, unknown>, is_used?: boolean} & WithStep, null],
 *   remove_own_tagger: [{id: string, removed: boolean} & WithStep, null],
 *   delete_own_tagger: [{id: string}, {bytes: number}],
 *   begin_training: [{id?: number, own_tagger: string, by: TrainingReason, title: string, comment: string}, {id: number, number: number} | null],
 *   take_training: [{id: number}, boolean],
 *   end_training: [{id: number, failure?: {code: string, detail: string} | null, head?: NewHead} & WithStep, {head: number | null}],
 *   trainings: [{own_tagger?: string}, Training[]],
 *   head_file: [{head: number}, string | null],
 *   head_report: [{head: number}, unknown],
 *   use_head: [{own_tagger: string, head: number | null} & WithStep, null],
 *   delete_head: [{head: number}, {bytes: number}],
 *   delete_head_report: [{head: number}, null],
 *   training_files: [WhichExamples & {view_names?: readonly string[]}, ExampleFiles],
 *   moved_examples: [{own_tagger: string}, unknown],
 *   files_of_hashes: [{hashes: readonly string[], collection: number}, {files: Uint32Array<ArrayBuffer>, places: Uint32Array<ArrayBuffer>}],
 *   taught_since: [{collections: readonly number[], files?: readonly number[], tags?: readonly string[] | null, since_ms: number}, number],
 *   embeddings: [{files: readonly number[] | Uint32Array, backbone: string, n_features: number, view_names?: readonly string[]}, Embeddings],
 *   other_embeddings: [{without: readonly number[] | Uint32Array, n: number, backbone: string, n_features: number}, Embeddings],
 *   n_features_of: [{backbone: string}, number],
 *   squares: [{files: readonly number[] | Uint32Array}, {files: Uint32Array<ArrayBuffer>, squares: Uint8Array<ArrayBuffer>[]}],
 *   record_embeddings: [{backbone: string, embedded: readonly EmbeddedFile[]}, null],
 *   delete_squares: [Record<string, never>, {bytes: number}],
 *   begin_head_run: [{head: number, pipeline?: number}, {run: number, tags: HeadTag[]} | null],
 *   record_found: [{run: number, found: FoundByHead}, {files: number[]}],
 *   not_found_by: [{head: number, collection?: number, files?: readonly number[] | Uint32Array, n_features: number}, {ready: Uint32Array<ArrayBuffer>, without: Uint32Array<ArrayBuffer>}],
 * }} OwnCalls
 *   `make_own_tagger`: nothing where it is there. `remove_own_tagger`: it and what it found show no more, and can be put back; `delete_own_tagger`, `delete_head`: for good,
 *   with what it found. `begin_training`: null where the tagger is gone. `take_training`: goes on with one that was interrupted; false where it has ended or
 *   another tab is at it. `end_training`: with `head` it becomes the version in use; with neither it was cancelled. `use_head`: null: none. `moved_examples`: what came with its file, from its settings, of which
 *   `own_taggers` leaves the numbers out. `files_of_hashes`: which pictures of a
 *   collection hold contents of these SHA-256 hashes, in hexadecimal digits; `places` in `hashes`. `taught_since`: of how many
 *   files of these collections, or of these alone where there are any, a person said something since then, of these tags where they are named. `other_embeddings`: of at most `n` other pictures, always the same ones of the same library. `n_features_of`: how many numbers embeddings of it have, of several the most frequent; 0 where there are none. `begin_head_run`: goes on with the open run of the
 *   head; null where the head is gone. `record_found`: files that were never read are left out; with the files that hold the same. `not_found_by`: those that no run of the head has tagged that was not
 *   undone: with an embedding, and without one.
 */

/** Of these, those that wait where there is no room (protocol.js). */
export const WAITING_OWN_CALLS = /** @type {const} */ ([
    "make_own_tagger",
    "change_own_tagger",
    "remove_own_tagger",
    "begin_training",
    "end_training",
    "use_head",
    "record_embeddings",
    "begin_head_run",
    "record_found",
]);
