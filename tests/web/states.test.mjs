/**
 * What holds in every state of the page, by touch and by mouse: nothing is larger than the window, and whatever is to be pressed is large
 * enough for it (WCAG 2.5.8: 24 by 24 pixels; under a finger 40, but for those that are listed). In one of the two, with `--long` in both:
 * axe-core finds nothing.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { findings, smallTargets, tooHigh, tooWide } from "./accessibility.mjs";
import { openCollections, openFromMore, rowOf } from "./collections.mjs";
import { usePage, waitForTransitions, waitUntilDone } from "./harness.mjs";
import { closeLayers, likeness, rest, undoAll } from "./rest.mjs";
import { STATES, tagPictures } from "./states.mjs";

/** @typedef {import("./harness.mjs").Page} Page */

const site = usePage({ model: "painted" });

/** Where 40 pixels have no room, and something around or beside it does the same. */
const SMALLER = [
    ".chip-name", // the filters have it too
    ".card-name", // the whole card is pressed
    ".is-small .card-check", // as much as a small picture has room for; a long press selects it too
    ".tag-parent", // words in a line
    ".switch", // 40 by 24
];

/** With `--long` at every width and in both schemes; otherwise one of each for a state. */
const IS_LONG = Boolean(process.env["TAGSMITH_LONG"]);

const WAYS = /** @type {const} */ ([
    {
        by: "touch",
        atLeast: 40,
        schemes: ["light"],
        widths: [320, 360, 768],
        options: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
    },
    {
        by: "mouse",
        atLeast: 24,
        schemes: ["light", "dark"],
        widths: [1440],
        options: { viewport: { width: 1440, height: 900 } },
    },
]);

/** These leave something that lasts, and come about in a second page, where that does not matter to the next. */
const LEAVING = [
    "inspector",
    "all tags",
    "tag list, merge and rules",
    "reviewed",
    "message with a button, and what was left out",
    "own tags, a tagger",
    "tagging service, one's own",
    "title, being written",
];
/** These leave pictures, collections or tags that the others of that page do without, each with how it is taken back. @type {Record<string, (page: Page) => Promise<unknown>>} */
const TAKEN_BACK = {
    async "run that was stopped"(page) {
        await page.click('[data-do="tag-stopped"]');
        await waitUntilDone(page);
    },
    message: undoAll,
    "collections menu": deleteZoo,
    "selection, copying": deleteZoo,
    async runs(page) {
        await openFromMore(page, "runs");
        await page.click('[data-do="toggle-run"]');
        await page.waitForSelector("[data-library-row].is-off", { state: "detached" });
    },
    async "only my words"(page) {
        await openFromMore(page, "settings");
        await page.click('[data-do="open-words"]');
        await page.click('[data-do="remove-word-list"]');
        await page.waitForSelector('[data-do="remove-word-list"]', { state: "detached" });
    },
};

/** @param {Page} page */
async function deleteZoo(page) {
    await openCollections(page);
    await rowOf(page, "Zoo").locator('[data-do="delete-collection"]').click();
    await page.click('[data-do="clear-collection"]');
    await rowOf(page, "Zoo").waitFor({ state: "detached" });
}

/** To be told its own size would have the page drawn anew. @param {Page} page @param {{width: number, height: number}} size */
async function resize(page, size) {
    const { width, height } = page.viewportSize() ?? {};
    if (width !== size.width || height !== size.height) await page.setViewportSize(size);
}

const PAGES = WAYS.map(({ options }) => {
    const make = async () => {
        const page = await site.open("", { ...options });
        await tagPictures(page);
        return page;
    };
    return { leaving: site.inTurn(make), rested: site.inTurn(make) };
});

for (const [idx, [state, bringAbout]] of Object.entries(STATES).entries()) {
    test(`${state}: accessible, as wide as the window, and large enough to press`, async () => {
        /** @type {Record<string, string[]>} */
        const wrong = {};
        const takeBack = TAKEN_BACK[state];
        const kind = takeBack || LEAVING.includes(state) ? "leaving" : "rested";
        for (const [way, { by, atLeast, schemes, widths, options }] of WAYS.entries()) {
            const page = await (PAGES[way] ?? assert.fail())[kind]();
            await rest(page);
            const before = await likeness(page);
            await bringAbout(page);
            for (const width of IS_LONG ? widths : [options.viewport.width]) {
                await resize(page, { width, height: width < 600 ? 740 : 900 });
                for (const colorScheme of IS_LONG ? schemes : [schemes[idx % schemes.length] ?? "light"]) {
                    await page.emulateMedia({ colorScheme });
                    await waitForTransitions(page);
                    const found = [
                        ...(await tooWide(page)),
                        ...(await tooHigh(page)),
                        ...(await smallTargets(page, { atLeast, smaller: SMALLER })),
                    ];
                    // What axe reads is hardly another by touch: otherwise each state is read in one of the two.
                    const isRead = IS_LONG || idx % WAYS.length === way;
                    if (isRead && width === options.viewport.width) found.push(...(await findings(page)));
                    if (found.length > 0) wrong[`${by}, ${width}, ${colorScheme}`] = found;
                }
            }
            await resize(page, options.viewport);
            if (takeBack) {
                await closeLayers(page);
                await takeBack(page);
            }
            await rest(page);
            if (kind === "rested") assert.deepEqual(await likeness(page), before, `${by}: it leaves something`);
        }
        assert.deepEqual(wrong, {});
    });
}

test("a target that is too small is found, and one in a sentence is not", async () => {
    const page = await site.open();
    await tagPictures(page);
    const targets = () => smallTargets(page, { atLeast: 24, smaller: [] });
    assert.deepEqual(await targets(), []);
    await page.evaluate(() => {
        const thin = document.createElement("button");
        thin.dataset["do"] = "thin";
        thin.style.cssText = "width: 20px; height: 40px; padding: 0; border: 0";
        const line = document.createElement("p");
        line.append(
            "A line with ",
            Object.assign(document.createElement("a"), { href: "#", textContent: "a link" }),
            " in it.",
        );
        document.querySelector(".grid-bar")?.append(thin, line);
    });
    assert.deepEqual(await targets(), ["button thin 20 × 40"]);
});
