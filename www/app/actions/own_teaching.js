/**
 * What training, tagging and drafts of own tags share: the trainer, what the store has for it, and the set that the trainer holds.
 * @import { TrainingColumns } from "../../core/train_api.d.ts"
 * @import { OwnTagger } from "../../db/own_protocol.js"
 * @import { Context } from "../context.js"
 * @import { Examples } from "../own/examples.js"
 * @import { MovedSet } from "../own/moved.js"
 *
 * The network that embeddings are of. `name`: as the store calls it; `nFeatures`: 0 where none of its embeddings is kept.
 * @typedef {{id: string, version: string, name: string, nFeatures: number}} Backbone
 * @typedef {{tagger: OwnTagger, backbone: Backbone, set: Examples, squares: ReadonlySet<number>, readMs: number, moved?: MovedSet | null}} ReadSet
 *   `squares`: files whose square is kept; `moved`: what came with a file;
 *   `readMs`: what is said later is not in it
 */
import { CodedError } from "../../core/protocol.js";
import { Trainer } from "../../core/trainer.js";
import { SQUARE, VIEW_NAMES, columnsOf, examplesOf } from "../own/examples.js";
import { embeddingsWith, movedIn, unpackMoved, withMoved } from "../own/moved.js";
import { ownSettingsOf } from "../own/settings.js";
import { ownTaggers } from "../own_state.js";

/** So many pictures of the library stand for the rest of it. */
const N_OTHERS = 1_000;

/** Where a shell has none, nothing offers to teach; what asks nevertheless hears why. */
const none = () => Promise.reject(new CodedError("engine_unreachable", "Own tags are not trained here."));
/** @type {import("../../platform/platform.d.ts").Training} */
const NONE = { startWorker: none, loadModule: none, loadBackground: none };

/** @typedef {ReturnType<typeof createTeaching>} Teaching */

/** @param {Pick<Context, "library" | "platform">} context */
export function createTeaching({ library, platform }) {
    /** What the trainer holds, of which library. @type {{read: ReadSet, libraryId: string | null} | null} */
    let holds = null;
    /** Ends with the last of those who use what the trainer holds. @type {Promise<unknown>} */
    let turn = Promise.resolve();
    const training = platform.training ?? NONE;
    const trainer = new Trainer(training, forgetHeld);
    /** @type {Promise<ArrayBuffer | null> | null} */
    let background = null;

    /** @returns {Promise<Backbone>} */
    async function backboneNow() {
        const { id, version } = await library.modelRef();
        return backboneNamed(`${id} ${version}`);
    }

    /** @param {string} name @returns {Promise<Backbone>} */
    async function backboneNamed(name) {
        const at = name.lastIndexOf(" ");
        const nFeatures = await library.call("n_features_of", { backbone: name });
        return { id: name.slice(0, at), version: name.slice(at + 1), name, nFeatures };
    }

    /** @param {string} id @returns {Promise<OwnTagger>} as the library has it now */
    async function neededTagger(id) {
        const all = await library.call("own_taggers", {});
        ownTaggers.value = all;
        const tagger = all.find((one) => one.id === id);
        if (tagger) return tagger;
        throw new CodedError("own_tagger_gone", `There is no tagger ${id} in this library.`);
    }

    /** What is learnt from, as it is now. @param {OwnTagger} tagger @param {string} [of] the network, by its name in the store; the one in use @returns {Promise<ReadSet>} */
    async function readSet(tagger, of) {
        const { collections, files, tags } = ownSettingsOf(tagger.settings);
        const { nFeatures, ...named } = of === undefined ? await backboneNow() : await backboneNamed(of);
        const moved = await movedOf(tagger, { ...named, nFeatures });
        const backbone = { ...named, nFeatures: nFeatures || (moved?.nFeatures ?? 0) };
        const readMs = Date.now();
        const network = { backbone: backbone.name, n_features: backbone.nFeatures, view_names: VIEW_NAMES };
        const which = files.length > 0 ? { files } : { collections };
        const stored = await library.call("training_files", { ...which, ...network, of: "taught" });
        const squares = stored.files.filter((_, idx) => ((stored.views[idx] ?? 0) & SQUARE) !== 0);
        const here = examplesOf(stored, tags);
        const set = moved ? withMoved(here, moved.examples) : here;
        return { tagger, backbone, set, squares: new Set(squares), readMs, moved };
    }

    /** What came with its file, where that is of this network. @param {OwnTagger} tagger @param {Backbone} backbone @returns {Promise<(MovedSet & {nFeatures: number}) | null>} */
    async function movedOf({ id, settings }, { name, nFeatures }) {
        const { backbone, n_features: n = 0 } = movedIn(settings) ?? {};
        if (backbone !== name || (nFeatures !== 0 && nFeatures !== n)) return null;
        const packed = await library.call("moved_examples", { own_tagger: id });
        const set = unpackMoved(packed, ownSettingsOf(settings).tags);
        return set && { ...set, nFeatures: n };
    }

    /** @param {ReadSet} read @returns {Promise<TrainingColumns>} */
    async function columns({ backbone, set, moved }) {
        const { name, nFeatures } = backbone;
        const of = { backbone: name, n_features: nFeatures };
        const files = set.examples.map(({ file }) => file);
        const embeddings = await library.call("embeddings", { files, ...of, view_names: VIEW_NAMES });
        const others = await library.call("other_embeddings", { without: files, n: N_OTHERS, ...of });
        const all = moved ? embeddingsWith(embeddings, moved.embeddings, set.examples) : embeddings;
        return columnsOf(set, all, others, { backbone });
    }

    /**
     * There is one trainer, and it holds one set: whoever holds one, and uses it, does so alone, in the order of asking, and never asks for another turn
     * within their own.
     * @template T @param {() => Promise<T>} act @returns {Promise<T>}
     */
    function alone(act) {
        const mine = turn.then(act);
        turn = mine.catch(() => {});
        return mine;
    }

    /** The trainer holds this set from here on; only for whoever is alone. @param {ReadSet} read @returns {Promise<number>} how many examples are in it */
    async function hold(read) {
        holds = null;
        const { libraryId } = library;
        const set = await columns(read);
        await trainer.call("hold", { set, background: await loadBackground() });
        holds = { read, libraryId };
        return set.ids.length;
    }

    /** What it holds is read anew when it is needed next. */
    function forgetHeld() {
        holds = null;
    }

    const held = () => (holds?.libraryId === library.libraryId ? (holds?.read ?? null) : null);

    /** Everyday pictures, embedded by the network that comes with the page; the trainer makes nothing of them for another. @returns {Promise<ArrayBuffer | null>} */
    function loadBackground() {
        const loading = (background ??= training.loadBackground());
        loading.catch(() => {
            if (background === loading) background = null; // the next time may find the network
        });
        return loading;
    }

    return { alone, backboneNow, columns, forgetHeld, held, hold, neededTagger, readSet, trainer };
}
