/** The browser extension: its packages, and from the menu to the panel and to the tags of a picture, in Chromium with a warm engine. */
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { openExtension, panelIn } from "../../tests/web/shells/extension_chromium.mjs";
import { startSites } from "../../tests/web/shells/extension_pages.mjs";
import { buildExtension } from "../../www/tools/build_extension.mjs";
import { ROOT } from "../lib/built.mjs";
import { atMost, figure } from "../lib/figures.mjs";
import { median } from "../lib/interleave.js";

/** What a ZIP says of each file, twice, besides its name. */
const ZIP_ENTRY_BYTES = 76;

/** @param {import("../run.mjs").Wanted} wanted */
export async function measure({ isQuick }) {
    const out = await mkdtemp(join(tmpdir(), "tagsmith-extension-"));
    try {
        await buildExtension({
            engine: join(ROOT, "target/engine"),
            models: join(ROOT, "models"),
            out,
            minify: true,
        });
        const [chromium, firefox] = ["chromium", "firefox"].map((name) => join(out, `extension-${name}`));
        const looks = await lookOften(String(chromium), isQuick ? 3 : 15);
        const [first, ...warm] = looks;
        return [
            atMost("extension: package for Chromium", (await zipBytes(String(chromium))) / 1e6, "MB", 12),
            atMost("extension: package for Firefox", (await zipBytes(String(firefox))) / 1e6, "MB", 12),
            figure("extension: menu to the tags, first time", first?.tags ?? Number.NaN, "ms"),
            atMost("extension: menu to the panel", median(warm.map(({ panel }) => panel)), "ms", 100),
            atMost("extension: menu to the tags, warm", median(warm.map(({ tags }) => tags)), "ms", 500),
        ];
    } finally {
        await rm(out, { recursive: true, force: true });
    }
}

/** As the ZIP that stores take. @param {string} folder */
async function zipBytes(folder) {
    let bytes = 0;
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const content = await readFile(join(entry.parentPath, entry.name));
        bytes +=
            Math.min(content.length, deflateRawSync(content, { level: 9 }).length) +
            ZIP_ENTRY_BYTES +
            2 * entry.name.length;
    }
    return bytes;
}

/** @param {string} folder @param {number} rounds @returns {Promise<{panel: number, tags: number}[]>} in milliseconds */
async function lookOften(folder, rounds) {
    const sites = await startSites();
    const extension = await openExtension(folder);
    try {
        const page = await extension.context.newPage();
        await page.goto(`${sites.url}/strict.html`);
        await extension.press(page);
        await page.evaluate(noteTimes);
        const panel = await panelIn(page);
        const looks = [];
        for (let round = 0; round <= rounds; round++) {
            const begun = await extension.chooseFromMenu(page, { srcUrl: `${sites.url}/cat.jpg` });
            await panel.shown();
            await page.waitForTimeout(100);
            const noted = await page.evaluate(() => /** @type {any} */ (globalThis).noted);
            looks.push({ panel: noted.shown - begun, tags: noted.grown - begun });
            await panel.click('[data-do="close"]');
            await panel.gone();
        }
        return looks;
    } finally {
        await extension.close();
        await sites.close();
    }
}

/** Runs in the page: it sees when something is laid over it, and when that grows. */
function noteTimes() {
    const noted = { shown: 0, grown: 0 };
    Object.assign(globalThis, { noted });
    const sizes = new ResizeObserver(() => (noted.grown = Date.now()));
    new MutationObserver((changes) => {
        for (const { addedNodes } of changes)
            for (const node of addedNodes) {
                noted.shown = Date.now();
                sizes.observe(/** @type {Element} */ (node));
            }
    }).observe(document.documentElement, { childList: true });
}
