/**
 * Drafts: what somebody says of a tag teaches at once. The head is refitted on top of the version in use, and says of the pictures on the page what it would
 * say now; nothing of it is kept. It is undone with the correction, and becomes a version by training only.
 * @import { ExampleFiles, HeadRow, OwnTagger } from "../../db/own_protocol.js"
 * @import { Context } from "../context.js"
 * @import { Examples } from "../own/examples.js"
 * @import { DraftView } from "../own_state.js"
 * @import { OwnTaggingActions } from "./own_tagging.js"
 * @import { Backbone, Teaching } from "./own_teaching.js"
 *
 * @typedef {{id: number, tags: number[], rejected: number[]}} Saying places in the tags of the set that is held
 */
import { VIEW_NAMES, listsOf } from "../own/examples.js";
import { ownSettingsOf } from "../own/settings.js";
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

    /** Somebody said something of these, and it is kept. @param {readonly number[]} ids */
    function noteCorrected(ids) {
        nSaid++;
        queue = queue.then(() => teach(ids)).catch(reportUnread);
        return queue;
    }

    /** @param {readonly number[]} ids */
    async function teach(ids) {
        if (training.value) return; // it is learnt with that, or the next time
        const backbone = await teaching.backboneNow();
        for (const tagger of ownTaggers.value ?? []) {
            const head = inUse(tagger);
            if (!head || !tagger.is_used || head.backbone !== backbone.name) continue;
            const mine = ids.filter((id) => isOf(tagger, id));
            if (mine.length > 0) await teachOne(tagger, head, backbone, mine);
        }
    }

    /** @param {OwnTagger} tagger @param {number} id a picture of the collection on screen */
    function isOf(tagger, id) {
        const { collections, files } = ownSettingsOf(tagger.settings);
        return files.length > 0 ? files.includes(id) : collections.includes(library.collection);
    }

    /** @param {OwnTagger} tagger @param {HeadRow} head @param {Backbone} backbone @param {readonly number[]} ids */
    async function teachOne(tagger, head, backbone, ids) {
        const begun = performance.now();
        const { collections } = ownSettingsOf(tagger.settings);
        const n = await library.call("taught_since", { collections, since_ms: head.made_ms });
        if (n === 0) return drop(tagger.id);
        const asked = nSaid;
        const changes = await sayings(tagger, backbone, ids);
        const last = await fileOf(head);
        const { head: draft } = await teaching.trainer.call("change", { changes, last });
        put(tagger.id, { n, ms: performance.now() - begun });
        await show(draft, head, backbone, () => asked !== nSaid);
    }

    /**
     * What is to be changed in the set that the trainer holds, which is read anew where it is another or a tag is new.
     * @param {OwnTagger} tagger @param {Backbone} backbone @param {readonly number[]} ids @returns {Promise<Saying[]>}
     */
    async function sayings(tagger, backbone, ids) {
        const of = { backbone: backbone.name, n_features: backbone.nFeatures, view_names: VIEW_NAMES };
        const said = await library.call("training_files", { files: ids, ...of, of: "all" });
        const held = teaching.held();
        const places = held?.tagger.id === tagger.id ? placesOf(held.set, said) : null;
        const known = new Set(held?.set.examples.map(({ file }) => file));
        if (places && ids.every((id) => known.has(id))) return saidOf(said, places);
        await teaching.hold(await teaching.readSet(tagger));
        return [];
    }

    /** What the draft says of the pictures on the page, those on screen first. @param {string} draft @param {HeadRow} head @param {Backbone} backbone @param {() => boolean} isOld */
    async function show(draft, head, { nFeatures }, isOld) {
        const seen = new Set(state.gridIds.value);
        const ids = [...seen, ...[...state.pictures.keys()].filter((id) => !seen.has(id))];
        for (let first = 0; first < ids.length && !isOld(); first += CHUNK) {
            const files = ids.slice(first, first + CHUNK);
            const of = { backbone: head.backbone, n_features: nFeatures };
            const embeddings = await library.call("embeddings", { files, ...of });
            const found = await foundIn(draft, head, embeddings);
            if (!isOld()) putLive({ head, run: 0, tags: head.tags }, found);
        }
    }

    /** What the version in use has found holds again. @param {string} id */
    function drop(id) {
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

    return { forgetDraft, noteCorrected };
}

/** @param {Examples} set @param {ExampleFiles} said @returns {Map<number, number> | null} places in the set by those in what was said; null where one of its tags is new */
function placesOf({ tags }, said) {
    const known = new Map(tags.map(({ tag }, place) => [tag.id, place]));
    const given = new Set(said.given);
    /** @type {Map<number, number>} */
    const places = new Map();
    for (const [place, { id }] of said.tags.entries()) {
        const at = known.get(id);
        if (at !== undefined) places.set(place, at);
        else if (given.has(place)) return null;
    }
    return places;
}

/** @param {ExampleFiles} said @param {ReadonlyMap<number, number>} places @returns {Saying[]} */
function saidOf(said, places) {
    const given = listsOf(said.given_lengths, said.given);
    const rejected = listsOf(said.rejected_lengths, said.rejected);
    const learnt = (/** @type {readonly number[]} */ list = []) => list.flatMap((place) => places.get(place) ?? []);
    return Array.from(said.files, (id, idx) => ({ id, tags: learnt(given[idx]), rejected: learnt(rejected[idx]) }));
}
