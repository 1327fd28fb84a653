/** How long the page's own thread is ever kept from answering while 200 pictures are tagged and the threshold moves. */
import { serve } from "../www/tools/serve.mjs";
import { startChromium } from "./lib/browser.mjs";
import { readGoldenPictures } from "./lib/built.mjs";
import { atMost, figure } from "./lib/figures.mjs";
import { median } from "./lib/interleave.js";
import { choosePictures, openVisit, takeLongTasks, waitForPictures } from "./lib/page_visit.mjs";

const N = 200;

/** A hand on the slider in the middle of it: everything tagged so far comes under another threshold. @param {import("./lib/browser.mjs").Page} page */
async function moveThreshold(page) {
    for (const [idx, percent] of [5, 50, 30].entries()) {
        await page.waitForFunction(
            (n) => performance.getEntriesByName("tagsmith:tag").length >= n,
            ((idx + 1) * N) / 4,
        );
        await page.fill('[data-do="threshold"]', String(percent));
    }
}

/** @param {import("./run.mjs").Wanted} wanted */
export async function measure({ built, isQuick }) {
    const golden = await readGoldenPictures();
    const server = await serve({ dir: built.dir, port: 0 });
    const browser = await startChromium();
    try {
        const longest = [];
        const counts = [];
        for (let round = 0; round < (isQuick ? 1 : 5); round++) {
            const page = await openVisit(browser, server.url);
            await choosePictures(page, golden, N);
            await moveThreshold(page);
            await waitForPictures(page, N, 300_000);
            const longTasks = await takeLongTasks(page);
            longest.push(Math.max(0, ...longTasks));
            counts.push(longTasks.length);
            await page.close();
        }
        return [
            // The browser reports no task under 50 ms: 0 means that there was none.
            atMost(
                `longest block while ${N} pictures are tagged and the threshold moves, median of ${longest.length} runs`,
                median(longest),
                "ms",
                50,
            ),
            figure("the same, worst run", Math.max(...longest), "ms"),
            figure("blocks over 50 ms a run", median(counts), ""),
        ];
    } finally {
        await browser.close();
        await server.close();
    }
}
