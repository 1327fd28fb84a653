/**
 * What can be done about a tagger's file that was made for another network: it is trained again from its pictures, of those that are here. They are known by
 * what they contain; where the file says which tags each had, they get these as a person's, in one step that can be undone.
 * @import { OwnHeadFacts, TrainingColumns } from "../../core/train_api.d.ts"
 * @import { Context } from "../context.js"
 * @import { SetChange } from "./own_taggers.js"
 * @import { Teaching } from "./own_teaching.js"
 * @import { WorkActions } from "../work_actions.js"
 *
 * @typedef {WorkActions["takeOver"] extends (name: string, said: ReadonlyMap<number, infer S>) => void ? S : never} SaidElsewhere
 * @typedef {{
 *   changeTrainingSet: (id: string, change: SetChange) => Promise<unknown>, putBackTagger: (id: string) => Promise<unknown>,
 *   refreshOwnTaggers: () => Promise<unknown>, showTagger: (id: string) => void, train: (id: string) => Promise<unknown> }} OtherActions
 */
import { failureOf } from "../../core/protocol.js";
import { batch } from "../../vendor/signals.js";
import { learningFrom, newSettings } from "../own/settings.js";
import { ownFailure, ownTaggers } from "../own_state.js";
import { trainingOffer } from "../own_view_state.js";
import * as state from "../state.js";

/** @param {Pick<Context, "library">} context @param {Pick<Teaching, "readSet">} teaching @param {OtherActions & Pick<WorkActions, "takeOver">} actions */
export function createOwnOffers({ library }, { readSet }, actions) {
    /** What the file says of pictures that are here, by their ids. @type {ReadonlyMap<number, SaidElsewhere>} */
    let said = new Map();
    /** Which library and collection those pictures are of: elsewhere their ids mean others. */
    let offeredIn = "";
    const place = () => `${library.libraryId} ${library.collection}`;

    /** The offer, as long as the pictures that it counts are those on screen. */
    function standing() {
        if (offeredIn !== place()) trainingOffer.value = null;
        return trainingOffer.value;
    }

    /** @param {string} id the tagger's @param {Pick<OwnHeadFacts, "name">} facts @param {TrainingColumns | null} set what the file says of its pictures */
    async function offerTraining(id, { name }, set) {
        trainingOffer.value = null;
        said = set ? await saidHere(set) : new Map();
        const known = (await library.call("own_taggers", {})).find((one) => one.id === id);
        const taught = known ? (await readSet(known)).set.examples.map(({ file }) => file) : [];
        const nHere = new Set([...said.keys(), ...taught]).size;
        offeredIn = place();
        trainingOffer.value = { tagger: id, name, nHere, nOfFile: set?.ids.length ?? 0 };
    }

    /** @param {TrainingColumns} set @returns {Promise<Map<number, SaidElsewhere>>} */
    async function saidHere(set) {
        const all = saidIn(set);
        const hashes = all.map(({ sha256 }) => sha256);
        const { files, places } = await library.call("files_of_hashes", { hashes, collection: library.collection });
        return new Map(
            Array.from(files, (file, idx) => {
                const { given = [], rejected = [] } = all[places[idx] ?? -1] ?? {};
                return [file, { given, rejected }];
            }),
        );
    }

    /** From the pictures that are here. */
    async function takeOffer() {
        const offer = standing();
        if (!offer || !(await begun(offer))) return;
        actions.takeOver(offer.name, said);
        await actions.train(offer.tagger);
    }

    /** It is there, and learns from what is dropped on it. */
    async function dropForOffer() {
        const offer = standing();
        if (offer) await begun(offer);
    }

    /** @param {{tagger: string, name: string}} offer @returns {Promise<boolean>} whether its tagger is there now, and open */
    async function begun({ tagger: id, name }) {
        const here = state.collection.value?.id;
        const collections = here === undefined ? [] : [here];
        try {
            // Nothing where it is there.
            await library.call("make_own_tagger", { id, name, settings: newSettings(collections) });
            await actions.refreshOwnTaggers();
            const isThere = () => ownTaggers.value?.find((one) => one.id === id);
            if (!isThere()) await actions.putBackTagger(id).then(actions.refreshOwnTaggers);
            const change = here === undefined ? null : learningFrom(isThere()?.settings ?? {}, exampleOf(here));
            if (change) await actions.changeTrainingSet(id, change);
        } catch (error) {
            ownFailure.value = failureOf(error, "library_unwritten");
            return false;
        }
        batch(() => {
            trainingOffer.value = null;
            actions.showTagger(id);
        });
        return true;
    }

    /** @param {number} collection */
    const exampleOf = (collection) => ({
        ...{ collection, files: [...said.keys()] },
        tags: [...new Set([...said.values()].flatMap(({ given }) => given.map(({ id }) => id)))],
    });

    const dropOffer = () => void (trainingOffer.value = null);

    return { dropForOffer, dropOffer, offerTraining, takeOffer };
}

/** What a set says of each of its pictures. @param {TrainingColumns} set */
export function saidIn({ tags, sha256s, n_given: nGiven, given, n_rejected: nRejected, rejected }) {
    const ofEach = (/** @type {Uint16Array} */ lengths, /** @type {Uint16Array} */ all) => {
        let at = 0;
        return Array.from(lengths, (n) => Array.from(all.subarray(at, (at += n)), (place) => tags[place] ?? []).flat());
    };
    const [allGiven, allRejected] = [ofEach(nGiven, given), ofEach(nRejected, rejected)];
    return allGiven.map((given, idx) => ({
        sha256: hex(sha256s.subarray(32 * idx, 32 * idx + 32)),
        given,
        rejected: allRejected[idx] ?? [],
    }));
}

/** @param {Uint8Array} bytes */
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
