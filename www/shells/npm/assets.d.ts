// The module "tagsmith-assets", which tools/build_npm.mjs writes: where the files of the package are.
export type Asset = { url: URL; bytes: number };
export const worker: Asset;
export const engine: { simd128: Asset; relaxed: Asset };
export const session: Asset;
export const model: Asset;
export const card: Asset;
export const vocabulary: Asset;
/** By path from the card's folder. */
export const companions: Record<string, Asset>;
export const objects: Record<string, Asset>;
