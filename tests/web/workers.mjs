/**
 * Workers that die on purpose, each in one of the ways that happen in life. Lines are added to the worker's script on its way to the
 * browser; the rest of it is what is shipped. A file named "deadly…" kills the tagger that reads it, as long as there are deaths left.
 * @typedef {"throws" | "closes" | "hangs" | "traps"} Death
 * @typedef {import("playwright-core").Page} Page
 */

/** @param {Page} page @param {Death} death */
export async function makeMortal(page, death) {
    await page.route("**/worker*.js", async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, body: `${await response.text()}\n(${lieInWait})(${JSON.stringify(death)});` });
    });
}

/** Runs in the worker, which reads each file by `arrayBuffer`. Deaths are counted in a cache: it outlives the workers. @param {Death} death */
function lieInWait(death) {
    const read = Blob.prototype.arrayBuffer;
    const trap = () => {
        const unreachable = [
            0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 116, 0, 0, 10, 5, 1, 3, 0, 0, 11,
        ];
        console.error("panicked on purpose\n\nStack:\n\nnone");
        /** @type {any} */ (new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(unreachable))).exports).t();
    };
    Blob.prototype.arrayBuffer = async function () {
        if (!(this instanceof File) || !this.name.startsWith("deadly")) return read.call(this);
        const deaths = await caches.open("deaths");
        const left = Number(await (await deaths.match(`${location.origin}/left`))?.text());
        if (left === 0) return read.call(this);
        await deaths.put(`${location.origin}/left`, new Response(String(left - 1)));
        if (death === "closes") self.close();
        if (death === "throws")
            setTimeout(() => {
                throw new Error("dead on purpose");
            });
        // For as long as nobody ends it. Asleep and not in a circle: that costs the other tests a core, and is the same to who waits outside.
        if (death === "hangs") {
            const { buffer } = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
            Atomics.wait(new Int32Array(buffer), 0, 0);
        }
        if (death !== "traps") return new Promise(() => {});
        performance.now = /** @type {() => never} */ (trap); // the engine asks for the time as it begins,
        OffscreenCanvas.prototype.getContext = /** @type {any} */ (trap); // and a preview needs a canvas
        return read.call(this);
    };
}

/** @param {Page} page @param {number} n */
export const setDeathsLeft = (page, n) =>
    page.evaluate(async (n) => (await caches.open("deaths")).put("/left", new Response(String(n))), n);

/** @param {Page} page */
export const deathsLeft = (page) =>
    page.evaluate(async () => Number(await (await (await caches.open("deaths")).match("/left"))?.text()));

/** The workers of a role that are alive. @param {Page} page @param {"tagger" | "session"} role */
export async function workersOf(page, role) {
    const names = await Promise.all(page.workers().map((worker) => worker.evaluate(() => self.name).catch(() => "")));
    return page.workers().filter((_, idx) => names[idx] === `tagsmith ${role}`);
}
