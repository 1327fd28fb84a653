/**
 * A library of 100,000 assets: made through the store as it is shipped, backed up, and opened by the page; and what the empty page costs
 * next to the build before there was a library, where `TAGSMITH_BEFORE` names its folder.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "../www/tools/serve.mjs";
import { startChromium, startChromiumWith } from "./lib/browser.mjs";
import { ROOT, findPage } from "./lib/built.mjs";
import { compareEmptyPages } from "./lib/empty_visit.mjs";
import { atLeast, atMost, figure } from "./lib/figures.mjs";
import { median } from "./lib/interleave.js";
import { moveThreshold, openLibrary, watchLibrary } from "./lib/library_visit.mjs";
import { framesOf, scroll } from "./lib/scroll.mjs";
import { serveSideBySide } from "./lib/server.mjs";

/** @typedef {import("./run.mjs").Wanted} Wanted */
/** @typedef {import("./lib/built.mjs").Built} Built */

/** @param {Wanted} wanted */
export async function measure({ built, isQuick }) {
    const n = isQuick ? 10_000 : 100_000;
    const rows = [];
    for (const size of isQuick ? [n] : [n, 10_000]) {
        const profile = await mkdtemp(join(tmpdir(), "tagsmith-library-"));
        try {
            const { port, made } = await makeLibrary(built, profile, size);
            if (size === n) rows.push(...made);
            rows.push(...(await openAgain(built, profile, port, size, size === n)));
        } finally {
            await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
        }
    }
    return [...rows, ...(await emptyPage(built, isQuick))];
}

/** @param {Built} built @param {string} profile @param {number} n */
async function makeLibrary({ dir, names }, profile, n) {
    const server = await serveSideBySide(dir, { "/db/": join(ROOT, "www/db") });
    const context = await startChromiumWith(profile);
    try {
        const page = await context.newPage();
        await page.goto(`${server.url}benches/pages/index.html`);
        const { filled, database, backup } = await page.evaluate(
            async (wanted) => (await import(String("/benches/pages/library.js"))).measure(wanted),
            { names, scope: server.url, n },
        );
        const made = [
            atLeast(`assets recorded a second, ${n} of them`, n / (filled.ms / 1000), "", 1_500),
            figure("of that time, spent on making up results", filled.made / filled.ms, ""),
            atMost("database, an asset with its embedding", database / n / 1000, "KB", 3.2),
            atMost("backup without thumbnails", backup.ms / 1000, "s", 25),
            figure("its size", backup.size / 1e6, "MB"),
        ];
        return { port: Number(new URL(server.url).port), made };
    } finally {
        await context.close();
        server.close();
    }
}

/**
 * The page, on the library that lies in the profile: from the same address, because that is whose it is.
 * @param {Built} built @param {string} profile @param {number} port @param {number} n @param {boolean} isWhole
 */
async function openAgain({ dir }, profile, port, n, isWhole) {
    const server = await serve({ dir, port });
    const context = await startChromiumWith(profile);
    try {
        await context.addInitScript(watchLibrary, n);
        /** @type {import("./lib/library_visit.mjs").Opened[]} */
        const visits = [];
        for (let round = 0; round < 4; round++) {
            const page = await openLibrary(context, server.url);
            visits.push(page.opened);
            if (round < 3) {
                await page.page.close();
                continue;
            }
            const moved = await moveThreshold(page.page, 30);
            const threshold = atMost(`change of threshold over ${n}`, median(moved), "ms", n > 10_000 ? 150 : 20);
            if (!isWhole) return [threshold];
            const memory = await page.memory();
            const [down, up] = [await scroll(page.page, 1), await scroll(page.page, -1)];
            return [
                atMost(`${n}: first paint of the grid`, median(visits.slice(1).map(({ grid }) => grid)) / 1000, "s", 1),
                atMost(`${n}: threshold over all`, median(visits.slice(1).map(({ all }) => all)) / 1000, "s", 2.5),
                figure(`${n}: first visit of a browser started anew, threshold over all`, visits[0].all / 1000, "s"),
                threshold,
                ...framesOf("120 pixels a frame, as a wheel", [...down.wheel, ...up.wheel]),
                ...framesOf("more than a screen a frame, as the scroll bar", [...down.dragged, ...up.dragged]),
                atMost("JS heap of the page", memory.page, "MB", 150),
                atMost("memory of the session's worker", memory.session, "MB", 400),
            ];
        }
        throw new Error("never here");
    } finally {
        await context.close();
        await server.close();
    }
}

/** @param {Built} built @param {boolean} isQuick */
async function emptyPage({ dir }, isQuick) {
    const before = process.env["TAGSMITH_BEFORE"];
    if (!before) {
        console.log("  the empty page is not compared: TAGSMITH_BEFORE names no build of the page before the library");
        return [];
    }
    const browser = await startChromium();
    try {
        const dirs = { ours: dir, before: (await findPage(before)).dir };
        const visits = await compareEmptyPages(browser, dirs, isQuick ? 5 : 25);
        const more = (/** @type {"paint" | "ready"} */ what) =>
            median(visits["ours"][what]) - median(visits["before"][what]);
        return [
            atMost("empty page, first paint, against the build before", more("paint"), "ms", 60),
            atMost("empty page, first tagger ready, against the build before", more("ready"), "ms", 60),
        ];
    } finally {
        await browser.close();
    }
}
