/**
 * Own taggers as files: a version goes out as what travels, or with its network as ONNX; one that comes in is a version of its tagger here.
 * @import { GuidelineState, OwnHeadFacts, TrainingColumns } from "../../core/train_api.d.ts"
 * @import { HeadRow, OwnTagger } from "../../db/own_protocol.js"
 * @import { Context } from "../context.js"
 * @import { Teaching } from "./own_teaching.js"
 */
import { bytesOf } from "../../core/bytes.js";
import { CodedError, failureOf } from "../../core/protocol.js";
import { MAX_MOVED, packBeside } from "../own/moved.js";
import { newSettings, ownSettingsOf } from "../own/settings.js";
import { ownFailure, training, trainingSet } from "../own_state.js";

/** Above it no file of a tagger is read (docs/formats/tagger.md). */
const MAX_FILE_BYTES = 512 << 20;
/** Ids that the store takes. */
const TAGGER_ID = /^[a-z0-9-]{1,64}$/;

/**
 * @param {Pick<Context, "engine" | "library" | "platform">} context @param {Teaching} teaching
 * @param {{refreshOwnTaggers: () => Promise<unknown>, refreshShown: () => Promise<unknown>,
 *   offerTraining: (id: string, facts: OwnHeadFacts, set: TrainingColumns | null) => Promise<unknown>, dropOffer: () => void}} others
 */
export function createOwnMoves(context, teaching, others) {
    const { refreshOwnTaggers, refreshShown } = others;
    const { alone, backboneNow, columns, forgetHeld, held, hold, neededTagger, readSet, trainer } = teaching;
    const { library, platform } = context;

    /**
     * To be called right after a click.
     * @param {OwnTagger} tagger @param {HeadRow} row @param {"tagger" | "onnx"} kind @param {boolean} [hasSet] whether what it learns from goes along: no pictures
     */
    async function saveVersion(tagger, row, kind, hasSet = false) {
        const { id, name } = tagger;
        ownFailure.value = null;
        const plain = name.replaceAll(/[^\p{L}\p{N}]+/gu, "-").replaceAll(/^-|-$/g, "") || "tagger";
        const [ending, type] =
            kind === "onnx" ? ["onnx", "application/octet-stream"] : ["tagger.json", "application/json"];
        try {
            await platform.saveFile(`${plain}-${row.number}.${ending}`, type, async () => {
                const head = await library.call("head_file", { head: row.id });
                if (head === null) throw new CodedError("own_head_gone", "This version is not there any more.");
                const made =
                    kind === "onnx"
                        ? await onnxOf(head)
                        : await trainer.call("tagger_file", {
                              head,
                              lights: await lightsOf(id),
                              set: hasSet ? await travelling(tagger, row) : null,
                          });
                return new Blob([made], { type });
            });
        } catch (error) {
            ownFailure.value = failureOf(error, "file_not_saved");
        }
    }

    /** What it learns from, as far as a file may have it: what is written can be read. @param {OwnTagger} tagger @param {HeadRow} row */
    async function travelling(tagger, row) {
        const set = await columns(await readSet(tagger, row.backbone));
        const n = set.ids.length;
        if (n > MAX_MOVED)
            throw new CodedError("own_set_large", `The tagger has ${n} examples; the most is ${MAX_MOVED}.`);
        return set;
    }

    /** What the guidelines say of the training set; nothing where there is none, or the trainer is at something else. @param {string} id @returns {Promise<GuidelineState[]>} */
    async function lightsOf(id) {
        const said = trainingSet.value?.tagger === id ? trainingSet.value.guidelines : null;
        const { tags = [] } = said ?? (await guidelinesOf(id).catch(() => null)) ?? {};
        return tags.flatMap(({ tag, checks }) =>
            checks.map(({ guideline, light }) => ({ tag: tag.id, guideline, light })),
        );
    }

    /** @param {string} id */
    async function guidelinesOf(id) {
        if (training.value) return null;
        return alone(async () => {
            if (training.value) return null; // it will need the trainer, and for long
            if (held()?.tagger.id !== id) {
                const read = await readSet(await neededTagger(id));
                if (read.set.examples.length === 0 || read.backbone.nFeatures === 0) return null;
                await hold(read);
            }
            return trainer.call("guidelines", {});
        });
    }

    /** @param {string} head */
    async function onnxOf(head) {
        const { card, model } = await context.engine;
        return trainer.call("own_tags_onnx", { model, card, head });
    }

    /** @param {HTMLInputElement} input @returns {Promise<string | null>} the tagger's id */
    async function chooseTaggerFile(input) {
        const [file] = input.files ?? [];
        input.value = ""; // the same file may be chosen again
        return file ? addTaggerFile(file) : null;
    }

    /** A version of the tagger that it was, which is made where it isn't here. @param {File} file @returns {Promise<string | null>} the tagger's id */
    async function addTaggerFile(file) {
        ownFailure.value = null;
        others.dropOffer();
        try {
            if (file.size > MAX_FILE_BYTES)
                throw new CodedError(
                    "own_head_invalid",
                    `The file has ${file.size} bytes; the most is ${MAX_FILE_BYTES}.`,
                );
            const json = new TextDecoder().decode(await bytesOf(file));
            const { head, set } = await trainer.call("read_tagger_file", { json });
            return await addHead(head, set);
        } catch (error) {
            ownFailure.value = failureOf(error, "own_head_invalid");
            return null;
        } finally {
            await refreshOwnTaggers();
        }
    }

    /** @param {string} head JSON that was checked @param {TrainingColumns | null} set what it learnt from */
    async function addHead(head, set) {
        const facts = await trainer.call("facts", { head });
        const { backbone } = facts;
        const here = await backboneNow();
        const id = TAGGER_ID.test(facts.id) ? facts.id : crypto.randomUUID();
        if (backbone.id !== here.id || backbone.version !== here.version) {
            await others.offerTraining(id, facts, set);
            throw new CodedError(
                "own_head_other_backbone",
                `The own tags were trained on ${backbone.id} ${backbone.version}, and this is ${here.id} ${here.version}. Train them again from the pictures.`,
            );
        }
        const n = set?.ids.length ?? 0;
        const moved = set && n > 0 ? await besideKept(id, set) : null;
        // Nothing where it is there.
        await library.call("make_own_tagger", { id, name: facts.name, settings: newSettings([]) });
        if (moved) await keepMoved(id, moved);
        const { title, comment } = facts;
        const begin = () => library.call("begin_training", { own_tagger: id, by: "import", title, comment });
        const begun = (await begin()) ?? (await putBackTagger(id).then(begin));
        if (!begun) throw new CodedError("own_tagger_gone", `The tagger ${id} was deleted meanwhile.`);
        const file = JSON.stringify({ ...JSON.parse(head), id, version: begun.number });
        const tags = facts.tags.map(({ tag, threshold }) => ({ ...tag, threshold }));
        await library.call("end_training", {
            id: begun.id,
            head: {
                ...{ seed: 1, backbone: here.name, tags, file, report: null },
                n_examples: n || nExamples(facts.tags),
            },
        });
        return id;
    }

    /** What comes, beside what came before. @param {string} id @param {TrainingColumns} set */
    async function besideKept(id, set) {
        const tooMany = (/** @type {number} */ n) =>
            new CodedError("own_set_large", `There would be ${n} examples; the most is ${MAX_MOVED}.`);
        if (set.ids.length > MAX_MOVED) throw tooMany(set.ids.length);
        const known = (await library.call("own_taggers", {})).find((one) => one.id === id);
        // What a person has left out stays out.
        const isLeftOut = known && ownSettingsOf(known.settings).without_moved;
        const kept = isLeftOut ? null : await library.call("moved_examples", { own_tagger: id });
        const packed = packBeside(set, kept);
        if (packed.n > MAX_MOVED) throw tooMany(packed.n);
        return packed;
    }

    /** The next training learns from it too. @param {string} id @param {ReturnType<typeof packBeside>} moved */
    async function keepMoved(id, moved) {
        await library.call("change_own_tagger", { id, settings: { moved, without_moved: false } });
        forgetHeld(); // it is another set
    }

    /** A tagger that was removed, with what it knew. @param {string} id */
    async function putBackTagger(id) {
        await library.call("remove_own_tagger", { id, removed: false });
        await refreshShown();
    }

    return { addTaggerFile, chooseTaggerFile, putBackTagger, saveVersion };
}

/** At least so many pictures: how many have several tags isn't said. @param {readonly {n_examples: number}[]} tags */
const nExamples = (tags) => Math.max(0, ...tags.map((tag) => tag.n_examples));
