/**
 * Where encrypted credentials lie: an IndexedDB of the page's own, beside the library and never in it, so that no backup, export or
 * other program has them. Nothing in it can be read without the passphrase.
 *
 * What is kept of one provider. @typedef {{id: string, version: 1, rounds: number, salt: Uint8Array<ArrayBuffer>, iv: Uint8Array<ArrayBuffer>, sealed: ArrayBuffer}} Locked
 * @typedef {{all: () => Promise<Locked[]>, put: (locked: Locked) => Promise<void>, delete: (id: string) => Promise<void>}} KeptKeys
 */

const KEYS = "keys";

/** @param {string} scope as that of the store @returns {Promise<KeptKeys>} @throws where the browser keeps nothing */
export async function openKeptKeys(scope) {
    const opening = indexedDB.open(`tagsmith-keys ${scope}`, 1);
    opening.onupgradeneeded = () => void opening.result.createObjectStore(KEYS, { keyPath: "id" });
    const db = await resultOf(opening);
    // Another tab may want to delete it, or open a newer one.
    db.onversionchange = () => db.close();
    const inKeys = (/** @type {IDBTransactionMode} */ mode) =>
        db.transaction(KEYS, mode, { durability: "strict" }).objectStore(KEYS);
    return {
        all: () => resultOf(inKeys("readonly").getAll()),
        put: async (locked) => void (await resultOf(inKeys("readwrite").put(locked))),
        delete: async (id) => void (await resultOf(inKeys("readwrite").delete(id))),
    };
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} once it is committed, where it writes */
const resultOf = (request) =>
    new Promise((resolve, reject) => {
        request.onerror = () => reject(request.error);
        request.onsuccess = () => {
            const { transaction } = request;
            if (transaction?.mode !== "readwrite") return resolve(request.result);
            transaction.oncomplete = () => resolve(request.result);
            transaction.onerror = transaction.onabort = () => reject(transaction.error);
        };
    });
