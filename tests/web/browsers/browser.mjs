/**
 * Three browsers behind one handful of calls: no more than a test of the whole job needs, so that every browser can give it.
 *
 * @typedef {"chromium" | "firefox" | "webkit"} BrowserName
 * @typedef {{
 *   version: string,
 *   goto: (url: string) => Promise<void>,
 *   run: <A extends unknown[], R>(act: (...args: A) => R, ...args: A) => Promise<Awaited<R>>,
 *   wait: <A extends unknown[], R>(ask: (...args: A) => R, ...args: A) => Promise<NonNullable<Awaited<R>>>,
 *   click: (css: string) => Promise<void>,
 *   type: (css: string, text: string) => Promise<void>,
 *   key: (key: string) => Promise<void>,
 *   choose: (css: string, paths: string[]) => Promise<void>,
 *   download: (start: () => Promise<unknown>) => Promise<{name: string, path: string}>,
 *   resize: (width: number, height: number) => Promise<void>,
 *   complaints: () => Promise<string[]>,
 *   close: () => Promise<void> }} Browser
 *   `run` and `wait` act in the page, `wait` until the answer counts as true; `type` ends with Enter; `complaints` are errors and
 *   warnings in the console, errors that were thrown and what the policy forbade, since they were asked for the last time
 */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** How long what does not come is waited for; it may be changed on the way. @typedef {{ms: number}} Patience */

/** Long, because the machine may be compiling at the same time. */
export const PATIENCE_MS = 90_000;

/** A program on the path. @param {string[]} names @returns {string | undefined} */
export function findProgram(...names) {
    const folders = (process.env["PATH"] ?? "").split(delimiter);
    return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

/** @param {string} path */
export function isProgram(path) {
    try {
        accessSync(path, constants.X_OK);
        return true;
    } catch {
        return false;
    }
}

/**
 * Asks until the answer counts as true.
 * @template T @param {() => Promise<T> | T} ask @param {Patience} patience @param {Function} [question] what the error quotes
 * @returns {Promise<NonNullable<T>>}
 */
export async function poll(ask, patience, question = ask) {
    for (const end = Date.now() + patience.ms; ; ) {
        const answer = await ask();
        if (answer) return answer;
        if (Date.now() > end) throw new Error(`Nothing came of it in ${patience.ms / 1000} s: ${question}`);
        await new Promise((woken) => setTimeout(woken, 50));
    }
}
