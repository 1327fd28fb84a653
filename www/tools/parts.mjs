/**
 * Which modules belong to which part of the page, read from what esbuild made of it. The empty page is the part "page"; every other part
 * is a module of views/ that is imported dynamically, and has all that it imports and that is not there already.
 */

/** Where the page begins. */
export const PAGE = "shells/page/main.js";
const VIEW = /^views\/(\w+)\.js$/;
/** The parts that are there before a part, besides the page itself: each other one has only the first of them. @type {Record<string, string[]>} */
const BEFORE = { work: [], providers: ["work", "dialogs"], own_tags: ["work", "dialogs"], words: ["work", "dialogs"] };
const USUALLY_BEFORE = ["work"];

/**
 * @param {import("esbuild").Metafile} metafile of a build in www/ @param {string} [page] where the page begins
 * @returns {{parts: Map<string, string[]>, atOnce: string[]}} the modules of each part by their paths; and the files that the page itself
 *   needs, which no part needs to bring
 */
export function partsOf({ outputs }, page = PAGE) {
    /** A file and all that it imports at once. @param {string} file @param {Set<string>} [seen] */
    const closure = (file, seen = new Set()) => {
        if (seen.has(file)) return seen;
        seen.add(file);
        for (const { kind, path } of outputs[file]?.imports ?? []) if (kind === "import-statement") closure(path, seen);
        return seen;
    };
    const entries = Object.entries(outputs).flatMap(([file, { entryPoint = "" }]) => {
        const name = entryPoint === page ? "page" : VIEW.exec(entryPoint)?.[1];
        return name ? [{ name, file }] : [];
    });
    /** @param {string} name */
    const filesOf = (name) => closure(entries.find((entry) => entry.name === name)?.file ?? "");
    const atOnce = filesOf("page");
    /** @type {Map<string, string[]>} */
    const parts = new Map();
    for (const { name, file } of entries) {
        const before = (BEFORE[name] ?? USUALLY_BEFORE).flatMap((part) => [...filesOf(part)]);
        const isThere = new Set(name === "page" ? [] : [...atOnce, ...before]);
        const own = [...closure(file)].filter((one) => !isThere.has(one));
        parts.set(
            name,
            own.flatMap((one) => Object.keys(outputs[one]?.inputs ?? {})),
        );
    }
    return { parts, atOnce: [...atOnce] };
}
