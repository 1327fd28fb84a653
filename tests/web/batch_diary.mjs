/**
 * A batch that survives its tab, and a diary of it that survives too: which pictures are given to a tagger, and which are seen finished,
 * told to the test as it happens. The pictures lie in a folder that the browser may read again without asking: the origin's own files.
 */
import assert from "node:assert/strict";
import { waitUntilReady } from "./harness.mjs";
import { painted } from "./painted.mjs";

/** @typedef {import("./harness.mjs").Page} Page */
/** @typedef {{life: number, kind: "asked" | "done" | "undone", path: string}} Entry */

const FOLDER = "Holiday";
/** Long, because the machine may be compiling at the same time. */
const PATIENCE_MS = 90_000;

/** Each with a content of its own. @param {number} idx */
const pictureAt = (idx) =>
    painted(`${String(idx).padStart(3, "0")}.png`, "cup", {
        width: 120 + (idx % 60),
        height: 20 + Math.floor(idx / 60),
    });

export class BatchDiary {
    /** @type {Entry[]} */
    entries = [];
    /** How often a browser or a tab was started. */
    life = 0;
    /** @type {(() => void)[]} */
    #waiting = [];

    /** Before a page is fetched: the chooser gives that folder, and the page's workers and cards are watched. @param {Page} page */
    async prepare(page) {
        await page.exposeFunction("tellDiary", (/** @type {Entry["kind"]} */ kind, /** @type {string} */ path) => {
            this.entries.push({ life: this.life, kind, path });
            for (const wake of this.#waiting.splice(0)) wake();
        });
        await page.addInitScript(watchBatch, FOLDER);
    }

    /** Until so many pictures were given to a tagger, over all lives. @param {number} n */
    async untilAsked(n) {
        const nAsked = () => this.of("asked").length;
        while (nAsked() < n) {
            const more = new Promise((resolve) => void this.#waiting.push(() => resolve(true)));
            const late = new Promise((resolve) => void setTimeout(resolve, PATIENCE_MS, false).unref());
            assert.ok(await Promise.race([more, late]), `the batch does not go on: ${nAsked()} of ${n} were asked for`);
        }
    }

    /** @param {Entry["kind"]} kind */
    of(kind) {
        return this.entries.filter((entry) => entry.kind === kind);
    }

    /** Nothing that was seen finished is unfinished in a later life, or given to a tagger in one. */
    assertNothingLost() {
        const doneIn = /** @type {Map<string, number>} */ (new Map());
        for (const { life, kind, path } of this.entries) {
            const before = doneIn.get(path) ?? Infinity;
            assert.ok(
                kind === "done" || life <= before,
                `${path} was finished in life ${before}, and is ${kind} in life ${life}`,
            );
            if (kind === "done" && !doneIn.has(path)) doneIn.set(path, life);
        }
    }
}

/** Runs in the page before its own scripts. @param {string} folder */
function watchBatch(folder) {
    const choose = async () => (await navigator.storage.getDirectory()).getDirectoryHandle(folder);
    const tell = (/** @type {string} */ kind, /** @type {string} */ path) =>
        Reflect.get(globalThis, "tellDiary")(kind, path);
    Object.assign(globalThis, { showDirectoryPicker: choose });
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (/** @type {any} */ message, /** @type {any} */ ...rest) {
        if (message?.name === "tag") tell("asked", message.params.file.name);
        return postMessage.call(this, message, ...rest);
    };
    const look = (/** @type {Element} */ card) => {
        const path = card.getAttribute("data-path")?.split("/").at(-1);
        const state = card.getAttribute("data-state");
        if (path && state) tell(state === "done" ? "done" : "undone", path);
    };
    const observer = new MutationObserver((changes) => {
        for (const { type, target, addedNodes } of changes) {
            if (type === "attributes") look(/** @type {Element} */ (target));
            for (const node of addedNodes)
                if (node instanceof Element) for (const card of node.querySelectorAll(".card[data-state]")) look(card);
        }
    });
    const options = { subtree: true, childList: true, attributeFilter: ["data-state"] };
    observer.observe(document, options);
}

/** Writes the pictures into the folder, without the page. @param {Page} page any page of the origin @param {number} n */
export async function writePictures(page, n) {
    const files = Array.from({ length: n }, (_, idx) => pictureAt(idx)).map(({ name, buffer }) => [
        name,
        buffer.toString("base64"),
    ]);
    await page.evaluate(
        async ([folderName, files]) => {
            const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(folderName, {
                create: true,
            });
            for (const [name = "", base64 = ""] of files) {
                const writer = await (await folder.getFileHandle(name, { create: true })).createWritable();
                await writer.write(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
                await writer.close();
            }
        },
        /** @type {const} */ ([FOLDER, files]),
    );
}

/** Chooses the folder as people do. @param {Page} page */
export async function choosePictures(page) {
    await waitUntilReady(page);
    await page.click('[data-do="add"]');
    await page.click('[data-do="add-folder"]');
}

/**
 * Until the browser has the way to each file. A batch that ends before says which files it needs, and does not go on by itself.
 * @param {Page} page @param {number} n
 */
export const untilHandlesKept = (page, n) =>
    page.waitForFunction(async (n) => {
        const { name } = (await indexedDB.databases()).find(({ name }) => name?.startsWith("tagsmith-handles ")) ?? {};
        if (!name) return false;
        /** @type {IDBDatabase} */
        const db = await new Promise((resolve) => {
            const request = indexedDB.open(name);
            request.onsuccess = () => resolve(request.result);
        });
        /** @type {number} */
        const nKept = await new Promise((resolve) => {
            const request = db.transaction("files").objectStore("files").count();
            request.onsuccess = () => resolve(request.result);
        });
        db.close();
        return nKept >= n;
    }, n);

/** Until of so many pictures that many are not tagged yet. @param {Page} page @param {number} n @param {number} nWaiting */
export const untilWaiting = (page, n, nWaiting) =>
    page.waitForFunction(
        ([n, nWaiting]) => {
            const of = (/** @type {string} */ kind) =>
                Number(document.querySelector(`[data-filter="${kind}"] [data-value]`)?.getAttribute("data-value") ?? 0);
            return of("all") === n && of("waiting") === nWaiting;
        },
        /** @type {const} */ ([n, nWaiting]),
    );
