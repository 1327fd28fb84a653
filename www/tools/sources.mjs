/** Where the page's sources are, and what a build says when one is missing. */
import { fileURLToPath } from "node:url";

export const WWW = fileURLToPath(new URL("../", import.meta.url));

/** For the caller to show as it is, without a stack. */
export class BuildError extends Error {}
