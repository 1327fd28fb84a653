/**
 * The page with other taggers at the stand-in, as a person uses it: a provider turned on, its key typed, pictures sent, a job watched.
 */
import { addFiles, waitForIdle, waitUntilDone } from "../harness.mjs";
import { painted } from "../painted.mjs";
import { removeAll } from "../rest.mjs";
import { ADOBE } from "./adobe.mjs";

/** @typedef {import("../harness.mjs").Page} Page */
/** @typedef {Record<string, unknown>} Setup fields that differ from what holds by itself */

/** How providers are asked, kept by an earlier visit; none of them is on. For `prepare`. @param {Record<string, Setup>} setups by provider */
export const withSetups = (setups) => (/** @type {Page} */ page) =>
    page.addInitScript((kept) => {
        const key = "tagsmith.providers";
        if (!localStorage.getItem(key)) localStorage.setItem(key, JSON.stringify(kept));
    }, keptSetups(setups));

/** @param {Record<string, Setup>} setups */
function keptSetups(setups) {
    const everywhere = Object.entries(setups).map(([id, setup]) => [id, { setup }]);
    return { levels: { everywhere: Object.fromEntries(everywhere) } };
}

/** Adobe at the stand-in, with what Adobe tells its customers only. @param {string} url @returns {Setup} */
export const adobeSetup = (url) => ({
    service_url: `${url}/na`,
    authorization_server: url,
    sign_in: "token",
    client_id: ADOBE.client_id,
    organization_id: ADOBE.organization,
    engine: "Feature:standin:Service-0123456789abcdef0123456789abcdef",
    names: "/result/0/tags/*/tag",
    confidences: "/result/0/tags/*/confidence",
});

/** Nothing is asked of anybody before the service worker is there. @param {Page} page */
export async function waitUntilAskable(page) {
    await page.waitForSelector('html[data-offline="ready"]');
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

/** @param {Page} page */
export async function openProviders(page) {
    await page.click('[data-menu="more"]');
    await page.click('[data-do="providers"]');
    await page.waitForSelector("[data-provider-row]");
}

/** @param {Page} page */
export async function closeDialog(page) {
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog[open]", { state: "detached" });
}

/** @param {Page} page @param {string} id @param {Record<string, string>} secrets */
export async function typeSecrets(page, id, secrets) {
    await page.click(`[data-provider-row="${id}"] [data-do="open-provider"]`);
    for (const [name, value] of Object.entries(secrets)) {
        const field = page.locator(".provider-with-button", { has: page.locator(`#secret-${id}-${name}`) });
        await field.locator("input").fill(value);
        await waitForIdle(page);
        await field.locator('[data-do="use-key"]').click();
        await page.waitForSelector('[data-key-place="memory"]');
    }
    await page.click('[data-do="back-to-providers"]');
}

/** Its key is typed, then it is turned on. @param {Page} page @param {string} id @param {Record<string, string>} secrets */
export async function turnOn(page, id, secrets) {
    await openProviders(page);
    await typeSecrets(page, id, secrets);
    await page.click(`[data-provider-row="${id}"] [data-do="enable-provider"]`);
    await page.waitForSelector(`[data-provider-row="${id}"][data-on="true"] [data-state="ready"]`);
    await waitForIdle(page);
    await closeDialog(page);
}

/** Asks for everything in the grid. @param {Page} page @param {string} [id] by whom, where more than one is on @returns {Promise<number>} how many pictures go */
export async function tagAllWith(page, id) {
    await page.click('[data-menu="more"]');
    await page.click('[data-do="tag-with"]');
    if (id) await page.selectOption('[data-do="ask-which"]', id);
    await page.waitForSelector(id ? `.ask[data-provider="${id}"] [data-count="asked"]` : '[data-count="asked"]');
    const n = Number(await page.getAttribute('[data-count="asked"]', "data-value"));
    await page.click('[data-do="send"]:not([disabled])');
    await page.waitForSelector("dialog[open]", { state: "detached" });
    return n;
}

/** @param {Page} page @param {string} status */
export const waitForJob = (page, status) => page.waitForSelector(`[data-line="job"][data-status="${status}"]`);

/** Until no job is under way; one that left nothing to be said of it has no line any more. @param {Page} page */
export const waitUntilIdle = (page) =>
    page.waitForSelector('[data-line="job"][data-status="running"]', { state: "detached" });

/** Presses "resume" wherever the job stands by then. @param {Page} page */
async function pressResume(page) {
    // By the time of the press it may be under way.
    const pressing = page.locator('[data-line="job"] [data-do="resume-job"]').click({ timeout: 2_000 });
    const isPressed = await pressing.then(
        () => true,
        () => false,
    );
    // It may have stopped again before anybody has seen it go on.
    await page
        .waitForFunction(
            () => !document.querySelector('[data-line="job"]:is([data-status="paused"], [data-status="waiting"])'),
            null,
            { timeout: 2_000 },
        )
        .catch(() => {});
    return isPressed;
}

/** Goes on after every stop until something holds, outside the page. @param {Page} page @param {() => boolean} holds */
export async function goOnUntil(page, holds) {
    while (!holds()) {
        if ((await page.locator('[data-line="job"][data-status="paused"]').count()) > 0) await pressResume(page);
        await new Promise((over) => setTimeout(over, 50));
    }
}

/**
 * Goes on after every stop, and asks again for what failed, until nothing is left of the job.
 * @param {Page} page @returns {Promise<{stops: number, asked: number}>} how often
 */
export async function seeToTheEnd(page) {
    const seen = { stops: 0, asked: 0 };
    const line = page.locator('[data-line="job"]');
    for (;;) {
        await waitUntilIdle(page);
        if ((await line.count()) === 0) return seen;
        if ((await page.locator('[data-line="job"][data-status="ended"]').count()) > 0) {
            seen.asked++;
            await askAgain(page);
            continue;
        }
        if (await pressResume(page)) seen.stops++;
    }
}

/** For all that failed, also where that may cost a second time. @param {Page} page */
async function askAgain(page) {
    await page.click('[data-do="job-failures"]');
    await page.waitForSelector(".job-failures li");
    for (;;) {
        const button = page.locator('.job-failures [data-do="ask-again"]').first();
        if ((await button.count()) === 0) break;
        const first = page.locator(".job-failures li").first();
        const [code, isPaid] = [await first.getAttribute("data-code"), await first.getAttribute("data-maybe-paid")];
        const group = `.job-failures li[data-code="${code}"][data-maybe-paid="${isPaid}"]`;
        await button.click();
        // Where it may cost a second time it is asked about.
        await page.waitForFunction(
            (group) => document.querySelector('[data-do="leave-failed"]') || !document.querySelector(group),
            group,
        );
        if ((await page.locator('[data-do="leave-failed"]').count()) > 0)
            await page.locator('.job-failures li:has([data-do="leave-failed"]) [data-do="ask-again"]').click();
        await page.waitForSelector(group, { state: "detached" });
    }
    await closeDialog(page);
}

/** The page's settings, to be set back to. @param {Page} page @returns {Promise<Record<string, string>>} */
export const settingsOf = (page) => page.evaluate(() => ({ ...localStorage }));

/** Sets them back as another tab would: everything is read anew. @param {Page} page @param {Record<string, string>} settings */
export async function setBack(page, settings) {
    await page.evaluate((settings) => {
        const keys = new Set([...Object.keys(localStorage), ...Object.keys(settings)]);
        localStorage.clear();
        for (const [key, value] of Object.entries(settings)) localStorage.setItem(key, value);
        for (const key of keys) dispatchEvent(new StorageEvent("storage", { key }));
    }, settings);
    await waitForIdle(page);
}

let nMade = 0;

/** Small pictures, no two alike, nor like any that were made before in this file. @param {number} n */
export const newPictures = (n) =>
    Array.from({ length: n }, (_, idx) =>
        painted(`${idx}.png`, idx % 2 === 0 ? "cup" : "wall", { width: 60 + nMade++, height: 60 }),
    );

/** In place of all that were there, new pictures. @param {Page} page @param {number} n @param {typeof newPictures} [make] */
export async function replacePictures(page, n, make = newPictures) {
    await removeAll(page);
    await addFiles(page, make(n));
    await waitUntilDone(page);
}

/** Types the key of a provider that is on, where the page has none since a reload. @param {Page} page @param {string} id @param {Record<string, string>} secrets */
export async function typeMissing(page, id, secrets) {
    await openProviders(page);
    await page.waitForSelector(`[data-provider-row="${id}"][data-on="true"]`);
    await waitForIdle(page);
    const isReady = (await page.locator(`[data-provider-row="${id}"] [data-state="ready"]`).count()) > 0;
    if (!isReady) await typeSecrets(page, id, secrets);
    await page.waitForSelector(`[data-provider-row="${id}"] [data-state="ready"]`);
    await closeDialog(page);
}

/** @typedef {{id: string, outcome: string, words: string}} Row of the request log */

/** Every row of the request log, the newest first. @param {Page} page @returns {Promise<Row[]>} */
export async function requests(page) {
    await openProviders(page);
    await page.click('[data-do="open-log"]');
    await page.waitForSelector('[data-request], .request-log > [role="status"]');
    for (;;) {
        const more = page.locator('[data-do="more-requests"]');
        if ((await more.count()) === 0) break;
        const n = await page.locator("[data-request]").count();
        await more.click();
        await page.waitForFunction((n) => document.querySelectorAll("[data-request]").length !== n, n);
    }
    const all = await page.$$eval("[data-request]", (rows) =>
        rows.map((row) => ({
            id: row.getAttribute("data-request") ?? "",
            outcome: row.getAttribute("data-outcome") ?? "",
            words: row.textContent ?? "",
        })),
    );
    await closeDialog(page);
    return all;
}

/** Those of them that were not there before. @param {Page} page @param {readonly Row[]} before */
export async function requestsSince(page, before) {
    const known = new Set(before.map(({ id }) => id));
    return (await requests(page)).filter(({ id }) => !known.has(id));
}

/** @param {Page} page @returns {Promise<string[]>} how each request has ended, the newest first */
export const outcomes = async (page) => (await requests(page)).map(({ outcome }) => outcome);

/** What the request log says of this month. @param {Page} page @param {string} id @returns {Promise<{requests: number, maybe: number}>} */
export async function monthOf(page, id) {
    await openProviders(page);
    await page.click('[data-do="open-log"]');
    const total = page.locator(`[data-total="${id}"]`);
    const requests = parseInt(await total.locator("span").first().innerText(), 10);
    const said = (await total.locator(".provider-warning").allInnerTexts()).join(" ");
    await closeDialog(page);
    return { requests, maybe: Number(said.match(/\d+/)?.[0] ?? 0) };
}

/**
 * Whether each of some texts is in anything that the page has stored: settings, databases, files, caches, and what is on screen. It is
 * looked for in the page, because bringing the sixteen megabytes of all that here costs a second.
 * @param {Page} page @param {readonly string[]} texts @returns {Promise<boolean[]>}
 */
export const areStored = (page, texts) =>
    page.evaluate(async (texts) => {
        const text = async (/** @type {unknown} */ value) => {
            if (value instanceof Blob) return new TextDecoder("latin1").decode(await value.arrayBuffer());
            if (value instanceof ArrayBuffer || ArrayBuffer.isView(value))
                return new TextDecoder("latin1").decode(/** @type {ArrayBuffer} */ (value));
            return JSON.stringify(value, (_, one) => (one instanceof Uint8Array ? [...one].join() : one)) ?? "";
        };
        const parts = [
            JSON.stringify(localStorage),
            JSON.stringify(sessionStorage),
            document.documentElement.outerHTML,
        ];
        for (const { name = "" } of await indexedDB.databases()) {
            const db = /** @type {IDBDatabase} */ (await resultOf(indexedDB.open(name)));
            for (const store of db.objectStoreNames)
                parts.push(store, await text(await resultOf(db.transaction(store).objectStore(store).getAll())));
            db.close();
        }
        for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) {
                const answer = await cache.match(request);
                parts.push(request.url, (await answer?.text()) ?? "");
            }
        }
        await walk(await navigator.storage.getDirectory());
        const all = parts.join("\n");
        return texts.map((one) => all.includes(one));

        /** @param {FileSystemDirectoryHandle} folder */
        async function walk(folder) {
            for await (const [name, handle] of folder.entries()) {
                parts.push(name);
                if (handle.kind === "directory") await walk(/** @type {FileSystemDirectoryHandle} */ (handle));
                else parts.push(await text(await /** @type {FileSystemFileHandle} */ (handle).getFile()));
            }
        }

        /** @param {IDBRequest} request */
        function resultOf(request) {
            return new Promise((resolve, reject) => {
                request.onsuccess = () => resolve(request.result);
                request.onerror = () => reject(request.error);
            });
        }
    }, texts);
