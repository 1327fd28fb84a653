/**
 * A host for tests of what happens between visits: it can be given another build at the same address, fail at a file, go down and
 * come back, and it remembers what was asked for. What it sends is what serve.mjs sends.
 */
import { createServer, request as ask } from "node:http";
import { serve } from "../../www/tools/serve.mjs";

/** @typedef {Awaited<ReturnType<typeof start_host>>} Host */

/** @param {string} dir */
export async function start_host(dir) {
    let behind = await serve({ dir, port: 0 });
    let port = 0;
    /** @type {RegExp | null} */
    let failing = null;
    let may_cache = true;
    /** @type {string[]} */
    let asked = [];
    /** @type {(() => void)[]} */
    const waiting = [];
    const server = createServer((request, response) => {
        const path = request.url ?? "/";
        asked.push(path);
        for (const look of waiting.splice(0)) look();
        if (failing?.test(path)) return void response.writeHead(500).end();
        const { method, headers } = request;
        ask({ port: behind.port, host: "127.0.0.1", path, method, headers }, (answer) => {
            response.writeHead(answer.statusCode ?? 500, may_cache ? answer.headers : { ...answer.headers, "cache-control": "no-store" });
            answer.pipe(response);
        })
            .on("error", () => response.destroy())
            .end();
    });
    const come_back = async () => {
        await new Promise((listening) => server.listen(port, "127.0.0.1", () => listening(null)));
        port = /** @type {import("node:net").AddressInfo} */ (server.address()).port;
    };
    const go_down = () => {
        const closed = new Promise((closed) => server.close(closed));
        server.closeAllConnections();
        return closed;
    };
    await come_back();
    return {
        url: `http://127.0.0.1:${port}/`,
        come_back,
        go_down,
        /** Another build at the same address. @param {string} dir */
        async deploy(dir) {
            await behind.close();
            behind = await serve({ dir, port: 0 });
        },
        /** Every file whose path fits is answered with 500; null mends it. @param {RegExp | null} paths */
        fail_at(paths) {
            failing = paths;
        },
        /** Whether browsers may keep what they get. @param {boolean} may */
        allow_caching(may) {
            may_cache = may;
        },
        /** The names asked for since the last time. */
        take_asked() {
            const names = asked.map((path) => path.slice(1));
            asked = [];
            return names;
        },
        /** Until a file has been asked for since the last time. @param {string} name */
        async wait_for(name) {
            while (!asked.includes(`/${name}`)) await new Promise((resolve) => void waiting.push(() => resolve(null)));
        },
        async close() {
            if (server.listening) await go_down();
            await behind.close();
        },
    };
}
