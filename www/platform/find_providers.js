/** The way to other taggers (providers.js), of which a page that has none enabled fetches nothing. */

/**
 * @param {import("./providers.js").ProviderFacts} facts
 * @returns {import("./platform.d.ts").Providers}
 */
export function findProviders(facts) {
    /** @type {Promise<import("./platform.d.ts").Providers> | null} */
    let opened = null;
    /** A fetch that failed is tried again the next time. */
    const open = () => {
        opened ??= import("./providers.js").then(
            ({ openProviders }) => openProviders(facts),
            (error) => {
                opened = null;
                throw error;
            },
        );
        return opened;
    };
    return {
        whyNot: async () => (await open()).whyNot(),
        isPossible: async (origin) => (await open()).isPossible(origin),
        enable: async (origins) => (await open()).enable(origins),
        disable: async (origins) => (await open()).disable(origins),
        enabled: async () => (await open()).enabled(),
        startWorker: async (origins) => (await open()).startWorker(origins),
        loadModule: async () => (await open()).loadModule(),
        localLeave: async (origin) => (await open()).localLeave(origin),
        serverDate: async () => (await open()).serverDate(),
    };
}
