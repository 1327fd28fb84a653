/** A watch over everything that must never happen while a test runs. watch.test.mjs proves that it sees it. */
import assert from "node:assert/strict";
import { createServer } from "node:http";

/** What must never happen, and what of it a test has announced. */
export class Watch {
    #own;
    /** What arrived at the proxy. */
    outside;
    /** @type {RegExp[]} */
    #expected = [];
    /** @type {RegExp[]} */
    #allowed = [];
    /** @type {(() => void)[]} */
    #waiting = [];
    /** @type {string[]} */
    errors = [];
    /** @type {string[]} addresses asked for, by the page or a worker */
    requests = [];
    /** @type {string[]} everything said in a console, and what was asked for and did not come */
    log = [];

    /** @param {string} url @param {string[]} outside what arrived at the proxy */
    constructor(url, outside) {
        this.#own = new URL(url).origin;
        this.outside = outside;
    }

    /** Errors like this belong to the test under way. Each pattern has to occur. @param {RegExp[]} patterns */
    expect(...patterns) {
        this.#expected.push(...patterns);
    }

    /** Errors like this may occur: a worker that is ended at once may or may not get to say why. @param {RegExp[]} patterns */
    allow(...patterns) {
        this.#allowed.push(...patterns);
    }

    /** Until an error like this has come. @param {RegExp} pattern */
    async waitForError(pattern) {
        while (!this.errors.some((error) => pattern.test(error)))
            await new Promise((resolve) => void this.#waiting.push(() => resolve(null)));
    }

    /** @param {string} error */
    #note(error) {
        this.errors.push(error);
        for (const wake of this.#waiting.splice(0)) wake();
    }

    /** @param {import("playwright-core").BrowserContext} context */
    follow(context) {
        context.on("request", (request) => this.requests.push(request.url()));
        context.on("requestfailed", (request) =>
            this.log.push(`not fetched: ${request.url()} (${request.failure()?.errorText})`),
        );
        context.on("console", (message) => {
            const text = `${message.text()} (${message.location().url})`;
            this.log.push(`${message.type()}: ${text}`);
            if (message.type() === "error") this.#note(text);
        });
        context.on("weberror", (error) => {
            this.log.push(`thrown: ${error.error().stack}`);
            this.#note(String(error.error().stack));
        });
    }

    /** Requests to any other origin, whatever became of them. */
    get foreign() {
        return [
            ...this.requests.filter((url) => !/^(blob|data):/.test(url) && new URL(url).origin !== this.#own),
            ...this.outside,
        ];
    }

    /** For tests that ask elsewhere on purpose. */
    forgetRequests() {
        this.requests = [];
        this.outside.length = 0;
    }

    /** Hands over what was seen, and begins anew. */
    take() {
        const { errors, foreign } = this;
        const expected = this.#expected;
        const allowed = [...expected, ...this.#allowed];
        [this.errors, this.log, this.#expected, this.#allowed] = [[], [], [], []];
        this.forgetRequests();
        return {
            /** The error that `assertClean` would throw. */
            findWrong() {
                try {
                    this.assertClean();
                    return null;
                } catch (error) {
                    return error;
                }
            },
            assertClean() {
                const unexpected = errors.filter((error) => !allowed.some((pattern) => pattern.test(error)));
                assert.deepEqual(unexpected, [], "errors in the console");
                assert.deepEqual(foreign, [], "requests to another origin");
                for (const pattern of expected)
                    assert.ok(
                        errors.some((error) => pattern.test(error)),
                        `${pattern} was announced and did not occur`,
                    );
            },
        };
    }
}

/** A proxy that lets nothing through and remembers what was asked of it. */
export async function startOutside() {
    /** @type {string[]} */
    const requests = [];
    const proxy = createServer((request, response) => {
        requests.push(`${request.url}`);
        response.writeHead(502).end();
    });
    proxy.on("connect", (request, socket) => {
        requests.push(`${request.url}`);
        // A browser that keeps its half open would keep the proxy from closing.
        socket.end("HTTP/1.1 502 Refused\r\n\r\n", () => socket.destroy());
    });
    await new Promise((listening) => proxy.listen(0, "127.0.0.1", () => listening(null)));
    const close = () => {
        proxy.closeAllConnections();
        return new Promise((closed) => proxy.close(closed));
    };
    return { requests, port: /** @type {import("node:net").AddressInfo} */ (proxy.address()).port, close };
}
