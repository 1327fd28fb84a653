/**
 * From opening the page to the first tags on screen, with a picture chosen as soon as the page can take one. Cold: a profile that
 * has never seen the page. Warm: the same profile in a browser started anew, and in the same browser again. What the library knows
 * is not tagged again, so each visit has a picture of its own: the same one, with another comment inside.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "../www/tools/serve.mjs";
import { startChromiumWith } from "./lib/browser.mjs";
import { BenchError, readGoldenPictures } from "./lib/built.mjs";
import { atMost, figure } from "./lib/figures.mjs";
import { median } from "./lib/interleave.js";

/** Long enough for the browser to keep the compiled engine, as on any real visit. */
const STAY_MS = 5_000;

/** @typedef {{engine: number, ready: number, picture: number, firstTags: number}} Visit milliseconds from opening; `picture`: how long it took alone */

/** @param {import("./run.mjs").Wanted} wanted */
export async function measure({ built, isQuick }) {
    const rounds = isQuick ? 2 : 7;
    const server = await serve({ dir: built.dir, port: 0 });
    const picture = await readPicture("coffee.jpg");
    /** @type {Record<"cold" | "restarted" | "again", Visit[]>} */
    const visits = { cold: [], restarted: [], again: [] };
    try {
        for (let round = 0; round < rounds; round++) {
            const profile = await mkdtemp(join(tmpdir(), "tagsmith-start-"));
            try {
                const [cold] = await visit(profile, server.url, [of(picture, "cold")]);
                const [restarted, again] = await visit(profile, server.url, [
                    of(picture, "restarted"),
                    of(picture, "again"),
                ]);
                visits.cold.push(cold);
                visits.restarted.push(restarted);
                visits.again.push(again);
            } finally {
                await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
            }
        }
    } finally {
        await server.close();
    }
    return [
        ...parts("cold", visits.cold),
        ...parts("warm, browser started anew", visits.restarted, 1.5),
        ...parts("warm, same browser", visits.again, 1.5),
    ];
}

/** @param {string} wanted */
async function readPicture(wanted) {
    const picture = (await readGoldenPictures()).find(({ name }) => name === wanted);
    if (!picture) throw new BenchError(`There is no golden picture ${wanted}.`);
    return picture;
}

/** The same JPEG as another file: with a comment before everything else. @param {{name: string, content: Buffer}} picture @param {string} visit */
function of({ name, content }, visit) {
    const comment = Buffer.from(visit);
    const segment = Buffer.from([0xff, 0xfe, 0, comment.length + 2]);
    return {
        name: `${visit}-${name}`,
        content: Buffer.concat([content.subarray(0, 2), segment, comment, content.subarray(2)]),
    };
}

/** @param {string} name @param {Visit[]} visits @param {number} [bar] */
function parts(name, visits, bar) {
    const seconds = (/** @type {keyof Visit} */ part) => median(visits.map((visit) => visit[part])) / 1000;
    const firstTags = seconds("firstTags");
    return [
        figure(`${name}: engine and model there, compiled`, seconds("engine"), "s"),
        figure(`${name}: first tagger ready`, seconds("ready"), "s"),
        figure(`${name}: the picture alone`, seconds("picture"), "s"),
        bar
            ? atMost(`${name}: first tags shown`, firstTags, "s", bar)
            : figure(`${name}: first tags shown`, firstTags, "s"),
    ];
}

/**
 * Opens the page in one browser, once for each picture.
 * @param {string} profile @param {string} url @param {{name: string, content: Buffer}[]} pictures
 * @returns {Promise<Visit[]>}
 */
async function visit(profile, url, pictures) {
    const context = await startChromiumWith(profile);
    try {
        const visits = [];
        for (const { name, content } of pictures) {
            const page = await context.newPage();
            await page.addInitScript(chooseEarly, { name, base64: content.toString("base64") });
            await page.goto(url, { waitUntil: "commit" });
            await page.waitForFunction(
                () => Reflect.get(window, "first_tags_ms") && Reflect.get(window, "ready_ms"),
                null,
                { timeout: 120_000, polling: 200 },
            );
            visits.push(
                await page.evaluate(() => {
                    const [engine] = performance.getEntriesByName("tagsmith:engine");
                    const [picture] = performance.getEntriesByName("tagsmith:tag");
                    const of = (/** @type {string} */ name) => Number(Reflect.get(window, name));
                    return {
                        engine: engine.startTime + engine.duration,
                        ready: of("ready_ms"),
                        picture: picture.duration,
                        firstTags: of("first_tags_ms"),
                    };
                }),
            );
            await page.waitForTimeout(STAY_MS);
            await page.close();
        }
        return visits;
    } finally {
        await context.close();
    }
}

/** Runs in the page before its own scripts: chooses the picture when there is an input, and notes the times. @param {{name: string, base64: string}} picture */
function chooseEarly({ name, base64 }) {
    if (!location.protocol.startsWith("http")) return;
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const chosen = new DataTransfer();
    chosen.items.add(new File([bytes], name, { type: "image/jpeg" }));
    let isChosen = false;
    let isTagged = false;
    const tags = `.card[data-path="${name}"] [data-tag]`; // those of earlier visits are on screen, too
    const look = () => {
        /** @type {HTMLInputElement | null} */
        const input = document.querySelector('input[data-input="files"]');
        if (!isChosen && input) {
            isChosen = true;
            input.files = chosen.files;
            input.dispatchEvent(new Event("change", { bubbles: true }));
        }
        if (!isTagged && document.querySelector(tags)) {
            isTagged = true;
            // After the frame that shows them has been painted.
            requestAnimationFrame(() => setTimeout(() => Reflect.set(window, "first_tags_ms", performance.now())));
        }
        if (!Reflect.get(window, "ready_ms") && document.documentElement?.dataset["engine"] === "ready")
            Reflect.set(window, "ready_ms", performance.now());
        if (isTagged && Reflect.get(window, "ready_ms")) observer.disconnect();
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-engine"] });
}
