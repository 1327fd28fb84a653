/**
 * What was said of pictures and has not reached the session worker: the newest of each kind, until an update takes it along.
 * @import { Corrections, HeadTaggings, PictureText, ProviderTagging } from "./engine_api.d.ts"
 * @import { AddedPicture, FailedResult, ProviderResult, TaggedResult, Update } from "./protocol.js"
 *
 * @typedef {Pick<Update, "removes" | "adds" | "puts" | "fails" | "provider_puts" | "head_puts" | "texts" | "corrections">} Said
 */
export class Unsent {
    /** @type {Map<number, AddedPicture>} */
    #pictures = new Map();
    /** @type {Map<number, TaggedResult | FailedResult>} */
    #results = new Map();
    /** @type {ProviderResult[]} in their order: several may be of one picture */
    #found = [];
    /** @type {HeadTaggings[]} in their order, for the same reason */
    #foundByHeads = [];
    /** @type {Map<number, readonly PictureText[]>} */
    #texts = new Map();
    /** @type {Set<number>} */
    #removed = new Set();
    /** @type {Map<number, Corrections>} */
    #corrections = new Map();

    /** @param {readonly AddedPicture[]} pictures */
    add(pictures) {
        for (const picture of pictures) {
            this.#pictures.set(picture.id, picture);
            this.#removed.delete(picture.id);
        }
    }

    /** @param {TaggedResult | FailedResult} result */
    record(result) {
        this.#results.set(result.id, result);
    }

    /** @param {number} id @param {ProviderTagging} found */
    putProvider(id, found) {
        this.#found.push({ id, found });
    }

    /** @param {HeadTaggings} found */
    putHead(found) {
        this.#foundByHeads.push(found);
    }

    /** @param {number} id @param {readonly PictureText[]} texts */
    setTexts(id, texts) {
        this.#texts.set(id, texts);
    }

    /** @param {number} id @param {Corrections} corrections */
    correct(id, corrections) {
        this.#corrections.set(id, corrections);
    }

    /** @param {number} id */
    remove(id) {
        this.#pictures.delete(id);
        this.#results.delete(id);
        this.#found = this.#found.filter((result) => result.id !== id);
        this.#removed.add(id);
    }

    /** Pictures that were removed and are to stay. @param {readonly number[]} ids */
    putBack(ids) {
        for (const id of ids) this.#removed.delete(id);
    }

    clear() {
        for (const unsent of [this.#pictures, this.#results, this.#texts, this.#removed, this.#corrections])
            unsent.clear();
        this.#found = [];
        this.#foundByHeads = [];
    }

    /** Everything but what came of pictures for which it `isEarly`. @param {(id: number) => boolean} isEarly @returns {Said} */
    take(isEarly) {
        const isWhole = (/** @type {HeadTaggings} */ { ids }) => !ids.some(isEarly);
        /** @type {Said} */
        const said = {
            removes: [...this.#removed],
            adds: [...this.#pictures.values()],
            puts: [],
            fails: [],
            provider_puts: this.#found.filter(({ id }) => !isEarly(id)),
            head_puts: this.#foundByHeads.filter(isWhole),
            texts: [],
            corrections: Array.from(this.#corrections, ([id, corrections]) => ({ id, corrections })),
        };
        for (const result of this.#results.values()) {
            if (isEarly(result.id)) continue;
            this.#results.delete(result.id);
            if ("tagging" in result) said.puts.push(result);
            else said.fails.push(result);
        }
        for (const [id, texts] of this.#texts) {
            if (isEarly(id)) continue;
            this.#texts.delete(id);
            said.texts.push({ id, texts });
        }
        this.#found = this.#found.filter(({ id }) => isEarly(id));
        this.#foundByHeads = this.#foundByHeads.filter((found) => !isWhole(found));
        this.#removed.clear();
        this.#pictures.clear();
        this.#corrections.clear();
        return said;
    }
}
