/**
 * What tools/build.mjs fills into sw.js: every file of this version with its SHA-256. `isFinal`: names carry hashes, as on a host;
 * otherwise the page is being worked on, and the network comes before what is kept. `isLate`: not needed before the first tags. `isLast`:
 * not needed before the first picture, so that it is fetched once the rest is there. `isOnDemand`: needed by some people only, kept from its first use on.
 */
declare const TAGSMITH_BUILD: {
    version: string;
    isFinal: boolean;
    files: {
        name: string;
        sha256: string;
        variant?: import("../../core/engine.js").Variant;
        isLate?: true;
        isLast?: true;
        isOnDemand?: true;
    }[];
};

/** What tools/build.mjs fills into catalog.js: the addresses of the catalog's files, by the model's id. */
declare const TAGSMITH_CATALOG: Record<string, { model: string; vocabulary?: string }>;
