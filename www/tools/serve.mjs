/**
 * Serves a built page as a good static host would: types, caching, compression, security headers.
 *
 *   node www/tools/serve.mjs --dir target/page --port 8080 [--host 127.0.0.1] [--open]
 *       [--watch --engine target/engine --models models]   builds the page again when something in www changes
 */
import { spawn } from "node:child_process";
import { existsSync, statSync, watch } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import sirv from "sirv";
import { isHashed } from "../platform/cache_names.js";
import { build } from "./build.mjs";
import { BuildError } from "./sources.mjs";
import { brotli, gzipAt, isCompressible } from "./compress.mjs";
import { FRAME_HEADER_CSP, FRAME_NAME, HEADERS } from "./csp.mjs";

const WWW = fileURLToPath(new URL("..", import.meta.url));

/** Types that sirv does not know, or leaves without a charset. */
const TYPES = /** @type {Record<string, string>} */ ({
    ".bin": "application/octet-stream",
    ".onnx": "application/octet-stream",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json; charset=utf-8",
});

/**
 * @param {{dir: string, port?: number, host?: string, headers?: Record<string, string>}} options
 *   port 0 takes any free one; `headers` are added to the usual ones, an empty value takes one away
 * @returns {Promise<{url: string, port: number, close: () => Promise<void>}>}
 */
export async function serve({ dir, port = 8080, host = "127.0.0.1", headers = {} }) {
    const allHeaders = Object.entries({ ...HEADERS, ...headers }).filter(([, value]) => value !== "");
    const sendFile = sirv(dir, { dev: true, etag: true, brotli: true, gzip: true });
    const sendCompressed = compressor(resolve(dir));
    const server = createServer((request, response) => {
        answer(request, response).catch((error) => {
            // An address that is none, or a file that went away while it was read: this answer fails, the server does not.
            if (!response.headersSent) response.writeHead(error instanceof TypeError ? 400 : 500);
            response.end();
        });
    });
    /** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
    async function answer(request, response) {
        for (const [name, value] of allHeaders) response.setHeader(name, value);
        const path = new URL(request.url ?? "/", "http://localhost").pathname;
        const name = path.endsWith("/") ? `${path}index.html` : path;
        if (FRAME_NAME.test(name) && response.hasHeader("Content-Security-Policy"))
            response.setHeader("Content-Security-Policy", FRAME_HEADER_CSP);
        response.setHeader("Cache-Control", isHashed(name) ? "public, max-age=31536000, immutable" : "no-cache");
        response.setHeader("Vary", "Accept-Encoding");
        const type = TYPES[name.slice(name.lastIndexOf("."))];
        if (type) response.setHeader("Content-Type", type);
        if (request.method !== "GET" && request.method !== "HEAD")
            return void response.writeHead(405, { Allow: "GET, HEAD" }).end();
        if (await sendCompressed(request, response, name)) return;
        sendFile(
            request,
            response,
            () => void response.writeHead(404, { "Content-Type": "text/plain" }).end("Not found\n"),
        );
    }
    await new Promise((listening, failed) => {
        server.once("error", failed);
        server.listen(port, host, () => listening(null));
    });
    const address = /** @type {import("node:net").AddressInfo} */ (server.address());
    const close = () =>
        new Promise((closed) => {
            server.close(() => closed(undefined));
            server.closeAllConnections();
        });
    return {
        url: `http://${host}:${address.port}/`,
        port: address.port,
        close: /** @type {() => Promise<void>} */ (close),
    };
}

/**
 * Compresses what was not compressed by the build: once per version of a file, kept in memory.
 * @param {string} dir
 */
function compressor(dir) {
    /** @type {Map<string, {etag: string, content: Promise<Uint8Array>}>} */
    const kept = new Map();
    /** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response @param {string} name */
    return async (request, response, name) => {
        const accepted = String(request.headers["accept-encoding"] ?? "");
        const encoding = /\bbr\b/.test(accepted) ? "br" : /\bgzip\b/.test(accepted) ? "gzip" : null;
        const path = join(dir, name);
        if (!encoding || !isCompressible(name) || !path.startsWith(dir + sep) || !existsSync(path)) return false;
        if (existsSync(`${path}.br`) || existsSync(`${path}.gz`) || request.headers.range) return false;
        const { size, mtimeMs } = statSync(path);
        const etag = `W/"${size}-${Math.round(mtimeMs)}-${encoding}"`;
        response.setHeader("ETag", etag);
        if (request.headers["if-none-match"] === etag) return !!response.writeHead(304).end();
        const key = `${path} ${encoding}`;
        let entry = kept.get(key);
        if (entry?.etag !== etag) {
            entry = {
                etag,
                content: readFile(path).then((content) =>
                    encoding === "br" ? brotli(content, 4) : gzipAt(content, 5),
                ),
            };
            kept.set(key, entry);
        }
        const content = await entry.content;
        const type = name.endsWith(".wasm")
            ? "application/wasm"
            : name.endsWith(".svg")
              ? "image/svg+xml"
              : "text/html; charset=utf-8";
        if (!response.hasHeader("Content-Type")) response.setHeader("Content-Type", type);
        response.writeHead(200, { "Content-Encoding": encoding, "Content-Length": content.length });
        response.end(request.method === "HEAD" ? undefined : content);
        return true;
    };
}

/** Builds the page again when a source of it changes. @param {import("./build.mjs").Wanted} wanted */
function watchSources(wanted) {
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    const rebuild = async () => {
        const start = performance.now();
        try {
            await build(wanted);
            console.log(`page rebuilt in ${Math.round(performance.now() - start)} ms; reload to see it`);
        } catch (error) {
            // esbuild has shown where; the former build stays served
            console.error(`The page could not be rebuilt: ${/** @type {Error} */ (error).message}`);
        }
    };
    watch(WWW, { recursive: true }, (_, name) => {
        if (
            !name ||
            /^(node_modules|vendor\/view\.js|tools)\b/.test(name) ||
            !/\.(js|css|html|svg|ts|webmanifest|png)$/.test(name)
        )
            return;
        clearTimeout(timer);
        timer = setTimeout(rebuild, 100); // an editor saves in several steps
    });
}

/** @param {string} url */
function openBrowser(url) {
    const command = { darwin: "open", win32: "explorer" }[/** @type {string} */ (process.platform)] ?? "xdg-open";
    spawn(command, [url], { stdio: "ignore", detached: true })
        .on("error", () => console.log(`Open ${url} in a browser.`))
        .unref();
}

/** @param {string[]} args */
async function run(args) {
    const { values } = parseArgs({
        args,
        options: {
            dir: { type: "string", default: "target/page" },
            port: { type: "string", default: "8080" },
            host: { type: "string", default: "127.0.0.1" },
            engine: { type: "string", default: "target/engine" },
            models: { type: "string", default: "models" },
            watch: { type: "boolean", default: false },
            open: { type: "boolean", default: false },
        },
    });
    const { dir, host, engine, models } = values;
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65535)
        throw new BuildError(`"${values.port}" is not a port. Use --port with a number up to 65535.`);
    const wanted = { engine, models, out: dir };
    if (values.watch) await build(wanted);
    if (!existsSync(join(dir, "index.html")))
        throw new BuildError(`There is no page in ${dir}. Build it first: cargo x build`);
    const { url } = await serve({ dir, port, host });
    console.log(`Tagsmith is at ${url} (Ctrl+C ends it)`);
    if (values.watch) watchSources(wanted);
    if (values.open) openBrowser(url);
}

/** @param {NodeJS.ErrnoException & {port?: number}} error */
function explain(error) {
    if (error.code === "EADDRINUSE")
        return `Port ${error.port} is in use. Choose another: --port ${(error.port ?? 8080) + 1}`;
    if (error.code === "EACCES")
        return `Port ${error.port} needs more rights than you have. Choose one above 1023: --port 8080`;
    if (error instanceof BuildError || error.code?.startsWith("ERR_PARSE_ARGS")) return error.message;
    return error.stack ?? String(error);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
    run(process.argv.slice(2)).catch((error) => {
        console.error(explain(error));
        process.exitCode = 1;
    });
}
