/**
 * Serves what the benches load side by side: our built page, its sources, the peer, pictures. Isolated from other origins, so that
 * the browser's clock ticks every 5 microseconds. What is measured as a page is served by www/tools/serve.mjs instead.
 */
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, sep } from "node:path";
import { BenchError, ROOT } from "./built.mjs";

const ORT = join(ROOT, "www/node_modules/onnxruntime-web/dist");
const TYPES = /** @type {Record<string, string>} */ ({
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".wasm": "application/wasm",
    ".jpg": "image/jpeg",
});
const HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cache-Control": "no-cache",
};

/** @param {string} page folder of the built page @param {Record<string, string>} [more] further places: prefix → folder @param {number} [port] 0 for any */
export async function serveSideBySide(page, more = {}, port = 0) {
    if (!existsSync(ORT))
        throw new BenchError("onnxruntime-web is not installed. Install it first: npm --prefix www ci");
    const places = Object.entries({
        "/page/": page,
        "/ort/": ORT,
        "/core/": join(ROOT, "www/core"),
        "/benches/": join(ROOT, "benches"),
        "/cases/": join(ROOT, "tests/cases"),
        ...more,
    });
    const server = createServer((request, response) => {
        const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
        const place = places.find(([prefix]) => path.startsWith(prefix));
        const file = place && join(place[1], path.slice(place[0].length));
        if (!file?.startsWith(place[1] + sep) || !statSync(file, { throwIfNoEntry: false })?.isFile()) {
            return void response.writeHead(404).end();
        }
        response.writeHead(200, { ...HEADERS, "Content-Type": TYPES[extname(file)] ?? "application/octet-stream" });
        createReadStream(file).pipe(response);
    });
    await new Promise((listening, failed) => {
        server.once("error", failed);
        server.listen(port, "127.0.0.1", () => listening(null));
    });
    const { port: given } = /** @type {import("node:net").AddressInfo} */ (server.address());
    const close = () => {
        server.close();
        server.closeAllConnections();
    };
    return { url: `http://127.0.0.1:${given}/`, close };
}
