/**
 * Keys of providers, between the page and where they are kept: in memory, or behind a passphrase where somebody asks for that. No signal
 * ever holds one, so that nothing that is drawn can.
 * @import { Context } from "../context.js"
 * @import { KeyPlace } from "../provider_state.js"
 * @import { Secrets } from "../../core/provider_protocol.js"
 */
import { openKeptKeys } from "../providers/kept_keys.js";
import { KeyRing } from "../providers/keys.js";
import { allProviders } from "../provider_profiles.js";
import { keptProviders, keyFailures, keyPlaces } from "../provider_state.js";

/** Shorter ones are found by trying. */
const SHORTEST = 8;

/** @param {Pick<Context, "platform">} context */
export function createProviderKeys({ platform }) {
    /** Opened once; where the browser keeps nothing, memory is all there is. @type {Promise<KeyRing> | undefined} */
    let opening;
    /** What is at hand, for who cannot wait. @type {KeyRing | null} */
    let ring = null;

    function openRing() {
        opening ??= openKeptKeys(platform.store.scope)
            .catch(() => null)
            .then((kept) => (ring = new KeyRing(kept)));
        return opening;
    }

    /** @param {string} id @returns {Secrets} */
    const secretsOf = (id) => ring?.get(id) ?? {};

    async function refreshKeys() {
        const keys = await openRing();
        const kept = new Set(await keys.kept());
        const placeOf = (/** @type {string} */ id) => {
            const isHere = keys.get(id) !== null;
            return kept.has(id) ? (isHere ? "kept" : "locked") : isHere ? "memory" : "none";
        };
        keyPlaces.value = new Map(
            allProviders(keptProviders.value).map(({ id }) => [id, /** @type {KeyPlace} */ (placeOf(id))]),
        );
    }

    /** @param {string} id @param {string | null} code */
    function fail(id, code) {
        const next = new Map(keyFailures.value);
        next.delete(id);
        if (code !== null) next.set(id, code);
        keyFailures.value = next;
    }

    /** What was kept before does not hold any more. @param {string} id @param {Secrets} news */
    async function setKey(id, news) {
        const keys = await openRing();
        fail(id, null);
        const before = keys.get(id); // of several secrets the others stay
        if ((await keys.kept()).includes(id)) await keys.forget(id);
        keys.set(id, { ...before, ...news });
        await refreshKeys();
    }

    /** @param {string} id @param {string} passphrase */
    async function keepKey(id, passphrase) {
        if (passphrase.length < SHORTEST) return fail(id, "passphrase_short");
        fail(id, null);
        const keys = await openRing();
        await keys.keep(id, passphrase).catch(() => fail(id, "passphrase_unkept"));
        await refreshKeys();
    }

    /** @param {string} id @param {string} passphrase */
    async function unlockKey(id, passphrase) {
        fail(id, null);
        const keys = await openRing();
        await keys.unlock(id, passphrase).catch(() => fail(id, "passphrase_wrong"));
        await refreshKeys();
    }

    /** @param {string} id */
    async function forgetKey(id) {
        fail(id, null);
        await (await openRing()).forget(id);
        await refreshKeys();
    }

    return { forgetKey, keepKey, refreshKeys, secretsOf, setKey, unlockKey };
}
