/**
 * Pictures that were added to the library from a page, until the library is open and takes them. They lie in a database of their own: the
 * library has one owner at a time, and whoever adds a picture need not wait for it.
 * @import { RejectedTag } from "./messages.js"
 * `leftOpen`: what was called wrong before, and the library has that.
 * @typedef {{path: string, blob: Blob, rejected: RejectedTag[], leftOpen?: RejectedTag[]}} InboxPicture
 */
const NAME = "tagsmith-inbox";
const STORE = "pictures";
/** Says that something was put into it. */
export const INBOX_CHANNEL = "tagsmith inbox";

/** @returns {Promise<IDBDatabase>} */
function open() {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { autoIncrement: true });
    return asked(request);
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const asked = (request) =>
    new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(Object.assign(new Error(), { code: "storage_failed", detail: request.error }));
    });

/** @template T @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => Promise<T>} act */
async function within(mode, act) {
    const database = await open();
    try {
        const transaction = database.transaction(STORE, mode);
        const done = new Promise((resolve, reject) => {
            transaction.oncomplete = resolve;
            transaction.onabort = () => reject(transaction.error);
        });
        const result = await act(transaction.objectStore(STORE));
        await done;
        return result;
    } catch (error) {
        const isFull = /** @type {{name?: string}} */ (error)?.name === "QuotaExceededError";
        throw Object.assign(new Error(String(error)), { code: isFull ? "storage_full" : "storage_failed" });
    } finally {
        database.close();
    }
}

/** @param {InboxPicture} picture @returns {Promise<number>} by which it can be taken back */
export async function putIntoInbox(picture) {
    const key = await within("readwrite", (store) => asked(store.add(picture)));
    const channel = new BroadcastChannel(INBOX_CHANNEL);
    channel.postMessage(null);
    channel.close();
    return Number(key);
}

/** Whether it was still there: else the library has it. @param {number} key */
export const takeFromInbox = (key) =>
    within("readwrite", async (store) => {
        const isThere = (await asked(store.count(key))) > 0;
        await asked(store.delete(key));
        return isThere;
    });

/** All that is there, by what each is taken by. @returns {Promise<[number, InboxPicture][]>} */
export const readInbox = () =>
    within("readonly", async (store) => {
        const [keys, pictures] = await Promise.all([asked(store.getAllKeys()), asked(store.getAll())]);
        return keys.map((key, idx) => [Number(key), pictures[idx]]);
    });
