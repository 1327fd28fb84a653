/**
 * Tagging with a head alone: by the embeddings that the library keeps, thousands of pictures a second, whatever model tags the rest. It is a run like any
 * other, and can be taken back as one. New pictures follow as soon as they have an embedding.
 * @import { EmbeddingColumns } from "../../core/train_api.d.ts"
 * @import { Embeddings, HeadRow, OwnTagger } from "../../db/own_protocol.js"
 * @import { Context } from "../context.js"
 * @import { OwnTaggingView } from "../own_state.js"
 * @import { Teaching } from "./own_teaching.js"
 * @import { Undo } from "./undo.js"
 *
 * Which pictures: all of a collection, or these. @typedef {{collection: number} | {ids: readonly number[]}} WhichPictures
 * What a head says of a picture: tags above their thresholds, by their places in the head's.
 * @typedef {{id: number, tags: {id: string, name: string, confidence: number}[]}} Said
 */
import { CodedError, failureOf } from "../../core/protocol.js";
import { ownTagging, ownTaggers, untagged } from "../own_state.js";
import * as state from "../state.js";
import { createEmbedding } from "./own_embedding.js";
import { reportUnread } from "./store_problems.js";

/** So many pictures are asked of the trainer, and committed, together. */
const CHUNK = 500;
/** Where it is to stop at a picture that cannot be read. */
const FEW = 16;
/** Pictures that come are taken together for so long. */
const FOLLOW_MS = 500;

/** @typedef {ReturnType<typeof createOwnTagging>} OwnTaggingActions */

/**
 * @param {Context} context @param {Teaching} teaching @param {Pick<Undo, "newStep" | "remember">} history
 * @param {(collection: number, id: number) => boolean} isFollowing whether a picture that comes into a collection is tagged by itself
 */
export function createOwnTagging(context, teaching, history, isFollowing) {
    const { library, session } = context;
    const { embed } = createEmbedding(context);
    const { backboneNow, neededTagger, trainer } = teaching;
    /** @type {symbol | null} */
    let current = null;
    /** What it has stopped at: who presses again wants the others. @type {Set<number>} */
    const stoppedAt = new Set();
    /** Pictures that have come, and are not tagged yet. @type {Set<number>} */
    const following = new Set();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    /** Tagging those, as `current`, and when it ends. @type {symbol | null} */
    let follower = null;
    let followed = Promise.resolve();

    /**
     * Tags pictures that the version in use has not seen.
     * @param {string} id @param {WhichPictures} [which] the collection on screen where nothing else is said
     */
    async function tagWith(id, which = { collection: library.collection }) {
        while (current !== null && current === follower) await followed; // it takes a moment, and nobody sees it
        if (current) return;
        const mine = (current = Symbol(id));
        const isOver = () => current !== mine;
        try {
            const tagger = await neededTagger(id);
            const head = inUse(tagger);
            if (!head) throw new CodedError("own_tagger_untrained", `${tagger.name} has no version in use.`);
            await run(tagger, head, which, mine);
        } catch (error) {
            if (isOver()) return;
            const { value: view } = ownTagging;
            // What was stopped by itself, as the workers were, is nobody's failure.
            const failure = Object(error).name === "AbortError" ? null : failureOf(error, "training_failed");
            if (view) ownTagging.value = { ...view, status: "stopped", failure };
            else ownTagging.value = { tagger: id, head: 0, n: 0, nDone: 0, nFailed: 0, status: "stopped", failure };
        } finally {
            if (!isOver()) current = null;
            await countUntagged();
        }
    }

    /** What is tagged stays. */
    function cancelOwnTagging() {
        const { value: view } = ownTagging;
        if (!current || current === follower || !view) return;
        context.pool.cancelEmbeds(current);
        current = null;
        ownTagging.value = { ...view, status: "stopped" };
    }

    /** @param {OwnTagger} tagger @param {HeadRow} head @param {WhichPictures} which @param {symbol} owner */
    async function run(tagger, head, which, owner) {
        const isOver = () => current !== owner;
        let backbone = await backboneOf(head);
        const wanted = "ids" in which ? { files: which.ids } : which;
        const { ready, without: all } = await library.call("not_found_by", {
            ...{ head: head.id, n_features: backbone.nFeatures },
            ...wanted,
        });
        const isStopping = state.settings.value.is_stopping_at_errors;
        // Where nothing else is left, it is tried again: the file may be readable by now.
        if (isStopping && ready.length === 0 && all.every((file) => stoppedAt.has(file))) stoppedAt.clear();
        const without = isStopping ? all.filter((file) => !stoppedAt.has(file)) : all;
        const size = isStopping ? FEW : CHUNK;
        const n = ready.length + without.length;
        /** @type {OwnTaggingView} */
        const begun = {
            ...{ tagger: tagger.id, head: head.id, n, nDone: 0, nFailed: 0, status: "running", failure: null },
        };
        ownTagging.value = n > 0 ? begun : { ...begun, status: "ended" };
        if (n === 0) return;
        const progress = (/** @type {Partial<OwnTaggingView>} */ more) => {
            if (!isOver() && ownTagging.value) ownTagging.value = { ...ownTagging.value, ...more };
        };
        const done = (/** @type {number} */ more) => progress({ nDone: (ownTagging.value?.nDone ?? 0) + more });
        const opened = await openRun(tagger, head, n);
        try {
            for (let first = 0; first < ready.length && !isOver(); first += CHUNK) {
                const some = ready.subarray(first, first + CHUNK);
                await tagSome(opened, head, some, backbone);
                done(some.length);
            }
            for (let first = 0; first < without.length && !isOver(); first += size) {
                const some = Array.from(without.subarray(first, first + size));
                const how = { keepsSquares: false, onDone: () => done(1), isOver, owner };
                const leftOut = new Set(await embed(some, { name: head.backbone }, how));
                progress({ nFailed: (ownTagging.value?.nFailed ?? 0) + leftOut.size });
                if (backbone.nFeatures === 0) backbone = await backboneOf(head); // these are the first of this network
                await tagSome(
                    opened,
                    head,
                    some.filter((file) => !leftOut.has(file)),
                    backbone,
                );
                if (isStopping && leftOut.size > 0) {
                    for (const file of leftOut) stoppedAt.add(file);
                    return progress({ status: "stopped" });
                }
            }
        } finally {
            library.write("end_run", { run: opened.run });
        }
        progress({ status: "ended" });
    }

    /** @typedef {{run: number, tags: {id: string, name: string, threshold: number, language?: string | null}[], file: string}} Opened */

    /** Its run, which can be taken back. @param {OwnTagger} tagger @param {HeadRow} head @param {number} n pictures; 0 where nobody asked for it @returns {Promise<Opened>} */
    async function openRun(tagger, head, n) {
        const [begun, file] = await Promise.all([library.call("begin_head_run", { head: head.id }), fileOf(head)]);
        if (!begun) throw new CodedError("own_head_gone", `Version ${head.number} of ${tagger.name} is gone.`);
        if (n > 0) {
            const data = { run: begun.run, undone: false };
            const step = history.newStep("did_tag_own", { n, name: tagger.name }, { kind: "run", data });
            library.write("add_step", { step });
            history.remember(step, false);
        }
        return { ...begun, file };
    }

    /** @param {Opened} opened @param {HeadRow} head @param {Uint32Array | readonly number[]} files @param {{nFeatures: number}} backbone */
    async function tagSome({ run, tags, file }, head, files, { nFeatures }) {
        const of = { backbone: head.backbone, n_features: nFeatures };
        const embeddings = await library.call("embeddings", { files, ...of });
        const found = await foundIn(file, head, embeddings);
        await library.call("record_found", { run, found });
        putLive({ head, run, tags }, found);
    }

    /** What a head finds, as the store takes it. @param {string} file @param {HeadRow} head @param {Embeddings} embeddings */
    async function foundIn(file, { backbone }, { files, scales, vectors }) {
        const said = await askTrainer(file, backbone, { scales, vectors });
        return { ids: files, lengths: said.lengths, places: said.tags, confidences: said.confidences };
    }

    /** @param {string} head @param {string} backbone @param {EmbeddingColumns} embeddings */
    function askTrainer(head, backbone, embeddings) {
        const at = backbone.lastIndexOf(" ");
        const of = { id: backbone.slice(0, at), version: backbone.slice(at + 1) };
        return trainer.call("tag", { head, backbone: of, embeddings });
    }

    /** On the page at once, where a picture is on it. @param {{head: HeadRow, run: number, tags: Opened["tags"]}} by @param {Awaited<ReturnType<typeof foundIn>>} found */
    function putLive({ head, run, tags }, found) {
        session.putHead({ head: head.own_tagger, run, tags, ...found });
    }

    /** @type {Map<number, Promise<string>>} */
    const files = new Map();

    /** @param {HeadRow} head @returns {Promise<string>} */
    function fileOf({ id, number }) {
        const known = files.get(id);
        if (known) return known;
        const read = library.call("head_file", { head: id }).then((file) => {
            if (file === null) throw new CodedError("own_head_gone", `Version ${number} is gone.`);
            return file;
        });
        read.catch(() => files.delete(id));
        files.clear(); // one is used again and again; a few megabytes each
        files.set(id, read);
        return read;
    }

    /** @param {HeadRow} head */
    async function backboneOf(head) {
        const now = await backboneNow();
        if (head.backbone === now.name) return now;
        const detail = `Version ${head.number} was trained on ${head.backbone}, and the model in use is ${now.name}.`;
        throw new CodedError("own_head_other_backbone", detail);
    }

    /** How many pictures on screen each tagger in use has not seen. */
    async function countUntagged() {
        const counts = new Map();
        const { collection, libraryId } = library;
        const backbone = await backboneNow().catch(() => null);
        for (const tagger of ownTaggers.value ?? []) {
            const head = inUse(tagger);
            if (!head || !tagger.is_used || !backbone || head.backbone !== backbone.name) continue;
            const asked = { head: head.id, collection, n_features: backbone.nFeatures };
            const { ready, without } = await library.call("not_found_by", asked);
            counts.set(tagger.id, { ready: ready.length, without: without.length });
        }
        if (library.libraryId === libraryId && library.collection === collection) untagged.value = counts;
    }

    /** A picture has come: what the versions in use say of it follows soon, with others that come meanwhile. @param {number} id */
    function followSoon(id) {
        if (!isFollowing(library.collection, id)) return;
        following.add(id);
        timer ??= setTimeout(() => void follow(), FOLLOW_MS);
    }

    async function follow() {
        timer = undefined;
        if (current) return void (timer = setTimeout(() => void follow(), FOLLOW_MS));
        const mine = (current = follower = Symbol("follow"));
        followed = tagThoseThatCame(mine);
        await followed;
    }

    /** @param {symbol} mine */
    async function tagThoseThatCame(mine) {
        const came = [...following];
        following.clear();
        try {
            const backbone = await backboneNow();
            for (const tagger of ownTaggers.value ?? []) {
                const head = inUse(tagger);
                if (!head || !tagger.is_used || head.backbone !== backbone.name) continue;
                const asked = { head: head.id, files: came, n_features: backbone.nFeatures };
                const { ready } = await library.call("not_found_by", asked);
                if (ready.length === 0) continue;
                const opened = await openRun(tagger, head, 0);
                for (let first = 0; first < ready.length && current === mine; first += CHUNK)
                    await tagSome(opened, head, ready.subarray(first, first + CHUNK), backbone);
                library.write("end_run", { run: opened.run });
            }
            await countUntagged();
        } catch (error) {
            reportUnread(error);
        } finally {
            if (current === mine) current = null;
        }
    }

    /**
     * What two versions say of the same pictures; those without an embedding are left out.
     * @param {HeadRow} one @param {HeadRow} other @param {readonly number[]} ids @returns {Promise<{id: number, a: Said["tags"], b: Said["tags"]}[]>}
     */
    async function compareHeads(one, other, ids) {
        const [a, b] = [await saidBy(one, ids), await saidBy(other, ids)];
        return [...a].flatMap(([id, tags]) => {
            const said = b.get(id);
            return said ? [{ id, a: tags, b: said }] : [];
        });
    }

    /** @param {HeadRow} head @param {readonly number[]} ids @returns {Promise<Map<number, Said["tags"]>>} what would show of it */
    async function saidBy(head, ids) {
        const file = await fileOf(head);
        const nFeatures = (await trainer.call("facts", { head: file })).n_features;
        /** @type {Map<number, Said["tags"]>} */
        const said = new Map();
        for (let first = 0; first < ids.length; first += CHUNK) {
            const of = { backbone: head.backbone, n_features: nFeatures };
            const embeddings = await library.call("embeddings", { files: ids.slice(first, first + CHUNK), ...of });
            const { ids: files, lengths, places, confidences } = await foundIn(file, head, embeddings);
            let at = 0;
            for (const [idx, id] of files.entries()) {
                const end = at + (lengths[idx] ?? 0);
                const tags = [];
                for (; at < end; at++) {
                    const tag = head.tags[places[at] ?? 0];
                    const confidence = confidences[at] ?? 0;
                    if (tag && confidence >= tag.threshold) tags.push({ id: tag.id, name: tag.name, confidence });
                }
                said.set(id, tags);
            }
        }
        return said;
    }

    return { cancelOwnTagging, compareHeads, countUntagged, fileOf, followSoon, foundIn, putLive, tagWith };
}

/** The version in use. @param {OwnTagger} tagger @returns {HeadRow | undefined} */
export const inUse = ({ heads }) => heads.find((head) => head.is_in_use);
