/**
 * The sample pictures of the empty page, the tags that are shown with them, and what the self-test expects of them.
 * @import { Files } from "./packing.mjs"
 */
import { readFile, readdir } from "node:fs/promises";
import { extname, join } from "node:path";
import { BuildError, WWW } from "./sources.mjs";

/** Golden cases, by name. */
export const SAMPLES = ["chelsea", "coffee", "camera"];
/** As the empty page shows them: a fifth of the bytes, which every visitor fetches. tests/web/sample_pictures.test.mjs makes them. */
const SMALL = join(WWW, "shells/page/samples");

/** Golden cases double as the sample pictures of the empty page; without them the page offers none. @param {Files} files @param {string} cases */
export async function addSamples(files, cases) {
    for (const name of SAMPLES) {
        const folder = await findCase(cases, name);
        const picture = (await readdir(folder).catch(() => [])).find((file) =>
            /^picture\.(jpg|jpeg|png|webp)$/.test(file),
        );
        if (!picture) continue;
        files.set(`sample-${name}${extname(picture)}`, await readFile(join(folder, picture)));
        files.set(smallOf(name), await readFile(join(SMALL, `${name}.webp`)));
    }
}

/** @param {string} sample */
export const smallOf = (sample) => `small-${sample}.webp`;

/** @param {string} cases @param {string} sample */
async function findCase(cases, sample) {
    const folders = (await readdir(cases).catch(() => [])).sort();
    return join(
        cases,
        folders.find((folder) => folder === sample) ?? folders.find((folder) => folder.startsWith(sample)) ?? "",
    );
}

/** Where a sample picture lies among what is built. @param {Files | Record<string, string>} files @param {string} name */
export function sampleOf(files, name) {
    const all = files instanceof Map ? [...files.keys()] : Object.keys(files);
    return all.find((file) => file.startsWith(`sample-${name}.`));
}

/** @typedef {{id: string, names: Record<string, string>}} NamedTag in each language of the vocabulary */

/**
 * The tags that a click on a sample gives: those that the model is sure enough of and that no other one says more precisely. None where
 * the golden answers are of another model than the one that is built in.
 * @param {string} cases @param {string} sample @param {Uint8Array | undefined} card @param {Uint8Array | undefined} vocabulary
 * @returns {Promise<NamedTag[]>}
 */
export async function tagsOfSample(cases, sample, card, vocabulary) {
    const parse = (/** @type {Uint8Array | undefined} */ json) => JSON.parse(new TextDecoder().decode(json));
    const path = join(await findCase(cases, sample), "expected.json");
    const { model, surest } = JSON.parse(await readFile(path, "utf8"));
    const { id, policy } = parse(card);
    if (model !== id) return [];
    /** @type {Map<string, {names: Record<string, string>, parents?: string[]}>} */
    const known = new Map(parse(vocabulary).tags.map((/** @type {NamedTag} */ tag) => [tag.id, tag]));
    const sure = surest.filter((/** @type {{confidence: number}} */ { confidence }) => confidence >= policy.threshold);
    /** @param {string} tag @returns {string[]} */
    const above = (tag) => (known.get(tag)?.parents ?? []).flatMap((parent) => [parent, ...above(parent)]);
    const covered = new Set(sure.flatMap((/** @type {{id: string}} */ tag) => above(tag.id)));
    return sure
        .filter((/** @type {{id: string}} */ tag) => !covered.has(tag.id))
        .map((/** @type {{id: string}} */ tag) => ({ id: tag.id, names: known.get(tag.id)?.names ?? {} }));
}

/**
 * What the sample pictures must be tagged with, everywhere: the same that the other rings of tests hold.
 * @param {Files} files @param {string} cases
 */
export async function addSelfTest(files, cases) {
    const source = await readFile(join(WWW, "../src/session/report.rs"), "utf8");
    const pipeline = Number(/PIPELINE_VERSION: u32 = (\d+);/.exec(source)?.[1] ?? NaN);
    if (Number.isNaN(pipeline))
        throw new BuildError("src/session/report.rs does not name its PIPELINE_VERSION, which the self-test needs.");
    const names = SAMPLES.filter((name) => sampleOf(files, name));
    const folders = await Promise.all(names.map((name) => findCase(cases, name)));
    const pictures = await Promise.all(
        folders.map(async (folder, idx) => {
            const {
                model,
                confidence_tolerance: tolerance,
                surest,
                top,
            } = JSON.parse(await readFile(join(folder, "expected.json"), "utf8"));
            // The thing itself first, then what lies above it: the first is the one that people are told of.
            const isThing = (/** @type {{id: string}} */ { id }) => id === top[0].id;
            /** @type {{id: string, confidence: number}[]} */
            const tags = [
                ...surest.filter(isThing),
                ...surest.filter((/** @type {{id: string}} */ tag) => !isThing(tag)),
            ];
            return { name: names[idx], model, tolerance, tags: tags.map(({ id, confidence }) => ({ id, confidence })) };
        }),
    );
    files.set("self_test.json", new TextEncoder().encode(JSON.stringify({ pipeline, pictures })));
}
