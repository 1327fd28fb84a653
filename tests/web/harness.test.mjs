/** The harness itself: that its idle signal waits for what it should, holds calls where it is told to, and leaves a report of what failed. */
import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { writeReport } from "./failure_report.mjs";
import { ROOT, addFiles, cards, nCalls, usePage, waitForIdle, waitUntilReady } from "./harness.mjs";
import { holdCalls, letCallsGo } from "./idle.mjs";
import { painted } from "./painted.mjs";
import { likeness, rest } from "./rest.mjs";
import { STATES, tagPictures } from "./states.mjs";

const site = usePage({ model: "painted" });

test("idle is when timers, frames, fetches and calls to workers are over, one of which leads to the next", async () => {
    const page = await site.open();
    await waitForIdle(page);
    assert.equal(await page.getAttribute("html", "data-engine"), "ready", "a page that starts is not idle");
    await page.evaluate(() => {
        const done = /** @type {string[]} */ ([]);
        Object.assign(globalThis, { done });
        setTimeout(() => done.push("later timer"), 900);
        const cleared = setTimeout(() => done.push("cleared timer"), 600);
        setTimeout(() => {
            clearTimeout(cleared);
            done.push("timer");
            requestAnimationFrame(async () => {
                done.push("frame");
                await (await fetch("assets.json")).text();
                done.push("fetch");
            });
        }, 300);
    });
    await waitForIdle(page);
    assert.deepEqual(await page.evaluate(() => /** @type {any} */ (globalThis).done), [
        "timer",
        "frame",
        "fetch",
        "later timer",
    ]);
    await addFiles(
        page,
        ["one.png", "two.png"].map((name) => painted(name, "cup")),
    );
    await waitForIdle(page);
    assert.deepEqual(
        (await cards(page)).map(({ state, tags }) => [state, tags[0]?.id]),
        [
            ["done", "espresso"],
            ["done", "espresso"],
        ],
    );
});

test("files that were chosen are tagged when the page is idle, however slow the machine is", async () => {
    const page = await site.open();
    const session = await page.context().newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: 12 });
    await waitForIdle(page);
    await addFiles(page, [painted("cup.png", "cup")]);
    await waitForIdle(page);
    assert.deepEqual(
        (await cards(page)).map(({ state }) => state),
        ["done"],
    );
});

test("what goes on for ever, or goes after a while, keeps nothing from being idle; what does not end is named", async () => {
    const page = await site.open();
    await waitUntilReady(page);
    await page.evaluate(() => {
        const sign = document.body.appendChild(document.createElement("p"));
        sign.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 300, iterations: Infinity });
        setTimeout(() => sign.remove(), 600_000);
    });
    await waitForIdle(page);
    await page.evaluate(() => {
        const again = () => void requestAnimationFrame(again);
        again();
    });
    await assert.rejects(waitForIdle(page, { patienceMs: 1_000 }), /was not idle within 1 s\. Open: frame/);
});

test("calls are held at a known point, and go on from there", async () => {
    const page = await site.open("?workers=1");
    await waitUntilReady(page);
    await holdCalls(page, "tag", 1, () =>
        addFiles(
            page,
            ["one.png", "two.png", "three.png"].map((name) => painted(name, "cup")),
        ),
    );
    assert.deepEqual(
        (await cards(page)).map(({ state }) => state),
        ["done", "decoding", "queued"],
    );
    assert.equal(await nCalls(page, "tag"), 1);
    await letCallsGo(page);
    await waitForIdle(page);
    assert.deepEqual(
        (await cards(page)).map(({ state }) => state),
        ["done", "done", "done"],
    );
});

let nMade = 0;
const inTurn = site.inTurn(async () => {
    nMade++;
    const page = await site.open("");
    await tagPictures(page);
    return page;
});
/** @type {import("./harness.mjs").Page | undefined} */
let own;

test("a page in turn comes to rest from a state, and what a state leaves is seen", async () => {
    own = await site.open();
    const page = await inTurn();
    await rest(page);
    const before = await likeness(page);
    for (const state of ["selection, suggestions", "several filters, sorted", "small pictures", "threshold"]) {
        await STATES[state]?.(page);
        assert.notDeepEqual(await likeness(page), before, state);
        await rest(page);
        assert.deepEqual(await likeness(page), before, state);
    }
    await STATES["reviewed"]?.(page);
    await rest(page);
    assert.notDeepEqual(await likeness(page), before);
});

test("the next test has the same page, others are closed, and one that was closed is made anew", async () => {
    assert.equal(own?.isClosed(), true);
    const page = await inTurn();
    assert.deepEqual([nMade, (await cards(page)).length], [1, 8]);
    await page.close();
    assert.notEqual(await inTurn(), page);
    assert.equal(nMade, 2);
});

test("a report of a failure has the picture, the place, the console and the reason", async () => {
    const page = await site.open();
    await waitUntilReady(page);
    await waitForIdle(page); // the parts that follow the engine are there
    await page.evaluate(() => console.warn("about to fail"));
    const folder = join(ROOT, "target/test-reports/browser/harness");
    await writeReport("A test: “so” to say", new Error("one is not two"), [page], site.watch.log);
    const log = readFileSync(join(folder, "a-test-so-to-say.log"), "utf8");
    for (const wanted of ["A test: “so” to say", site.url, "one is not two", "warning: about to fail", "open: nothing"])
        assert.ok(log.includes(wanted), `${wanted} in ${log}`);
    assert.equal(readFileSync(join(folder, "a-test-so-to-say.png")).toString("latin1", 1, 4), "PNG");
    for (const end of ["png", "log"]) rmSync(join(folder, `a-test-so-to-say.${end}`));
});
