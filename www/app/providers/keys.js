/**
 * Credentials of providers. They are in memory, until the page closes; kept only where somebody wants that and has a passphrase. Then they
 * are encrypted with AES-GCM, by a key made of the passphrase with PBKDF2 (SHA-256, 600,000 rounds), which is never kept. What is kept of
 * one provider cannot be passed off as another's: its id is part of what the seal covers.
 *
 * Nothing here ends in a text: errors tell no credential, and there is no way to print one.
 * @import { KeptKeys, Locked } from "./kept_keys.js"
 *
 * @typedef {{key?: string, secret?: string, token?: string}} Secrets
 */
import { CodedError } from "../../core/protocol.js";

export { openKeptKeys } from "./kept_keys.js";

/** As OWASP advised for this hash in 2023; more may have been used by a later version of the page. */
const ROUNDS = 600_000;
/** What asks for more is no record of ours, and would hang the page. */
const MOST_ROUNDS = 10_000_000;
const SALT_BYTES = 16;
const IV_BYTES = 12;

export class KeyRing {
    /** @type {Map<string, Secrets>} */
    #open = new Map();
    #kept;
    #rounds;

    /** @param {KeptKeys | null} kept null where the browser keeps nothing @param {{rounds?: number}} [how] */
    constructor(kept, { rounds = ROUNDS } = {}) {
        this.#kept = kept;
        this.#rounds = rounds;
    }

    /** Whether anything can be kept at all. */
    get canKeep() {
        return this.#kept !== null && globalThis.crypto?.subtle !== undefined;
    }

    /** What is in memory. @param {string} id @returns {Secrets | null} */
    get(id) {
        return this.#open.get(id) ?? null;
    }

    /** Holds until the page closes; what is kept stays as it is. @param {string} id @param {Secrets | null} secrets */
    set(id, secrets) {
        if (secrets) this.#open.set(id, { ...secrets });
        else this.#open.delete(id);
    }

    /** Of which providers something is kept. @returns {Promise<string[]>} */
    async kept() {
        const all = (await this.#kept?.all()) ?? [];
        return all.map(({ id }) => id);
    }

    /** Keeps what is in memory. @param {string} id @param {string} passphrase @throws keys_not_kept where nothing can be kept */
    async keep(id, passphrase) {
        const secrets = this.#open.get(id);
        if (!secrets) throw new TypeError("There is nothing to keep.");
        await this.#seal(id, secrets, passphrase);
    }

    /** Opens what is kept, for this visit. @param {string} id @param {string} passphrase @returns {Promise<Secrets>} @throws passphrase_wrong */
    async unlock(id, passphrase) {
        const locked = (await this.#kept?.all())?.find((one) => one.id === id);
        if (!locked) throw new TypeError("Nothing is kept of this provider.");
        const secrets = await unsealed(locked, passphrase);
        this.#open.set(id, secrets);
        return secrets;
    }

    /** Encrypts it anew, with another passphrase, salt and nonce. @param {string} id @param {string} before @param {string} passphrase @throws passphrase_wrong */
    async change(id, before, passphrase) {
        await this.#seal(id, await this.unlock(id, before), passphrase);
    }

    /** Nothing of it is left, neither in memory nor kept. @param {string} id */
    async forget(id) {
        this.#open.delete(id);
        await this.#kept?.delete(id);
    }

    /** @param {string} id @param {Secrets} secrets @param {string} passphrase */
    async #seal(id, secrets, passphrase) {
        if (!this.#kept || !this.canKeep)
            throw new CodedError("keys_not_kept", "This browser keeps nothing for the page.");
        if (passphrase === "") throw new TypeError("There is no passphrase.");
        const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
        const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
        const key = await keyOf(passphrase, salt, this.#rounds);
        const plain = new TextEncoder().encode(JSON.stringify(secrets));
        const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: boundTo(id) }, key, plain);
        await this.#kept.put({ id, version: 1, rounds: this.#rounds, salt, iv, sealed });
    }
}

/** @param {string} passphrase @param {Uint8Array<ArrayBuffer>} salt @param {number} iterations */
async function keyOf(passphrase, salt, iterations) {
    // The same letters, however a keyboard composes them.
    const bytes = new TextEncoder().encode(passphrase.normalize("NFKC"));
    const material = await crypto.subtle.importKey("raw", bytes, "PBKDF2", false, ["deriveKey"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
    return crypto.subtle.deriveKey(how, material, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** @param {string} id */
const boundTo = (id) => new TextEncoder().encode(`tagsmith key 1 ${id}`);

/** @param {Locked} locked @param {string} passphrase @returns {Promise<Secrets>} */
async function unsealed({ id, rounds, salt, iv, sealed }, passphrase) {
    const isOurs = Number.isSafeInteger(rounds) && rounds > 0 && rounds <= MOST_ROUNDS;
    try {
        if (!isOurs) throw new RangeError("no record of ours");
        const key = await keyOf(passphrase, salt, rounds);
        const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: boundTo(id) }, key, sealed);
        return secretsOf(JSON.parse(new TextDecoder().decode(plain)));
    } catch {
        // A damaged record looks the same: the seal does not tell, and no detail of either is anybody's business.
        throw new CodedError("passphrase_wrong", "The passphrase does not open what is kept, or that is damaged.");
    }
}

/** @param {unknown} value @returns {Secrets} */
function secretsOf(value) {
    const { key, secret, token } = /** @type {Record<string, unknown>} */ (Object(value));
    const isText = (/** @type {unknown} */ one) => typeof one === "string";
    return Object.fromEntries(Object.entries({ key, secret, token }).filter(([, one]) => isText(one)));
}
