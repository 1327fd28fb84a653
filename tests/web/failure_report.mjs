/** What is left of a test that failed: a picture of every page it had open, and what those pages have said. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ROOT } from "./root.mjs";
import { openActivity } from "./idle.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** The test file under way: node runs each in a process of its own. */
const FILE = basename(process.argv[1] ?? "unknown", ".test.mjs");
const FOLDER = join(ROOT, "target/test-reports/browser", FILE);
/** A page that hangs must not make its report hang. */
const PATIENCE_MS = 10_000;

/** Reports of the last run of this file. */
export const clearReports = () => rmSync(FOLDER, { recursive: true, force: true });

/** A name for a file. @param {string} name */
const slug = (name) =>
    name
        .toLowerCase()
        .normalize("NFKD")
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-+|-+$/g, "")
        .slice(0, 100) || "test";

/** @template T @param {Promise<T>} wanted @param {T} otherwise @returns {Promise<T>} */
async function inTime(wanted, otherwise) {
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    const late = new Promise((resolve) => void (timer = setTimeout(resolve, PATIENCE_MS, otherwise)));
    return Promise.race([wanted.catch(() => otherwise), /** @type {Promise<T>} */ (late)]).finally(() =>
        clearTimeout(timer),
    );
}

/**
 * Writes `NAME.png` and `NAME.log`; `NAME-2` and so on for further pages.
 * @param {string} name of the test @param {unknown} error why it failed @param {Page[]} pages @param {string[]} log what pages and workers have said
 */
export async function writeReport(name, error, pages, log) {
    mkdirSync(FOLDER, { recursive: true });
    for (const [idx, page] of pages.entries()) {
        const path = join(FOLDER, `${slug(name)}${idx > 0 ? `-${idx + 1}` : ""}`);
        const open = await inTime(openActivity(page), ["the page does not answer"]);
        const picture = await inTime(page.screenshot({ timeout: PATIENCE_MS }), null);
        if (picture) writeFileSync(`${path}.png`, picture);
        const lines = [
            `test: ${name}`,
            `page: ${page.url()}`,
            `workers: ${page.workers().length}`,
            `open: ${open.join("; ") || "nothing"}`,
            `picture: ${picture ? `${basename(path)}.png` : "none, the page did not answer"}`,
            "",
            "why it failed:",
            explain(error),
            "",
            "what the pages and their workers have said:",
            ...(log.length > 0 ? log : ["nothing"]),
        ];
        writeFileSync(`${path}.log`, `${lines.join("\n")}\n`);
    }
    console.log(`failed: ${name}\n    see ${join("target/test-reports/browser", FILE)}`);
}

/** @param {unknown} error */
function explain(error) {
    const cause = /** @type {any} */ (error)?.cause ?? error;
    return String(cause?.stack ?? cause);
}
