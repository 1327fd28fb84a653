/** Where the page's sources are, and what a build says when one is missing. */
import { fileURLToPath, pathToFileURL } from "node:url";

export const WWW = fileURLToPath(new URL("../", import.meta.url));

/** For the caller to show as it is, without a stack. */
export class BuildError extends Error {}

/** Runs what a tool does where it was started as a program. @param {string} module its `import.meta.url` @param {(args: string[]) => Promise<void>} run */
export function runIfMain(module, run) {
    if (module !== pathToFileURL(process.argv[1] ?? "").href) return;
    run(process.argv.slice(2)).catch((error) => {
        const isTold = error instanceof BuildError || error.code?.startsWith("ERR_PARSE_ARGS");
        console.error(isTold ? `build: ${error.message}` : error);
        process.exitCode = 1;
    });
}
