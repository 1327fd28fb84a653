/** The built page opened on a library that is there already. */

/** @typedef {{grid: number, all: number}} Opened ms from opening: the frame with the first cards; the session's first answer about all pictures */
/** @typedef {import("./browser.mjs").Page} Page */

/** Runs in the page before its own scripts, and hears what its workers answer. @param {number} n how many pictures are kept */
export function watchLibrary(n) {
    if (!location.protocol.startsWith("http")) return;
    const seen = { grid: 0, all: 0, session: null, memory: 0, moves: /** @type {number[]} */ ([]) };
    Object.assign(window, { seen });
    const watched = new WeakSet();
    /** @type {Map<number, number>} */
    const policies = new Map();
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (/** @type {any} */ message, /** @type {any} */ ...rest) {
        const { seq, name, params } = message ?? {};
        if (name === "start_session" && !watched.has(this)) {
            watched.add(this);
            this.addEventListener("message", ({ data }) => {
                seen.memory = data.memory ?? seen.memory;
                const { pictures, waiting } = data.ok?.counted?.summary ?? {};
                if (!seen.all && pictures === n && waiting === 0) seen.all = performance.now();
                const begun = policies.get(data.seq);
                if (begun !== undefined) seen.moves.push(performance.now() - begun);
            });
        }
        if (name === "update" && params?.policy) policies.set(seq, performance.now());
        return postMessage.call(this, message, ...rest);
    };
    const observer = new MutationObserver(() => {
        if (!document.querySelector(".card [data-tag]")) return;
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => (seen.grid = performance.now())));
    });
    observer.observe(document, { childList: true, subtree: true });
}

/** @param {import("playwright-core").BrowserContext} context @param {string} url */
export async function openLibrary(context, url) {
    const page = await context.newPage();
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(url, { waitUntil: "commit" });
    const isThere = () => Reflect.get(window, "seen")?.grid && Reflect.get(window, "seen").all;
    await page.waitForFunction(isThere, null, { timeout: 120_000, polling: 100 }).catch(async (error) => {
        throw new Error(`${error.message} The page says: ${(await page.innerText("body")).slice(0, 1_000)}`);
    });
    const opened = /** @type {Opened} */ (await page.evaluate(() => Reflect.get(window, "seen")));
    return { page, opened, memory: () => memoryOf(page) };
}

/** In MB: the page's own heap after a collection, and the session's worker with its WebAssembly memory. @param {Page} page */
async function memoryOf(page) {
    const session = await page.context().newCDPSession(page);
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    const wasm = await page.evaluate(() => Reflect.get(window, "seen").memory);
    let heap = 0;
    for (const worker of page.workers()) {
        const [name, used] = await worker.evaluate(() => [
            self.name,
            Reflect.get(performance, "memory")?.usedJSHeapSize ?? 0,
        ]);
        if (String(name).includes("session")) heap = Number(used);
    }
    return { page: usedSize / 1e6, session: (heap + wasm) / 1e6 };
}

/** Moves the threshold as a hand on the slider does; each time until the session has answered. @param {Page} page @param {number} times @returns {Promise<number[]>} ms there and back */
export async function moveThreshold(page, times) {
    await page.evaluate(async (times) => {
        const seen = Reflect.get(window, "seen");
        const slider = /** @type {HTMLInputElement} */ (document.querySelector('[data-do="threshold"]'));
        for (let idx = 0; idx < times; idx++) {
            const { length } = seen.moves;
            slider.value = String(2 + ((idx * 37) % 96));
            slider.dispatchEvent(new Event("input", { bubbles: true }));
            while (seen.moves.length === length) await new Promise((later) => setTimeout(later, 10));
            await new Promise((drawn) => requestAnimationFrame(drawn));
        }
    }, times);
    return page.evaluate((times) => Reflect.get(window, "seen").moves.slice(-times), times);
}
