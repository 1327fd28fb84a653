/**
 * A grid of 10,000 tagged pictures, scrolled from end to end. The pictures are really tagged, by a tiny network of the tests' own,
 * which takes next to no time: what is measured is the page, and it keeps as much of each picture as with any other model.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../www/tools/build.mjs";
import { serve } from "../www/tools/serve.mjs";
import { startChromium } from "./lib/browser.mjs";
import { ROOT, readGoldenPictures } from "./lib/built.mjs";
import { atMost, figure } from "./lib/figures.mjs";
import { choosePictures, openVisit, takeLongTasks, waitForPictures } from "./lib/page_visit.mjs";
import { framesOf, scroll } from "./lib/scroll.mjs";

const MODEL = "float32";

/** @param {import("./run.mjs").Wanted} wanted */
export async function measure({ isQuick }) {
    const n = isQuick ? 1_000 : 10_000;
    const dir = await mkdtemp(join(tmpdir(), "tagsmith-gallery-"));
    // The same sources as the shipped page; only the model differs.
    await build({
        engine: join(ROOT, "target/engine"),
        models: join(ROOT, "tests/fixtures/models"),
        model: MODEL,
        out: dir,
        hash: true,
        minify: true,
    });
    const server = await serve({ dir, port: 0 });
    const browser = await startChromium();
    try {
        const page = await openVisit(browser, server.url);
        const session = await page.context().newCDPSession(page);
        const heapMb = async () => {
            await session.send("HeapProfiler.collectGarbage");
            return (await session.send("Runtime.getHeapUsage")).usedSize / 1e6;
        };
        const small = (await readGoldenPictures()).filter(({ content }) => content.length < 60_000);
        const empty = await heapMb();
        await page.evaluate(() => performance.setResourceTimingBufferSize(0));
        await choosePictures(page, small, n);
        await page.waitForSelector(".card");
        await page.waitForTimeout(1_000);
        const adding = Math.max(0, ...(await takeLongTasks(page)));
        await waitForPictures(page, n, 1_200_000);
        const tagging = Math.max(0, ...(await takeLongTasks(page)));
        const tagged = await heapMb();
        const down = await scroll(page, 1);
        const afterOne = await heapMb();
        const up = await scroll(page, -1);
        const afterTwo = await heapMb();
        const longTasks = await takeLongTasks(page);
        const [wheel, dragged] = [
            [...down.wheel, ...up.wheel],
            [...down.dragged, ...up.dragged],
        ];
        console.log(`  ${n} pictures, ${wheel.length} and ${dragged.length} frames`);
        return [
            ...framesOf("120 pixels a frame, as a wheel", wheel),
            ...framesOf("more than a screen a frame, as the scroll bar", dragged),
            figure("longest task while scrolling (0: none over 50 ms)", Math.max(0, ...longTasks), "ms"),
            figure(`longest task while ${n} files come in (0: none over 50 ms)`, adding, "ms"),
            figure("longest task while they are tagged (0: none over 50 ms)", tagging, "ms"),
            figure("JS heap, empty", empty, "MB"),
            figure(`JS heap, ${n} tagged`, tagged, "MB"),
            figure("JS heap, scrolled to the end", afterOne, "MB"),
            atMost("JS heap, scrolled back, against before scrolling", afterTwo / tagged, "x", 1.2),
        ];
    } finally {
        await browser.close();
        await server.close();
        await rm(dir, { recursive: true, force: true });
    }
}
