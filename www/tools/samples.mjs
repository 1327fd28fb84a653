/**
 * The sample pictures of the empty page, and what the self-test expects of them.
 * @import { Files } from "./build.mjs"
 */
import { readFile, readdir } from "node:fs/promises";
import { extname, join } from "node:path";
import { BuildError, WWW } from "./sources.mjs";

/** Golden cases, by name. */
export const SAMPLES = ["chelsea", "coffee", "camera"];

/** Golden cases double as the sample pictures of the empty page; without them the page offers none. @param {Files} files @param {string} cases */
export async function addSamples(files, cases) {
    for (const name of SAMPLES) {
        const folder = await findCase(cases, name);
        const picture = (await readdir(folder).catch(() => [])).find((file) =>
            /^picture\.(jpg|jpeg|png|webp)$/.test(file),
        );
        if (picture) files.set(`sample-${name}${extname(picture)}`, await readFile(join(folder, picture)));
    }
}

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
