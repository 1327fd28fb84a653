/** IndexedDB, asked with promises: for what lies beside the library because SQLite cannot have it, or not yet. */

/** Null where the browser keeps nothing. @param {string} name @param {readonly string[]} stores @param {IDBObjectStoreParameters} [options] @returns {Promise<IDBDatabase | null>} */
export async function openIndexed(name, stores, options) {
    try {
        const request = indexedDB.open(name, 1);
        request.onupgradeneeded = () => {
            for (const store of stores) request.result.createObjectStore(store, options);
        };
        return await answerOf(request);
    } catch {
        return null;
    }
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
export const answerOf = (request) =>
    new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });

/** @param {IDBDatabase} db @param {string | string[]} stores @param {IDBTransactionMode} mode @param {IDBTransactionOptions} [options] */
export function begin(db, stores, mode, options) {
    const transaction = db.transaction(stores, mode, options);
    /** @type {Promise<void>} */
    const done = new Promise((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
    return { transaction, done };
}
