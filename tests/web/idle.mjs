/**
 * When the page has nothing more to do. It knows that itself: every call to a worker gets an answer, every frame and every short timer
 * that was asked for comes, every file that is fetched or read ends. `observePage` counts what is still open, before the page's own
 * scripts run; `waitForIdle` waits until nothing is, and until a further frame has brought nothing new. Where nothing but short timers is
 * open it sets them off, in the order in which they are due: what rests for a moment before it is kept costs no test that moment. What has
 * no end does not count: drawings that move by themselves (CSS), and timers of more than a second (a toast that goes, a worker that is given
 * up).
 */

/** @typedef {import("playwright-core").Page} Page */
/**
 * @typedef {{
 *   callsToWorkers: Record<string, number>,
 *   pageActivity: {open: () => string[], untilIdle: () => Promise<void>, nHeld: () => number,
 *   holdCalls: (name: string, nFree: number) => void, letCallsGo: () => void}}} Observed */

/** A machine that compiles at the same time may be slow; a page that is not idle by then never will be. */
const PATIENCE_MS = 90_000;
const POLLING_MS = 50;

/** Scripts and style sheets that the page itself is fetching: `import()` cannot be counted from within. @type {WeakMap<Page, Set<string>>} */
const fetching = new WeakMap();

/** @param {Page} page */
export function followFetches(page) {
    /** @type {Set<string>} */
    const urls = new Set();
    fetching.set(page, urls);
    const isOwn = (/** @type {import("playwright-core").Request} */ request) =>
        !request.serviceWorker() && ["script", "stylesheet"].includes(request.resourceType());
    page.on("request", (request) => void (isOwn(request) && urls.add(request.url())));
    const end = (/** @type {import("playwright-core").Request} */ request) => void urls.delete(request.url());
    page.on("requestfinished", end);
    page.on("requestfailed", end);
}

/** `waitForFunction` asks twenty times a second, and not at every frame: to be asked then, the page would draw sixty. @param {Page} page */
export function askLessOften(page) {
    const { waitForFunction } = /** @type {any} */ (page);
    /** @type {any} */ (page).waitForFunction = (
        /** @type {any} */ act,
        /** @type {any} */ argument,
        /** @type {{polling?: number | "raf"}} */ options,
    ) => waitForFunction.call(page, act, argument, { polling: POLLING_MS, ...options });
}

/** Runs in the page before its own scripts. */
export function observePage() {
    const callsToWorkers = /** @type {Record<string, number>} */ ({});
    /** Everything that is open, by what it is called. @type {Map<object, string>} */
    const open = new Map();
    let nBegun = 0;
    const begin = (/** @type {string} */ name) => {
        const entry = {};
        nBegun++;
        open.set(entry, name);
        return entry;
    };
    /** Who waits for the next of them to end. @type {(() => void)[]} */
    const waiting = [];
    const end = (/** @type {object | undefined} */ entry) => {
        if (!entry || !open.delete(entry)) return;
        for (const goOn of waiting.splice(0)) goOn();
    };

    /** Calls by worker and number. @type {WeakMap<Worker, Map<number, object>>} */
    const calls = new WeakMap();
    const endCalls = (/** @type {Worker} */ worker) => {
        for (const entry of calls.get(worker)?.values() ?? []) end(entry);
        calls.get(worker)?.clear();
    };
    /** @type {WeakSet<Worker>} */
    const dead = new WeakSet();
    const { postMessage, terminate } = Worker.prototype;
    Worker.prototype.postMessage = function (/** @type {any} */ message, /** @type {any} */ ...rest) {
        const { seq, name } = message ?? {};
        if (!calls.has(this)) {
            calls.set(this, new Map());
            // After the page's own listener: what the answer sets off has begun by then.
            this.addEventListener("message", ({ data }) => {
                if ("crash" in data) return endCalls(this);
                if ("progress" in data) return;
                end(calls.get(this)?.get(data.seq));
                calls.get(this)?.delete(data.seq);
            });
        }
        if (dead.has(this)) return;
        if (hold && hold.name === name && hold.nFree-- <= 0) {
            held.push(() => this.postMessage(message, ...rest));
            return;
        }
        if (seq !== undefined) calls.get(this)?.set(seq, begin(`call to a worker: ${name} (${seq})`));
        callsToWorkers[name] = (callsToWorkers[name] ?? 0) + 1;
        return postMessage.call(this, message, ...rest);
    };
    /** Which calls do not reach their worker for now. They are not open: nothing happens until they are let go. @type {{name: string, nFree: number} | null} */
    let hold = null;
    /** @type {(() => void)[]} */
    const held = [];
    const holdCalls = (/** @type {string} */ name, /** @type {number} */ nFree) => void (hold = { name, nFree });
    const letCallsGo = () => {
        hold = null;
        for (const post of held.splice(0)) post();
    };
    Worker.prototype.terminate = function () {
        dead.add(this);
        endCalls(this);
        return terminate.call(this);
    };

    const { requestAnimationFrame, cancelAnimationFrame, setTimeout, clearTimeout } = globalThis;
    /** @type {Map<number, object>} */
    const frames = new Map();
    globalThis.requestAnimationFrame = (act) => {
        const entry = begin("frame");
        const id = requestAnimationFrame((time) => {
            end(entry);
            frames.delete(id);
            act(time);
        });
        frames.set(id, entry);
        return id;
    };
    globalThis.cancelAnimationFrame = (id) => {
        end(frames.get(id));
        cancelAnimationFrame(id);
    };
    const { requestIdleCallback } = globalThis;
    globalThis.requestIdleCallback = (act, options) => {
        const entry = begin("idle callback");
        return requestIdleCallback((deadline) => {
            end(entry);
            act(deadline);
        }, options);
    };
    /** @type {Map<number, {entry: object, due: number, act: () => void}>} */
    const timers = new Map();
    const countTimer = (/** @type {any} */ act, /** @type {number} */ ms = 0, /** @type {any[]} */ ...args) => {
        if (ms > 1_000 && "areLongTimersStopped" in globalThis) return 0;
        if (ms > 1_000 || typeof act !== "function") return setTimeout(act, ms, ...args);
        const entry = begin(`timer of ${ms} ms`);
        const actOnce = () => void (endTimer(id) && act(...args));
        const id = Number(setTimeout(actOnce, ms));
        timers.set(id, { entry, due: performance.now() + ms, act: actOnce });
        return id;
    };
    const endTimer = (/** @type {number} */ id) => {
        end(timers.get(id)?.entry);
        return timers.delete(id);
    };
    Object.assign(globalThis, {
        setTimeout: countTimer,
        clearTimeout: (/** @type {number} */ id) => {
            endTimer(id);
            clearTimeout(id);
        },
    });
    /** Where the page waits for nothing but a clock, the next timer goes off now. */
    const hurryTimers = () => {
        if (open.size > timers.size) return;
        const [next] = [...timers.values()].sort((a, b) => a.due - b.due);
        if (next) setTimeout(next.act);
    };

    /** What the platform does meanwhile and answers with a promise. @param {any} owner @param {string} name */
    const countPromises = (owner, name) => {
        const begun = owner?.[name];
        if (typeof begun !== "function") return;
        owner[name] = function (/** @type {any[]} */ ...args) {
            const entry = begin(name);
            const promise = begun.apply(this, args);
            const settle = () => end(entry);
            promise.then(settle, settle);
            return promise;
        };
    };
    countPromises(globalThis, "fetch");
    for (const name of ["compile", "compileStreaming"]) countPromises(WebAssembly, name);
    for (const name of ["arrayBuffer", "text"]) countPromises(Blob.prototype, name);
    for (const name of ["arrayBuffer", "text", "json", "blob"]) countPromises(Response.prototype, name);
    // An empty page has none of these.
    const { StorageManager, FileSystemDirectoryHandle, FileSystemFileHandle } =
        /** @type {Record<string, {prototype: unknown} | undefined>} */ (/** @type {unknown} */ (globalThis));
    for (const name of ["getDirectory", "estimate", "persisted"]) countPromises(StorageManager?.prototype, name);
    for (const name of ["getDirectoryHandle", "getFileHandle", "removeEntry"])
        countPromises(FileSystemDirectoryHandle?.prototype, name);
    for (const name of ["getFile", "createWritable"]) countPromises(FileSystemFileHandle?.prototype, name);

    /** What the page's other database does and answers with one of these events. @param {EventTarget} target @param {string} name @param {readonly string[]} ends */
    const countUntil = (target, name, ends) => {
        const entry = begin(name);
        for (const type of ends) target.addEventListener(type, () => end(entry));
    };
    const { open: openDatabase } = IDBFactory.prototype;
    IDBFactory.prototype.open = function (...args) {
        const request = openDatabase.apply(this, args);
        countUntil(request, "opening a database", ["success", "error", "blocked"]);
        return request;
    };
    const { transaction } = IDBDatabase.prototype;
    IDBDatabase.prototype.transaction = function (...args) {
        const begun = transaction.apply(this, args);
        countUntil(begun, "transaction", ["complete", "abort"]);
        return begun;
    };

    const untilIdle = async () => {
        for (let seen = -1, nQuiet = 0; nQuiet < 2; ) {
            // No frame is asked for while something is known to be under way: the page would draw sixty a second for nothing.
            while (open.size > timers.size) await new Promise((goOn) => waiting.push(() => goOn(null)));
            await new Promise((turn) => requestAnimationFrame(() => setTimeout(turn)));
            const isStill = seen === nBegun;
            nQuiet = open.size > 0 ? 0 : isStill ? nQuiet + 1 : 1;
            seen = nBegun;
            if (isStill) hurryTimers();
        }
    };
    Object.assign(globalThis, {
        callsToWorkers,
        pageActivity: { open: () => [...open.values()], untilIdle, holdCalls, letCallsGo, nHeld: () => held.length },
    });
}

/** Before the page is fetched: what would go by itself after a while stays, however long it is looked at. @param {Page} page */
export const stopLongTimers = (page) =>
    page.addInitScript(() => void Object.assign(globalThis, { areLongTimersStopped: true }));

/** How often the page has asked a worker for `name` ("tag" runs the model). @param {Page} page @param {string} name */
export const nCalls = (page, name) =>
    page.evaluate((name) => /** @type {Observed & typeof globalThis} */ (globalThis).callsToWorkers[name] ?? 0, name);

/** Counts the calls anew: for a test in a page where another one was before. @param {Page} page */
export const forgetCalls = (page) =>
    page.evaluate(() => {
        const { callsToWorkers } = /** @type {Observed & typeof globalThis} */ (globalThis);
        for (const name of Object.keys(callsToWorkers)) delete callsToWorkers[name];
        performance.clearMeasures();
    });

/** What the page is still busy with. @param {Page} page @returns {Promise<string[]>} */
export async function openActivity(page) {
    const within = await page.evaluate(() => /** @type {Partial<Observed>} */ (globalThis).pageActivity?.open() ?? []);
    return [...within, ...Array.from(fetching.get(page) ?? [], (url) => `on its way: ${url}`)];
}

/** Until everything the page was asked to do is done and drawn. @param {Page} page @param {{patienceMs?: number}} [options] */
export async function waitForIdle(page, { patienceMs = PATIENCE_MS } = {}) {
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    const givenUp = new Promise((_, reject) => {
        timer = setTimeout(async () => {
            const open = await openActivity(page).catch(() => ["a page that does not answer"]);
            reject(new Error(`The page was not idle within ${patienceMs / 1000} s. Open: ${open.join("; ")}`));
        }, patienceMs);
    });
    const nFetching = () => fetching.get(page)?.size ?? 0;
    const idle = async () => {
        let nBefore;
        do {
            nBefore = nFetching();
            await page.evaluate(() =>
                /** @type {Observed & typeof globalThis} */ (globalThis).pageActivity.untilIdle(),
            );
        } while (nBefore > 0 || nFetching() > 0);
    };
    try {
        await Promise.race([idle(), givenUp]);
    } finally {
        clearTimeout(timer);
    }
}

/** Until what changes its look by and by has changed it: colours of another scheme, a panel that slides in. @param {Page} page */
export async function waitForTransitions(page) {
    await waitForIdle(page);
    await page.evaluate(async () => {
        const isEnding = (/** @type {Animation} */ { playState, effect }) =>
            playState === "running" && Number.isFinite(effect?.getComputedTiming().endTime ?? 0);
        for (;;) {
            const moving = document.getAnimations().filter(isEnding);
            if (moving.length === 0) return;
            await Promise.allSettled(moving.map(({ finished }) => finished));
        }
    });
}

/**
 * Keeps every call of that name from its worker, but for the next `nFree`: so a batch, or a test, stands still at a known point. Waits
 * until the first is held.
 * @param {Page} page @param {string} name @param {number} nFree @param {() => unknown} act what makes the calls
 */
export async function holdCalls(page, name, nFree, act) {
    await page.evaluate(
        ([name, nFree]) => /** @type {Observed & typeof globalThis} */ (globalThis).pageActivity.holdCalls(name, nFree),
        /** @type {const} */ ([name, nFree]),
    );
    await act();
    await page.waitForFunction(() => /** @type {Observed & typeof globalThis} */ (globalThis).pageActivity.nHeld() > 0);
    await waitForIdle(page);
}

/** Lets them go on their way. @param {Page} page */
export const letCallsGo = (page) =>
    page.evaluate(() => /** @type {Observed & typeof globalThis} */ (globalThis).pageActivity.letCallsGo());
