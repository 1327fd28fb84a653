import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { build as pack } from "esbuild";
import { WORDS_PARTS } from "../i18n/messages.js";
import { PAGE, partsOf } from "./parts.mjs";
import { WWW } from "./sources.mjs";

const { metafile } = await pack({
    absWorkingDir: WWW,
    entryPoints: { page: PAGE },
    bundle: true,
    splitting: true,
    format: "esm",
    outdir: ".",
    write: false,
    metafile: true,
    logLevel: "silent",
});
const { parts } = partsOf(metafile);

/** The keys that English has, by part. @type {Record<string, Set<string>>} */
const keys = {};
for (const part of WORDS_PARTS) {
    const { errors: _, ...words } = (await import(`../i18n/${part === "start" ? "en" : `en_${part}`}.js`))[part];
    keys[part] = new Set(Object.keys(words));
}

/** What a module says: the keys in the first arguments of these calls and in these properties; a beginning where the rest comes at run time. */
const CALL = /(?<![\w.])(?:t|notify|announce|rememberStep|correct|correctEach)\(|\bmessage\([\w.]+,/g;
const PROPERTY = /\b(?:words|title): "(\w+)"/g;

/** @param {string} code @param {number} from @returns {string} up to the comma or bracket that ends the argument */
function argument(code, from) {
    let depth = 0;
    for (let at = from; at < code.length; at++) {
        if ("([{".includes(code[at] ?? "")) depth++;
        else if (")]}".includes(code[at] ?? "") && --depth < 0) return code.slice(from, at);
        else if (code[at] === "," && depth === 0) return code.slice(from, at);
    }
    return code.slice(from);
}

/** @param {string} code @returns {string[]} keys, and beginnings of keys with a "*" behind */
function saidIn(code) {
    const said = Array.from(code.matchAll(PROPERTY), ([, key = ""]) => key);
    for (const { index, 0: call } of code.matchAll(CALL)) {
        const first = argument(code, index + call.length);
        for (const [, key = ""] of first.matchAll(/"(\w+)"/g)) said.push(key);
        for (const [, key = ""] of first.matchAll(/`(\w+)\$\{/g)) said.push(`${key}*`);
    }
    return said;
}

test("what a part says is in its own words, or in those of what is there before it", async () => {
    const all = new Set(Object.values(keys).flatMap((some) => [...some]));
    /** @type {Record<string, string[]>} */
    const before = {
        page: ["start"],
        work: ["start", "work"],
        dialogs: ["start", "work", "dialogs"],
        providers: ["start", "work", "dialogs", "providers"],
        own_tags: ["start", "work", "dialogs", "own_tags"],
        words: ["start", "work", "dialogs", "words"],
    };
    const wrong = [];
    let n = 0;
    for (const [part, modules] of parts) {
        const there = new Set(
            (before[part] ?? assert.fail(`Which words are there before ${part}?`)).flatMap((name) => [
                ...(keys[name] ?? []),
            ]),
        );
        for (const module of modules.filter((path) => /^(views|app|platform)\//.test(path))) {
            for (const said of saidIn(await readFile(join(WWW, module), "utf8"))) {
                const meant = said.endsWith("*")
                    ? [...all].filter((key) => key.startsWith(said.slice(0, -1)))
                    : all.has(said)
                      ? [said]
                      : [];
                n += meant.length;
                wrong.push(...meant.filter((key) => !there.has(key)).map((key) => `${part}, ${module}: ${key}`));
            }
        }
    }
    assert.ok(n > 300, `the words were not found: this test would see nothing (${n})`);
    assert.deepEqual(wrong, []);
});

test("the words in calls and tables are found, and nothing else", () => {
    assert.deepEqual(
        saidIn(
            't(isOn ? "a" : "b", { n: first("c") }); notify("d"); at("f"); set({ title: "g", "h": "i" }); ' +
                "t(`e_$" +
                "{x}`)",
        ),
        ["g", "a", "b", "d", "e_*"],
    );
});

/** What parts that few people open have both, since it is in none that comes before them. */
const SHARED = ["views/facts_table.js"];

test("the empty page has nothing of what is about pictures that are there", () => {
    const page = parts.get("page") ?? [];
    assert.ok(page.includes("views/drop_zone.js") && page.includes("app/actions/intake.js"));
    const late =
        /^(views\/(grid|card|details|large|keys|dialog|settings|provider|own)|app\/(work|dialog|provider|own)_actions|i18n\/\w+_\w+)\.js$/;
    assert.deepEqual(
        page.filter((path) => late.test(path)),
        [],
    );
    assert.deepEqual([...parts.keys()].sort(), ["dialogs", "own_tags", "page", "providers", "words", "work"]);
    for (const [part, some] of parts)
        for (const [other, others] of parts)
            if (part !== other)
                assert.deepEqual(
                    some.filter((path) => others.includes(path) && !SHARED.includes(path)),
                    [],
                    `${part} and ${other}`,
                );
});
