/**
 * The way from a page to the tagger. The tagger may be ended at any time, by the browser or by a crash: then it is woken and asked once more.
 * @import { Port } from "./browser_api.d.ts"
 * @import { FromTagger, Report, RejectedTag, Source, TagSettings, Told, ToTagger } from "./messages.js"
 * @import { ReadPicture } from "./read_picture.js"
 */
import { browser } from "./browser.js";
import { PART_BYTES, TAGGER_PORT, askBackground } from "./messages.js";

/** What the tagger said instead of tags. */
export class TaggerError extends Error {
    /** @param {Told} told */
    constructor(told) {
        super(told.title);
        this.told = told;
    }
}
/** The tagger ended while it was asked. */
class Lost extends Error {}
/** The extension was removed or renewed while the page was open. */
export class Orphaned extends Error {}

const N_TRIES = 3;
/** A tagger that was just woken may not listen yet. */
const PAUSE_MS = 200;

export class TaggerPort {
    /** @type {Port | null} */
    #port = null;
    #lastId = 0;
    /** @type {Map<number, {resolve: (message: any) => void, reject: (error: Error) => void}>} */
    #open = new Map();

    /** @param {ReadPicture} picture @param {TagSettings} settings @param {AbortSignal} signal @returns {Promise<Report>} */
    async tag(picture, settings, signal) {
        const { path } = picture;
        const { report } = await this.#ask(
            (id, source) => ({ type: "tag", id, source, path, settings }),
            picture,
            signal,
        );
        return report;
    }

    /**
     * @param {ReadPicture} picture @param {{rejected: RejectedTag[], leftOpen: RejectedTag[]}} said @param {TagSettings} settings
     * @returns {Promise<{entry: number, isThere: boolean}>} its entry in the inbox, and whether the library has it already
     */
    keep(picture, said, { language }) {
        const { path } = picture;
        const make = (/** @type {number} */ id, /** @type {Source} */ source) =>
            /** @type {const} */ ({ type: "keep", id, source, path, ...said, language });
        return this.#ask(make, picture);
    }

    /** @param {number} entry @param {TagSettings} settings @returns {Promise<boolean>} false: the library has it already */
    async takeBack(entry, { language }) {
        return (await this.#ask((id) => ({ type: "take_back", id, entry, language }), null)).isThere;
    }

    /** Whether a model starts. @param {string | null} key @param {TagSettings["language"]} language @throws {TaggerError} why it does not */
    async tryModel(key, language) {
        await this.#ask((id) => ({ type: "try_model", id, key, language }), null);
    }

    /** @param {(id: number, source: Source) => ToTagger} make @param {ReadPicture | null} picture @param {AbortSignal} [signal] @returns {Promise<any>} */
    async #ask(make, picture, signal) {
        for (let nTries = 1; ; nTries++) {
            try {
                return await this.#try(make, picture, signal);
            } catch (error) {
                if (!(error instanceof Lost) || nTries === N_TRIES) throw error;
                await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * nTries));
            }
        }
    }

    /** @param {(id: number, source: Source) => ToTagger} make @param {ReadPicture | null} picture @param {AbortSignal} [signal] @returns {Promise<any>} */
    async #try(make, picture, signal) {
        const port = await this.#connect();
        signal?.throwIfAborted();
        const id = ++this.#lastId;
        const answer = new Promise((resolve, reject) => this.#open.set(id, { resolve, reject }));
        answer.catch(() => {}); // it may be lost while the picture is still being sent
        const cancel = () => {
            this.#open.get(id)?.reject(signal?.reason);
            if (this.#port === port) port.postMessage({ type: "cancel", id });
        };
        signal?.addEventListener("abort", cancel, { once: true });
        try {
            const source = await this.#send(port, id, picture, signal);
            signal?.throwIfAborted();
            if (this.#port === port) port.postMessage(make(id, source));
            return await answer;
        } finally {
            signal?.removeEventListener("abort", cancel);
            this.#open.delete(id);
        }
    }

    /** @param {Port} port @param {number} id @param {ReadPicture | null} picture @param {AbortSignal} [signal] @returns {Promise<Source>} */
    async #send(port, id, picture, signal) {
        if (!picture) return { kind: "parts", mime: "" };
        if ("url" in picture) return { kind: "url", url: picture.url };
        const { blob } = picture;
        for (let from = 0; from < blob.size; from += PART_BYTES) {
            const base64 = await base64Of(blob.slice(from, from + PART_BYTES));
            signal?.throwIfAborted();
            if (this.#port !== port) throw new Lost();
            port.postMessage({ type: "part", id, base64 });
        }
        return { kind: "parts", mime: blob.type };
    }

    async #connect() {
        if (this.#port) return this.#port;
        if (!browser.runtime?.id) throw new Orphaned();
        await askBackground({ type: "wake_tagger" });
        if (this.#port) return this.#port; // two pictures at once
        const port = browser.runtime.connect({ name: TAGGER_PORT });
        port.onMessage.addListener((/** @type {FromTagger} */ message) => this.#receive(message));
        port.onDisconnect.addListener(() => {
            void browser.runtime.lastError; // read, or the browser complains that nobody has
            if (this.#port === port) this.#lose();
        });
        this.#port = port;
        return port;
    }

    #lose() {
        this.#port = null;
        for (const { reject } of this.#open.values()) reject(new Lost());
    }

    /** @param {FromTagger} message */
    #receive(message) {
        const open = this.#open.get(message.id);
        if (message.type === "failed") open?.reject(new TaggerError(message.failure));
        else open?.resolve(message);
    }
}

/** By the browser's own encoder. @param {Blob} blob @returns {Promise<string>} */
const base64Of = (blob) =>
    new Promise((resolve, reject) => {
        const reader = new FileReader();
        reader.onload = () => {
            const url = String(reader.result);
            resolve(url.slice(url.indexOf(",") + 1));
        };
        reader.onerror = () => reject(reader.error);
        reader.readAsDataURL(blob);
    });
