/**
 * Drafts: what somebody says of a tag teaches at once. The head is refitted on top of the version in use, and says of the pictures on the page what it would
 * say now; nothing of it is kept. It is undone with the correction, and becomes a version by training only.
 * @import { TrainingColumns } from "../../core/train_api.d.ts"
 * @import { HeadRow, OwnTagger } from "../../db/own_protocol.js"
 * @import { Context } from "../context.js"
 * @import { DraftView } from "../own_state.js"
 * @import { OwnTaggingActions } from "./own_tagging.js"
 * @import { Backbone, Teaching } from "./own_teaching.js"
 */
import { NONE, VIEW_NAMES, columnsOf, saidSince } from "../own/examples.js";
import { ownSettingsOf, taughtIn } from "../own/settings.js";
import { drafts, ownTaggers, training } from "../own_state.js";
import * as state from "../state.js";
import { inUse } from "./own_tagging.js";
import { reportUnread } from "./store_problems.js";

/** So many pictures are asked of the trainer together. */
const CHUNK = 500;

/** @param {Context} context @param {Teaching} teaching @param {Pick<OwnTaggingActions, "fileOf" | "foundIn" | "putLive">} tagging */
export function createOwnDrafts({ library, session }, teaching, { fileOf, foundIn, putLive }) {
    /** One after the other, in the order of what was said. */
    let queue = Promise.resolve();
    /** Rises with each correction: what an older one would still show is of no use. */
    let nSaid = 0;
    /** By tagger: pictures that somebody corrected in this visit. @type {Map<string, Set<number>>} */
    const corrected = new Map();

    /** Somebody said something of these, and it is kept. @param {readonly number[]} ids */
    function noteCorrected(ids) {
        nSaid++;
        queue = queue.then(() => teach(ids)).catch(reportUnread);
        return queue;
    }

    /** What was said since the version in use, in earlier visits or during a training, is a draft here, too; what is learnt by now is none. */
    function restoreDrafts() {
        queue = queue.then(() => teach(null)).catch(reportUnread);
        return queue;
    }

    /** @param {readonly number[] | null} ids null: whatever was said */
    async function teach(ids) {
        if (training.value) return; // drafts are restored when it is over
        const backbone = await teaching.backboneNow();
        const there = new Set(ownTaggers.value?.map(({ id }) => id));
        for (const id of [...drafts.value.keys()].filter((one) => !there.has(one))) drop(id);
        for (const tagger of ownTaggers.value ?? []) {
            const head = inUse(tagger);
            if (!head || !tagger.is_used || head.backbone !== backbone.name) {
                drop(tagger.id);
                continue;
            }
            const mine = ids?.filter((id) => isOf(tagger, id)) ?? null;
            if (mine?.length !== 0) await teachOne(tagger, head, backbone, mine);
        }
    }

    /** @param {OwnTagger} tagger @param {number} id a picture of the collection on screen */
    function isOf(tagger, id) {
        const { collections, files } = ownSettingsOf(tagger.settings);
        return files.length > 0 ? files.includes(id) : collections.includes(library.collection);
    }

    /** @param {OwnTagger} tagger @param {HeadRow} head @param {Backbone} backbone @param {readonly number[] | null} ids */
    async function teachOne(tagger, head, backbone, ids) {
        const begun = performance.now();
        const asks = { ...taughtIn(tagger.settings), since_ms: head.made_ms };
        const n = await library.call("taught_since", asks);
        if (n === 0) {
            if (ids && teaching.held()?.tagger.id === tagger.id) teaching.forgetHeld(); // it has learnt what was taken back
            return drop(tagger.id);
        }
        const asked = nSaid;
        const last = await fileOf(head);
        const draft = await teaching.alone(async () => {
            if (training.value) return null; // begun meanwhile: it learns this, too
            const changed = await saidOf(tagger, backbone, ids);
            return (await teaching.trainer.call("change", { changed, last })).head;
        });
        if (draft === null) return;
        corrected.set(tagger.id, new Set([...(corrected.get(tagger.id) ?? []), ...(ids ?? [])]));
        put(tagger.id, { n, ms: performance.now() - begun });
        await show(draft, head, backbone, () => asked !== nSaid);
    }

    /**
     * What is to be changed in the set that the trainer holds; null where that was read anew just now: it is another, or a tag is new.
     * @param {OwnTagger} tagger @param {Backbone} backbone @param {readonly number[] | null} ids @returns {Promise<TrainingColumns | null>}
     */
    async function saidOf(tagger, backbone, ids) {
        const of = { backbone: backbone.name, n_features: backbone.nFeatures, view_names: VIEW_NAMES };
        const held = teaching.held();
        if (ids && held?.tagger.id === tagger.id && held.backbone.name === backbone.name) {
            const files = await library.call("training_files", { files: ids, ...of, of: "all" });
            const said = saidSince(files, held.set, ownSettingsOf(tagger.settings).tags);
            if (said)
                return columnsOf(said, await library.call("embeddings", { files: ids, ...of }), NONE, { backbone });
        }
        await teaching.hold(await teaching.readSet(tagger));
        return null;
    }

    /** What the draft says of those pictures on the page that its version has tagged, or that were corrected; those on screen first. @param {string} draft @param {HeadRow} head @param {Backbone} backbone @param {() => boolean} isOld */
    async function show(draft, head, { nFeatures }, isOld) {
        const seen = new Set(state.gridIds.value);
        const ids = [...seen, ...[...state.pictures.keys()].filter((id) => !seen.has(id))];
        for (let first = 0; first < ids.length && !isOld(); first += CHUNK) {
            const some = ids.slice(first, first + CHUNK);
            const asked = { head: head.id, files: some, n_features: nFeatures };
            const { ready, without } = await library.call("not_found_by", asked);
            const unseen = new Set([...ready, ...without]);
            const files = some.filter((id) => !unseen.has(id) || corrected.get(head.own_tagger)?.has(id));
            if (files.length === 0) continue;
            const of = { backbone: head.backbone, n_features: nFeatures };
            const embeddings = await library.call("embeddings", { files, ...of });
            const found = await foundIn(draft, head, embeddings);
            if (!isOld()) putLive({ head, run: 0, tags: head.tags }, found);
        }
    }

    /** What the version in use has found holds again. @param {string} id */
    function drop(id) {
        corrected.delete(id);
        if (!drafts.value.has(id)) return;
        put(id, null);
        void session.refill([...state.pictures.keys()]).catch(() => {}); // it is kept
    }

    /** @param {string} id @param {DraftView | null} view */
    function put(id, view) {
        const next = new Map(drafts.value);
        if (view) next.set(id, view);
        else next.delete(id);
        drafts.value = next;
    }

    /** Another version is in use: what was said before is learnt in it. @param {string} id */
    const forgetDraft = (id) => drop(id);

    return { forgetDraft, noteCorrected, restoreDrafts };
}
