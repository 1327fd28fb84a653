/** Links in our documents lead somewhere: to a file that exists and, where they name one, to a heading in it. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
/** Generated, or somebody else's. */
const SKIPPED = new Set([".git", ".venv", "dist", "node_modules", "target"]);
const SOURCES = /\.(js|md|mjs|py|rs|sh|toml|ts|yml)$/;

/** Files below `folder` whose name matches; symbolic links are not followed. @param {string} folder @param {RegExp} name @returns {string[]} */
function filesBelow(folder, name) {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : filesBelow(path, name);
        return entry.isFile() && name.test(entry.name) ? [path] : [];
    });
}

/** A document without what only looks like a link: code. @param {string} path */
const proseOf = (path) =>
    readFileSync(path, "utf8")
        .replace(/^(```|~~~)[\s\S]*?^\1/gm, "")
        .replace(/`[^`\n]*`/g, "");

/** The targets of inline links, pictures, reference links and HTML. @param {string} prose */
function targetsOf(prose) {
    const patterns = [
        /\]\(\s*<?([^)>\s]+)>?(?:\s+"[^"]*")?\s*\)/g,
        /^\s*\[[^\]]+\]:\s+<?(\S+?)>?\s*$/gm,
        /\b(?:href|src)="([^"]+)"/g,
    ];
    return patterns.flatMap((pattern) => [...prose.matchAll(pattern)].map(([, target]) => target ?? ""));
}

/** The anchors of a document's headings, as forges make them. @param {string} path */
function anchorsOf(path) {
    const text = readFileSync(path, "utf8").replace(/^(```|~~~)[\s\S]*?^\1/gm, "");
    return [...text.matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)].map(([, heading]) =>
        (heading ?? "")
            .toLowerCase()
            .replace(/[^\p{L}\p{N}\s_-]/gu, "")
            .replace(/\s/g, "-"),
    );
}

/** Why a link leads nowhere; null if it leads somewhere. @param {string} from @param {string} target */
function problemOf(from, target) {
    const [path = "", anchor] = decodeURI(target).split("#");
    const file = path === "" ? from : path.startsWith("/") ? join(ROOT, path) : resolve(dirname(from), path);
    if (!existsSync(file)) return "there is no such file";
    if (anchor && /\.md$/.test(file) && !anchorsOf(file).includes(anchor)) return "there is no such heading";
    return null;
}

test("relative links in documents lead to files and headings that exist", () => {
    const documents = filesBelow(ROOT, /\.md$/);
    const links = documents.flatMap((from) => targetsOf(proseOf(from)).map((target) => ({ from, target })));
    const ours = links.filter(({ target }) => !/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(target));
    assert.ok(documents.length >= 10 && ours.length >= 20, `${documents.length} documents, ${ours.length} links`);
    const broken = ours
        .map(({ from, target }) => ({ from: relative(ROOT, from), target, problem: problemOf(from, target) }))
        .filter(({ problem }) => problem !== null);
    assert.deepEqual(broken, []);
});

test("documents that sources and documents name by their path exist", () => {
    const sources = filesBelow(ROOT, SOURCES).filter((path) => path !== fileURLToPath(import.meta.url));
    const named = sources.flatMap((from) => {
        const paths = readFileSync(from, "utf8").matchAll(/(?<![\w./-])docs\/[\w./-]+\.(?:md|json)\b/g);
        return [...paths].map(([path]) => ({ from: relative(ROOT, from), path }));
    });
    assert.ok(named.length >= 10, `${named.length} mentions`);
    assert.deepEqual(
        named.filter(({ path }) => !existsSync(join(ROOT, path))),
        [],
    );
});
