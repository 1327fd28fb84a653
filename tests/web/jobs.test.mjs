/** The jobs people come for: each is done, and costs no more than it did before; where it did most, at most half. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { serve } from "../../www/tools/serve.mjs";
import { ROOT, usePage } from "./harness.mjs";
import { BEFORE, Hand, allOf, doJob } from "./jobs.mjs";
import { captions } from "./jobs/captions.mjs";
import { find } from "./jobs/find.mjs";
import { holiday } from "./jobs/holiday.mjs";
import { keyboard } from "./jobs/keyboard.mjs";
import { many } from "./jobs/many.mjs";
import { phone } from "./jobs/phone.mjs";
import { review } from "./jobs/review.mjs";
import { table } from "./jobs/table.mjs";

/** @typedef {import("./jobs.mjs").Cost} Cost */

/** Another built page (with the painted model) to count on: then nothing is compared, and what was counted is printed. */
const OTHER = process.env["TAGSMITH_JOBS_PAGE"];
const site = usePage({ model: "painted", ...(OTHER ? { start: () => serve({ dir: OTHER, port: 0 }) } : {}) });

/** @type {Record<string, import("./jobs.mjs").Job>} */
const JOBS = { holiday, table, captions, review, phone, keyboard, many, find };
/** Those that cost most, for what they were. */
const HALVED = ["table", "captions", "find"];

/** The rows of all tables of the user guide. */
const GUIDE = readFileSync(join(ROOT, "docs/USING.md"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
        line
            .slice(1, -1)
            .split("|")
            .map((cell) => cell.trim()),
    );

/** @type {Map<string, Cost>} */
const counted = new Map();

/** @param {string} name */
const before = (name) => BEFORE.jobs[name] ?? assert.fail(`jobs_before.json has no ${name}`);

/** @param {string} name @returns {Promise<Cost>} */
async function costOf(name) {
    const cost = counted.get(name) ?? (await doJob(site, JOBS[name] ?? assert.fail(name)));
    counted.set(name, cost);
    return cost;
}

for (const [name, { title }] of Object.entries(JOBS)) {
    test(`${title}: it is done, and takes no more than before`, async () => {
        const cost = await costOf(name);
        if (OTHER) return;
        assert.ok(allOf(cost) <= allOf(before(name)), JSON.stringify({ cost, before: before(name) }));
        const row = GUIDE.find((cells) => cells[0] === title);
        assert.deepEqual(row?.slice(-2), [allOf(before(name)), allOf(cost)].map(String), "docs/USING.md says so");
    });
}

for (const name of OTHER ? [] : HALVED) {
    test(`${JOBS[name]?.title}: it takes at most half of what it took before`, async () => {
        const cost = await costOf(name);
        assert.ok(2 * allOf(cost) <= allOf(before(name)), JSON.stringify({ cost, before: before(name) }));
    });
}

test("the hand counts what people press and type, and reaches only what is on screen", async () => {
    const page = await site.open();
    const hand = new Hand(page, find.pictures().slice(0, 40));
    await hand.choose(() => hand.click(".drop-buttons .is-main"));
    await page.waitForSelector('.card[data-state="done"]');
    await assert.rejects(hand.click(".card >> nth=-1"), /off screen or covered/);
    await hand.key("Control+a");
    await hand.key("t");
    await hand.type("two words, three");
    hand.outside("elsewhere", { presses: 2, words: 1 });
    assert.deepEqual(hand.cost, { presses: 3, words: 3, outside: [{ what: "elsewhere", presses: 2, words: 1 }] });
    assert.equal(allOf(hand.cost), 9);
    const nSeen = hand.seen.size;
    assert.ok(nSeen > 0 && nSeen < 40, `${nSeen} of 40 are on screen`);
    await hand.turn();
    assert.ok(hand.seen.size > nSeen);
});

after(() => {
    if (OTHER) console.log(JSON.stringify(Object.fromEntries(counted), null, 4));
});
