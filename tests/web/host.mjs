/**
 * A host for tests of what happens between visits: it can be given another build at the same address, alter or fail at a file, go down
 * and come back, and it remembers what was asked for. What it sends is what serve.mjs sends.
 */
import { createServer, request as ask } from "node:http";
import { serve } from "../../www/tools/serve.mjs";

/** @typedef {Awaited<ReturnType<typeof startHost>>} Host */

/** @param {string} dir */
export async function startHost(dir) {
    let behind = await serve({ dir, port: 0 });
    let port = 0;
    /** @type {RegExp | null} */
    let failing = null;
    /** @type {{paths: RegExp, change: (text: string) => string} | null} */
    let altering = null;
    let mayCache = true;
    /** @type {{paths: RegExp, isHeld: boolean, waiting: (() => void)[]} | null} */
    let holding = null;
    /** @type {string[]} */
    let asked = [];
    /** @type {(() => void)[]} */
    const waiting = [];
    const server = createServer(async (request, response) => {
        const path = request.url ?? "/";
        asked.push(path);
        for (const look of waiting.splice(0)) look();
        const held = holding?.paths.test(path) ? holding : null;
        if (held?.isHeld) await new Promise((letGo) => void held.waiting.push(() => letGo(null)));
        if (failing?.test(path)) return void response.writeHead(500).end();
        const change = altering?.paths.test(path) ? altering.change : null;
        // What is altered comes as it is, not compressed.
        const headers = { ...request.headers, ...(change ? { "accept-encoding": "identity" } : {}) };
        ask({ port: behind.port, host: "127.0.0.1", path, method: request.method, headers }, async (answer) => {
            /** @type {import("node:http").OutgoingHttpHeaders} */
            const all = mayCache && !held ? answer.headers : { ...answer.headers, "cache-control": "no-store" };
            if (!change) {
                response.writeHead(answer.statusCode ?? 500, all);
                return void answer.pipe(response);
            }
            const body = change((await answer.setEncoding("utf8").toArray()).join(""));
            response.writeHead(answer.statusCode ?? 500, { ...all, "content-length": Buffer.byteLength(body) });
            response.end(body);
        })
            .on("error", () => response.destroy())
            .end();
    });
    const comeBack = async () => {
        await new Promise((listening) => server.listen(port, "127.0.0.1", () => listening(null)));
        port = /** @type {import("node:net").AddressInfo} */ (server.address()).port;
    };
    const goDown = () => {
        const closed = new Promise((closed) => server.close(closed));
        server.closeAllConnections();
        return closed;
    };
    await comeBack();
    return {
        url: `http://127.0.0.1:${port}/`,
        comeBack,
        goDown,
        /** Another build at the same address. @param {string} dir */
        async deploy(dir) {
            await behind.close();
            behind = await serve({ dir, port: 0 });
        },
        /** Every file whose path fits is answered with 500; null mends it. @param {RegExp | null} paths */
        failAt(paths) {
            failing = paths;
        },
        /** Every file whose path fits is sent as `change` has it. @param {RegExp} paths @param {(text: string) => string} change */
        alter(paths, change) {
            altering = { paths, change };
        },
        /** Whether browsers may keep what they get. @param {boolean} may */
        allowCaching(may) {
            mayCache = may;
        },
        /**
         * What every file whose path fits is told to wait with, when it is asked to `hold` it; browsers never keep such a file, so that they ask
         * for it each time.
         * @param {RegExp} paths
         */
        canHold(paths) {
            /** @type {typeof holding & {}} */
            const held = { paths, isHeld: false, waiting: [] };
            holding = held;
            return {
                hold() {
                    held.isHeld = true;
                },
                letGo() {
                    held.isHeld = false;
                    for (const go of held.waiting.splice(0)) go();
                },
            };
        },
        /** The names asked for since the last time. */
        takeAsked() {
            const names = asked.map((path) => path.slice(1));
            asked = [];
            return names;
        },
        /** Until a file has been asked for since the last time. @param {string} name */
        async waitFor(name) {
            while (!asked.includes(`/${name}`)) await new Promise((resolve) => void waiting.push(() => resolve(null)));
        },
        async close() {
            if (server.listening) await goDown();
            await behind.close();
        },
    };
}
