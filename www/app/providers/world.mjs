/**
 * A world for a job to be tried in: a clock that only tests move, a service that bills, a log that holds what was committed, and a fate
 * that is random from a seed. What a page loses when it is closed is lost here, too.
 * @import { Ended, Ports } from "./job.js"
 * @import { ProviderFailure, Reply } from "./outcomes.js"
 *
 * `lost_before`, `lost_after`: the connection is cut, before or after it was billed. `half`: the answer is, which cannot be read.
 * @typedef {"answers" | "lost_before" | "lost_after" | "half" | "throttles" | "unavailable" | "unreached" | "one_fails" | "refuses" | "wrong_key" | "blocked"} Fate
 * @typedef {{id: number, files: number[], n_units: number, outcome: string | null, n_billed: number, n_maybe: number, fate: Fate | null}} Row
 */
import { ProviderJob } from "./job.js";

/** Numbers in [0, 1), the same for the same seed (mulberry32). @param {number} seed */
export function randomFrom(seed) {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}

/** @param {string} code @param {Partial<ProviderFailure>} [how] @returns {ProviderFailure} */
export const failure = (code, how = {}) => ({ code, detail: `It is ${code}.`, retry: "never", billed: "no", ...how });

const FAILURES = {
    lost_before: failure("provider_answer_lost", { billed: "maybe" }),
    lost_after: failure("provider_answer_lost", { billed: "maybe" }),
    half: failure("provider_answer_unreadable", { billed: "maybe" }),
    throttles: failure("provider_throttled", { retry: { after_ms: 2_000 } }),
    unavailable: failure("provider_unavailable", { retry: "backoff" }),
    unreached: failure("provider_unreachable", { retry: "backoff" }),
    refuses: failure("provider_picture_refused"),
    wrong_key: failure("provider_key_wrong"),
    blocked: failure("provider_blocked", { billed: "maybe" }),
};
const IS_LOST = new Set(["lost_before", "lost_after", "half", "blocked"]);
const IS_UNBILLED = new Set(["lost_before", "throttles", "unavailable", "unreached", "refuses", "wrong_key"]);

export class World {
    nowMs = 0;
    /** @type {{at: number, wake: () => void}[]} */
    #timers = [];
    /** @type {Map<number, Row>} */
    rows = new Map();
    /** Files that wait, or have failed. @type {Map<number, string | null>} */
    awaited = new Map();
    /** @type {Map<number, string[]>} */
    tags = new Map();
    /** What the service would put on its bill. @type {Map<number, number>} */
    billed = new Map();
    /** What was sent of a file that had its answer already. @type {number[]} */
    sentTwice = [];
    nAtOnce = 0;
    mostAtOnce = 0;
    #nextId = 1;
    #visit = 0;

    /** @param {{fate: (files: number[]) => Fate, random?: () => number, answerMs?: number, most?: number}} how `most`: pictures a request */
    constructor({ fate, random = randomFrom(1), answerMs = 300, most = 1 }) {
        Object.assign(this, { fate, random, answerMs, most });
        this.fate = fate;
        this.random = random;
        this.answerMs = answerMs;
        this.most = most;
    }

    /** @param {number} ms @returns {Promise<void>} */
    sleep(ms) {
        return new Promise((wake) => void this.#timers.push({ at: this.nowMs + Math.max(0, ms), wake }));
    }

    /** Lets time pass until nothing more happens, or until then. @param {number} [until] */
    async run(until = Number.POSITIVE_INFINITY) {
        for (;;) {
            for (let n = 0; n < 3; n++) await new Promise((resolve) => setImmediate(resolve));
            this.#timers.sort((one, other) => one.at - other.at);
            const next = this.#timers[0];
            if (!next || next.at > until) return;
            this.#timers.shift();
            this.nowMs = next.at;
            next.wake();
        }
    }

    /** The page is closed: what it was doing is never heard of again, and what was sent is in the log as lost. */
    close() {
        this.#visit++;
        this.nAtOnce = 0;
        for (const row of this.rows.values()) {
            if (row.outcome !== null) continue;
            Object.assign(row, { outcome: "lost", n_maybe: row.n_units });
            for (const file of row.files) if (this.awaited.has(file)) this.awaited.set(file, "provider_answer_lost");
        }
    }

    /** @param {Partial<Ports>} [more] @returns {Ports} those of one visit */
    ports(more = {}) {
        const visit = this.#visit;
        const still = async (/** @type {() => any} */ act) => {
            await this.sleep(1);
            return visit === this.#visit ? act() : new Promise(() => {});
        };
        return {
            prepare: (file) => still(() => ({ blob: new Blob([String(file)]), width: file, height: 1 })),
            plan: async (sizes) => {
                const lengths = [];
                for (let left = sizes.length; left > 0; left -= this.most) lengths.push(Math.min(left, this.most));
                return { batches: lengths, units: sizes.length };
            },
            begin: ({ files, n_units }) =>
                still(() => {
                    const id = this.#nextId++;
                    this.rows.set(id, { id, files, n_units, outcome: null, n_billed: 0, n_maybe: 0, fate: null });
                    return id;
                }),
            send: (pictures) => this.#send(pictures.map(({ width }) => width)).then((reply) => still(() => reply)),
            end: (id, ended) => still(() => this.#end(id, ended)),
            fail: (failures) => still(() => failures.forEach(({ file, code }) => void this.awaited.set(file, code))),
            reserve: async () => () => {},
            mayLeave: () => true,
            sleep: async (ms) => {
                await this.sleep(ms);
                if (visit !== this.#visit) await new Promise(() => {});
            },
            now: () => this.nowMs,
            random: this.random,
            onChange: () => {},
            ...more,
        };
    }

    /** @param {number[]} files @returns {Promise<Reply>} */
    async #send(files) {
        this.mostAtOnce = Math.max(this.mostAtOnce, ++this.nAtOnce);
        this.sentTwice.push(...files.filter((file) => this.tags.has(file)));
        const fate = this.fate(files);
        const row = [...this.rows.values()].findLast((one) => one.files.join() === files.join());
        if (row) row.fate = fate;
        const ofThem = fate === "one_fails" ? files.slice(1) : files;
        if (!IS_UNBILLED.has(fate)) for (const file of ofThem) this.billed.set(file, (this.billed.get(file) ?? 0) + 1);
        await this.sleep(this.answerMs);
        this.nAtOnce = Math.max(0, this.nAtOnce - 1);
        const found = { tags: [], title: null, description: null, alt_text: null, language: "en" };
        const head = { status: 200, n_bytes: 1, failure: null, n_maybe: 0 };
        if (fate === "answers" || fate === "one_fails") {
            const results = files.map((_, idx) =>
                fate === "one_fails" && idx === 0
                    ? { failure: failure("provider_unavailable", { retry: "backoff" }) }
                    : { found },
            );
            return { ...head, outcome: "answered", results, n_billed: ofThem.length };
        }
        const isLost = IS_LOST.has(fate);
        const outcome = isLost ? "lost" : fate === "unreached" ? "unreached" : "refused";
        return {
            ...head,
            outcome,
            results: null,
            failure: FAILURES[fate],
            n_billed: 0,
            n_maybe: isLost ? files.length : 0,
        };
    }

    /** @param {number} id @param {Ended} ended */
    #end(id, { results, outcome, n_billed, n_maybe }) {
        const row = this.rows.get(id);
        if (!row || row.outcome !== null) return; // asked twice, it is done once
        Object.assign(row, { outcome, n_billed, n_maybe });
        for (const result of results) {
            if ("found" in result) {
                this.awaited.delete(result.file);
                this.tags.set(result.file, []);
            } else this.awaited.set(result.file, "failure" in result ? result.failure.code : null);
        }
    }

    /** @param {(code: string | null) => boolean} isMeant @returns {number[]} those that wait with such a failure, or with none */
    files(isMeant = (code) => code === null) {
        return [...this.awaited].filter(([, code]) => isMeant(code)).map(([file]) => file);
    }

    /** A person asks again for what failed. */
    askAgain() {
        for (const file of this.awaited.keys()) this.awaited.set(file, null);
    }

    get nBilled() {
        return [...this.billed.values()].reduce((sum, n) => sum + n, 0);
    }

    /** Sums over the log. @param {"n_billed" | "n_maybe" | "n_units"} name @param {(row: Row) => boolean} [isMeant] */
    sum(name, isMeant = () => true) {
        return [...this.rows.values()].filter(isMeant).reduce((sum, row) => sum + row[name], 0);
    }
}

const upTo = (/** @type {number} */ n) => Array.from({ length: n }, (_, idx) => idx + 1);

/** A job of all that waits there. @param {World} world @param {Partial<Ports>} [ports] @param {{isBilled?: boolean, nAtOnce?: number}} [how] */
export function begin(world, ports, { isBilled = true, ...how } = {}) {
    const job = new ProviderJob(world.ports(ports), { isBilled, ...how });
    job.add(world.files());
    return job;
}

/** One fate after the other, and then all is well. @param {Fate[]} fates */
export const inTurn =
    (...fates) =>
    () =>
        fates.shift() ?? "answers";

/** @param {ConstructorParameters<typeof World>[0]} how @param {number} n */
export function worldWith(how, n) {
    const world = new World(how);
    for (const file of upTo(n)) world.awaited.set(file, null);
    return world;
}
