/** Whether the browser keeps what is stored here until somebody deletes it, or takes it when room runs short. */

/** @returns {import("./platform.d.ts").StoragePromise} */
export function findPersistence() {
    // Pages that are no secure context have none.
    const { storage } = /** @type {{storage?: StorageManager}} */ (navigator);
    return {
        isPromised: async () => (await storage?.persisted?.().catch(() => null)) ?? null,
        ask: async () => (await storage?.persist?.().catch(() => false)) ?? false,
    };
}
