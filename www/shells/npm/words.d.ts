// The module "tagsmith-error-words", which tools/build_npm.mjs takes from the page's catalogues.
/** By language and code: what is wrong, and what to do. */
export const words: Record<"en" | "sv", Record<string, { title: string; remedy: string }>>;
/** "Details: {detail}" */
export const details: Record<"en" | "sv", string>;
