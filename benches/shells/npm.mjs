/**
 * The npm package: its archive, what `<image-tagger>` adds before its first picture, and from creating a tagger to the first picture's tags, in
 * Chromium without a bundler (a first visit, and one with its files in the cache) and in node.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { buildNpm } from "../../www/tools/build_npm.mjs";
import { serve } from "../../www/tools/serve.mjs";
import { startChromium } from "../lib/browser.mjs";
import { ROOT } from "../lib/built.mjs";
import { atMost, figure } from "../lib/figures.mjs";
import { median } from "../lib/interleave.js";

const ELEMENT_KB = 60;
const PICTURE = join(ROOT, "tests/cases/coffee/picture.jpg");

/** @typedef {{create: number, first: number, warm: number}} Times in milliseconds; `first`: from creating to the first tags, `warm`: those of another picture */

/** @param {import("../run.mjs").Wanted} wanted */
export async function measure({ isQuick }) {
    const folder = await mkdtemp(join(tmpdir(), "tagsmith-npm-"));
    const n = isQuick ? 2 : 7;
    try {
        const made = { engine: join(ROOT, "target/engine"), models: join(ROOT, "models"), minify: true };
        await buildNpm({ ...made, out: folder });
        const element = await stat(join(folder, "element.js"));
        const rows = [
            figure("npm: archive", (await packedBytes(folder)) / 1e6, "MB"),
            atMost("npm: <image-tagger> before a picture", element.size / 1e3, "KB", ELEMENT_KB),
        ];
        const { cold, cached } = await inChromium(folder, n);
        const node = [];
        for (let round = 0; round < n; round++) node.push(await inNode(folder));
        for (const [name, times] of /** @type {const} */ ([
            ["first visit", cold],
            ["files in the cache", cached],
            ["node", node],
        ])) {
            const of = (/** @type {keyof Times} */ part) => median(times.map((one) => one[part]));
            rows.push(figure(`npm: ${name}, Tagger.create`, of("create"), "ms"));
            rows.push(figure(`npm: ${name}, and the first picture's tags`, of("first"), "ms"));
            rows.push(figure(`npm: ${name}, another picture, both looks`, of("warm"), "ms"));
        }
        return rows;
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}

/** @param {string} folder */
async function packedBytes(folder) {
    const { stdout } = await promisify(execFile)("npm", ["pack", "--json", "--pack-destination", folder], {
        cwd: folder,
    });
    return Number(JSON.parse(stdout)[0].size);
}

/** @param {string} folder @param {number} n @returns {Promise<{cold: Times[], cached: Times[]}>} */
async function inChromium(folder, n) {
    const server = await serve({ dir: folder, port: 0, headers: { "Content-Security-Policy": "" } });
    const browser = await startChromium();
    /** @type {{cold: Times[], cached: Times[]}} */
    const all = { cold: [], cached: [] };
    try {
        for (let round = 0; round <= n; round++) {
            const context = await browser.newContext();
            for (const kind of /** @type {const} */ (["cold", "cached"])) {
                const page = await context.newPage();
                await page.goto(`${server.url}LICENSE-MIT`);
                await page.evaluate(() => {
                    document.body.innerHTML = '<input type="file" />';
                });
                await page.setInputFiles("input", PICTURE);
                const times = await page.evaluate(timed, `${server.url}index.js`);
                if (round > 0) all[kind].push(times); // the server compresses for the first time in round 0
                await page.close();
            }
            await context.close();
        }
    } finally {
        await browser.close();
        await server.close();
    }
    return all;
}

/** Runs in the page. @param {string} script @returns {Promise<Times>} */
async function timed(script) {
    const { Tagger } = await import(script);
    const file = document.querySelector("input")?.files?.[0];
    const start = performance.now();
    const tagger = await Tagger.create({ workers: 1 });
    const created = performance.now();
    await tagger.tag(file);
    const first = performance.now();
    await tagger.tag(file);
    const warm = performance.now();
    tagger.close();
    return { create: created - start, first: first - start, warm: warm - first };
}

/** @param {string} folder @returns {Promise<Times>} */
async function inNode(folder) {
    const program = `
        import { Tagger } from ${JSON.stringify(pathToFileURL(join(folder, "node.js")).href)};
        const start = performance.now();
        const tagger = await Tagger.create({ workers: 1 });
        const created = performance.now();
        await tagger.tag(process.argv[1]);
        const first = performance.now();
        await tagger.tag(process.argv[1]);
        const warm = performance.now();
        console.log(JSON.stringify({ create: created - start, first: first - start, warm: warm - first }));
        tagger.close();`;
    const args = ["--input-type=module", "--eval", program, PICTURE];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    return JSON.parse(stdout);
}
