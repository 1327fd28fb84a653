/**
 * When the page has nothing more to do. It knows that itself: every call to a worker gets an answer, every frame and every short timer
 * that was asked for comes, every file that is fetched or read ends. `observe_page` counts what is still open, before the page's own
 * scripts run; `waitForIdle` waits until nothing is, and until a further frame has brought nothing new. What has no end does not count:
 * drawings that move by themselves (CSS), and timers of more than a second (a toast that goes, a worker that is given up).
 */

/** @typedef {import("playwright-core").Page} Page */
/**
 * @typedef {{
 *   calls_to_workers: Record<string, number>,
 *   page_activity: {open: () => string[], until_idle: () => Promise<void>, n_held: () => number,
 *   hold_calls: (name: string, n_free: number) => void, let_calls_go: () => void}}} Observed */

/** A machine that compiles at the same time may be slow; a page that is not idle by then never will be. */
const PATIENCE_MS = 90_000;

/** Files that the page itself is fetching, parts of its script among them: `import()` cannot be counted from within. @type {WeakMap<Page, Set<string>>} */
const fetching = new WeakMap();

/** @param {Page} page */
export function follow_fetches(page) {
    /** @type {Set<string>} */
    const urls = new Set();
    fetching.set(page, urls);
    const is_own = (/** @type {import("playwright-core").Request} */ request) => !request.serviceWorker() && request.resourceType() === "script";
    page.on("request", (request) => void (is_own(request) && urls.add(request.url())));
    const end = (/** @type {import("playwright-core").Request} */ request) => void urls.delete(request.url());
    page.on("requestfinished", end);
    page.on("requestfailed", end);
}

/** Runs in the page before its own scripts. */
export function observe_page() {
    const calls_to_workers = /** @type {Record<string, number>} */ ({});
    /** Everything that is open, by what it is called. @type {Map<object, string>} */
    const open = new Map();
    let n_begun = 0;
    const begin = (/** @type {string} */ name) => {
        const entry = {};
        n_begun++;
        open.set(entry, name);
        return entry;
    };

    /** Calls by worker and number. @type {WeakMap<Worker, Map<number, object>>} */
    const calls = new WeakMap();
    const end_calls = (/** @type {Worker} */ worker) => {
        for (const entry of calls.get(worker)?.values() ?? []) open.delete(entry);
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
                if ("crash" in data) return end_calls(this);
                if ("progress" in data) return;
                const entry = calls.get(this)?.get(data.seq);
                if (entry) open.delete(entry);
                calls.get(this)?.delete(data.seq);
            });
        }
        if (dead.has(this)) return;
        if (hold && hold.name === name && hold.n_free-- <= 0) {
            held.push(() => this.postMessage(message, ...rest));
            return;
        }
        if (seq !== undefined) calls.get(this)?.set(seq, begin(`call to a worker: ${name} (${seq})`));
        calls_to_workers[name] = (calls_to_workers[name] ?? 0) + 1;
        return postMessage.call(this, message, ...rest);
    };
    /** Which calls do not reach their worker for now. They are not open: nothing happens until they are let go. @type {{name: string, n_free: number} | null} */
    let hold = null;
    /** @type {(() => void)[]} */
    const held = [];
    const hold_calls = (/** @type {string} */ name, /** @type {number} */ n_free) => void (hold = { name, n_free });
    const let_calls_go = () => {
        hold = null;
        for (const post of held.splice(0)) post();
    };
    Worker.prototype.terminate = function () {
        dead.add(this);
        end_calls(this);
        return terminate.call(this);
    };

    const { requestAnimationFrame, cancelAnimationFrame, setTimeout, clearTimeout } = globalThis;
    /** @type {Map<number, object>} */
    const frames = new Map();
    globalThis.requestAnimationFrame = (act) => {
        const entry = begin("frame");
        const id = requestAnimationFrame((time) => {
            open.delete(entry);
            frames.delete(id);
            act(time);
        });
        frames.set(id, entry);
        return id;
    };
    globalThis.cancelAnimationFrame = (id) => {
        open.delete(frames.get(id) ?? {});
        cancelAnimationFrame(id);
    };
    /** @type {Map<number, object>} */
    const timers = new Map();
    const count_timer = (/** @type {any} */ act, /** @type {number} */ ms = 0, /** @type {any[]} */ ...args) => {
        if (ms > 1_000 && "are_long_timers_stopped" in globalThis) return 0;
        if (ms > 1_000 || typeof act !== "function") return setTimeout(act, ms, ...args);
        const entry = begin(`timer of ${ms} ms`);
        const id = Number(setTimeout(() => {
            open.delete(entry);
            timers.delete(id);
            act(...args);
        }, ms));
        timers.set(id, entry);
        return id;
    };
    Object.assign(globalThis, {
        setTimeout: count_timer,
        clearTimeout: (/** @type {number} */ id) => {
            open.delete(timers.get(id) ?? {});
            clearTimeout(id);
        },
    });

    /** What the platform does meanwhile and answers with a promise. @param {any} owner @param {string} name */
    const count_promises = (owner, name) => {
        const begun = owner?.[name];
        if (typeof begun !== "function") return;
        owner[name] = function (/** @type {any[]} */ ...args) {
            const entry = begin(name);
            const promise = begun.apply(this, args);
            const end = () => void open.delete(entry);
            promise.then(end, end);
            return promise;
        };
    };
    count_promises(globalThis, "fetch");
    for (const name of ["compile", "compileStreaming"]) count_promises(WebAssembly, name);
    for (const name of ["arrayBuffer", "text"]) count_promises(Blob.prototype, name);
    for (const name of ["arrayBuffer", "text", "json", "blob"]) count_promises(Response.prototype, name);

    const until_idle = async () => {
        for (let seen = -1, n_quiet = 0; n_quiet < 2; ) {
            await new Promise((turn) => requestAnimationFrame(() => setTimeout(turn)));
            n_quiet = open.size > 0 ? 0 : seen === n_begun ? n_quiet + 1 : 1;
            seen = n_begun;
        }
    };
    Object.assign(globalThis, { calls_to_workers, page_activity: { open: () => [...open.values()], until_idle, hold_calls, let_calls_go, n_held: () => held.length } });
}

/** Before the page is fetched: what would go by itself after a while stays, however long it is looked at. @param {Page} page */
export const stopLongTimers = (page) => page.addInitScript(() => void Object.assign(globalThis, { are_long_timers_stopped: true }));

/** How often the page has asked a worker for `name` ("tag" runs the model). @param {Page} page @param {string} name */
export const n_calls = (page, name) => page.evaluate((name) => /** @type {Observed & typeof globalThis} */ (globalThis).calls_to_workers[name] ?? 0, name);

/** What the page is still busy with. @param {Page} page @returns {Promise<string[]>} */
export async function open_activity(page) {
    const within = await page.evaluate(() => /** @type {Partial<Observed>} */ (globalThis).page_activity?.open() ?? []);
    return [...within, ...Array.from(fetching.get(page) ?? [], (url) => `script on its way: ${url}`)];
}

/** Until everything the page was asked to do is done and drawn. @param {Page} page @param {{patience_ms?: number}} [options] */
export async function waitForIdle(page, { patience_ms = PATIENCE_MS } = {}) {
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    const given_up = new Promise((_, reject) => {
        timer = setTimeout(async () => {
            const open = await open_activity(page).catch(() => ["a page that does not answer"]);
            reject(new Error(`The page was not idle within ${patience_ms / 1000} s. Open: ${open.join("; ")}`));
        }, patience_ms);
    });
    const n_fetching = () => fetching.get(page)?.size ?? 0;
    const idle = async () => {
        let n_before;
        do {
            n_before = n_fetching();
            await page.evaluate(() => /** @type {Observed & typeof globalThis} */ (globalThis).page_activity.until_idle());
        } while (n_before > 0 || n_fetching() > 0);
    };
    try {
        await Promise.race([idle(), given_up]);
    } finally {
        clearTimeout(timer);
    }
}

/** Until what changes its look by and by has changed it: colours of another scheme, a panel that slides in. @param {Page} page */
export async function waitForTransitions(page) {
    await waitForIdle(page);
    await page.evaluate(async () => {
        const is_ending = (/** @type {Animation} */ { playState, effect }) =>
            playState === "running" && Number.isFinite(effect?.getComputedTiming().endTime ?? 0);
        for (;;) {
            const moving = document.getAnimations().filter(is_ending);
            if (moving.length === 0) return;
            await Promise.allSettled(moving.map(({ finished }) => finished));
        }
    });
}

/**
 * Keeps every call of that name from its worker, but for the next `n_free`: so a batch, or a test, stands still at a known point. Waits
 * until the first is held.
 * @param {Page} page @param {string} name @param {number} n_free @param {() => unknown} act what makes the calls
 */
export async function holdCalls(page, name, n_free, act) {
    await page.evaluate(([name, n_free]) => /** @type {Observed & typeof globalThis} */ (globalThis).page_activity.hold_calls(name, n_free), /** @type {const} */ ([name, n_free]));
    await act();
    await page.waitForFunction(() => /** @type {Observed & typeof globalThis} */ (globalThis).page_activity.n_held() > 0);
    await waitForIdle(page);
}

/** Lets them go on their way. @param {Page} page */
export const letCallsGo = (page) => page.evaluate(() => /** @type {Observed & typeof globalThis} */ (globalThis).page_activity.let_calls_go());
