/**
 * The browser's own model, by a stand-in of the documented shape: fetched at a click, asked in the window, its replies read, and nothing
 * leaves the device. It is no proof of the real one, which no test browser has.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { findings } from "../accessibility.mjs";
import { addFiles, cards, usePage, waitForIdle, waitUntilDone } from "../harness.mjs";
import { painted } from "../painted.mjs";
import { closeDialog, openProviders, tagAllWith, waitUntilAskable } from "./provider_page.mjs";

const site = usePage({ model: "painted", isWhole: true });

/** In the page, before it starts. */
function bringModel() {
    let state = "downloadable";
    const asked = /** @type {any[]} */ ([]);
    const session = () => ({
        clone: async () => session(),
        destroy() {},
        async prompt(/** @type {any} */ messages, /** @type {any} */ { responseConstraint }) {
            asked.push({ types: messages[0].content.map((/** @type {any} */ { type }) => type), responseConstraint });
            const { properties } = responseConstraint;
            const words = properties.tags?.items.enum ?? [];
            const reply = { tags: words.includes("espresso") ? ["espresso"] : [] };
            for (const text of ["title", "description", "alt_text"])
                if (properties[text]) Object.assign(reply, { [text]: `A ${text} of it` });
            return JSON.stringify(reply);
        },
    });
    const LanguageModel = {
        availability: async () => state,
        async create(/** @type {any} */ { monitor }) {
            const target = new EventTarget();
            monitor(target);
            for (const loaded of [0, 0.5, 1])
                target.dispatchEvent(Object.assign(new Event("downloadprogress"), { loaded }));
            state = "available";
            return session();
        },
    };
    Object.assign(globalThis, { LanguageModel, askedOfModel: asked });
}

test("where the browser brings a model, it is fetched at a click and tags what it is asked about, and nothing is sent anywhere", async () => {
    const page = await site.open("", { serviceWorkers: "allow", prepare: (page) => page.addInitScript(bringModel) });
    await waitUntilAskable(page);
    await addFiles(page, [painted("a.png", "wall"), painted("b.png", "cup")]);
    await waitUntilDone(page);
    await openProviders(page);
    await page.click('[data-provider-row="browser"] [data-do="open-provider"]');
    await page.waitForSelector('[data-browser-model="downloadable"]');
    assert.deepEqual(await findings(page), []);
    await page.click('[data-do="download-browser-model"]');
    await page.waitForSelector('[data-browser-model="available"]');
    await page.click('.provider [data-do="enable-provider"]');
    await page.waitForSelector('.provider [data-do="enable-provider"]:checked');
    await waitForIdle(page);
    await closeDialog(page);
    assert.equal(await tagAllWith(page), 2);
    await page.waitForSelector('[data-tag="espresso"] .source-mark');
    await page.waitForFunction(() => document.querySelectorAll('[data-tag="espresso"] .source-mark').length === 2);
    const asked = await page.evaluate(() => /** @type {any} */ (globalThis).askedOfModel);
    assert.ok(asked.length >= 2);
    assert.deepEqual(asked[0].types, ["text", "image"]);
    assert.ok(asked[0].responseConstraint.properties.tags.items.enum.includes("cat"), "bound to the vocabulary");
    assert.equal((await cards(page)).filter(({ tags }) => tags.some(({ id }) => id === "espresso")).length, 2);
    await page.focus(".card-name");
    await page.keyboard.press("Enter");
    await page.waitForSelector('.details [data-text="title"][data-source="provider"]');
    assert.deepEqual(await findings(page), []);
});

test("where it brings none, nothing of it is shown", async () => {
    const page = await site.open("", { serviceWorkers: "allow" });
    await waitUntilAskable(page);
    await openProviders(page);
    assert.equal(await page.locator('[data-provider-row="browser"]').count(), 0);
});
