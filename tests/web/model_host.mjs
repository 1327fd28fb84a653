/**
 * Hosts of models for tests, with real bytes: a page built with a catalog of its own, a host that the catalog names and that can be told
 * to misbehave, and one that lets no other page fetch from it.
 */
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "../../www/tools/serve.mjs";
import { paintedModel, writePaintedModels } from "./painted.mjs";
import { buildPainted } from "./painted_page.mjs";
import { ROOT } from "./root.mjs";

/** Large enough that a download can be watched. */
const LARGE = 2_400_000;
const FIXTURES = join(ROOT, "tests/fixtures/models");

/** @typedef {"whole" | "half" | "cut" | "short" | "long" | "altered" | "missing"} Manner half: and then nothing more, until `goOn` */
/** @typedef {{card: any, model: Buffer, vocabulary: string}} TestModel */

/** The painted network in another file. @param {string} name @param {number} [bytes] added to it, which change nothing of what it does @returns {TestModel} */
export const likePainted = (name, bytes = 0) => paintedModel({ id: name, name, note: name.padEnd(bytes, " ") });

/** One of tests/fixtures/models: ten classes, nothing known. @param {string} name @returns {TestModel} */
export function fixture(name) {
    const file = (/** @type {string} */ part) => readFileSync(join(FIXTURES, name, part));
    return {
        card: JSON.parse(String(file("model.json"))),
        model: file("model.onnx"),
        vocabulary: String(file("vocabulary.json")),
    };
}

/** A host that lies elsewhere: another port is another origin. @param {Record<string, Buffer | string>} files @param {{allowsOthers: boolean}} options */
async function startModelHost(files, { allowsOthers }) {
    /** @type {Manner} */
    let manner = "whole";
    /** @type {(() => void)[]} */
    let waiting = [];
    /** @type {import("node:http").IncomingMessage[]} */
    const asked = [];
    const server = createServer((request, response) => {
        asked.push(request);
        const file = files[(request.url ?? "").slice(1)];
        const headers = {
            "Content-Type": "application/octet-stream",
            ...(allowsOthers ? { "Access-Control-Allow-Origin": "*" } : {}),
        };
        if (file === undefined || manner === "missing") return void response.writeHead(404, headers).end("no");
        const content = Buffer.from(file);
        const half = content.subarray(0, content.length >> 1);
        if (manner === "altered") content.writeUInt8(content.readUInt8(half.length) ^ 1, half.length);
        if (manner === "short") return void response.writeHead(200, headers).end(half); // without a length: it looks complete
        if (manner === "long") return void response.writeHead(200, headers).end(Buffer.concat([content, content]));
        response.writeHead(200, { ...headers, "Content-Length": content.length });
        if (manner === "half") {
            waiting.push(() => response.end(content.subarray(half.length)));
            return void response.write(half);
        }
        if (manner === "cut") return void response.write(half, () => setTimeout(() => response.destroy(), 50));
        response.end(content);
    });
    await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(null)));
    const origin = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
    return {
        origin,
        /** Every request so far. */
        asked,
        /** How the next requests are answered. @param {Manner} next */
        behave(next) {
            manner = next;
        },
        /** The other halves. */
        goOn() {
            for (const rest of waiting) rest();
            waiting = [];
        },
        close() {
            server.closeAllConnections();
            return new Promise((closed) => server.close(closed));
        },
    };
}

/** @typedef {Awaited<ReturnType<typeof startModelSite>>} ModelSite */

/** A page with a catalog whose models lie on these hosts. @param {Record<string, string>} [headers] in place of the server's own */
export async function startModelSite(headers = {}) {
    const root = await mkdtemp(join(tmpdir(), "tagsmith-models-"));
    const models = {
        elsewhere: likePainted("elsewhere", LARGE),
        here: likePainted("here"),
        closed: likePainted("closed", LARGE),
        small: fixture("float32"),
        unfit: fixture("unsupported_custom_operator"),
    };
    const files = Object.fromEntries(Object.entries(models).map(([id, { model }]) => [`${id}.onnx`, model]));
    const host = await startModelHost(
        { ...files, "small.json": models.small.vocabulary, "unfit.json": models.unfit.vocabulary },
        { allowsOthers: true },
    );
    const closed = await startModelHost(files, { allowsOthers: false });
    /** @type {Record<keyof typeof models, {url: string, vocabulary?: string}>} */
    const places = {
        elsewhere: { url: `${host.origin}/elsewhere.onnx` },
        here: { url: "more-models/here.onnx" },
        closed: { url: `${closed.origin}/closed.onnx` },
        small: { url: `${host.origin}/small.onnx`, vocabulary: `${host.origin}/small.json` },
        unfit: { url: `${host.origin}/unfit.onnx`, vocabulary: `${host.origin}/unfit.json` },
    };
    const entries = Object.entries(places).map(([id, place]) => {
        const { card } = models[/** @type {keyof typeof models} */ (id)];
        const { bytes, sha256 } = card.model;
        return {
            id,
            name: `Model ${id}`,
            ...place,
            bytes,
            sha256,
            licence: card.licence,
            top1: 0.7,
            is_verified: false,
            card,
        };
    });
    await writePaintedModels(join(root, "models"));
    await writeFile(join(root, "models/catalog.json"), JSON.stringify({ version: 1, models: entries }));
    const dir = join(root, "page");
    await buildPainted({ models: join(root, "models"), out: dir, hash: true, minify: true });
    await mkdir(join(dir, "more-models"));
    await writeFile(join(dir, "more-models/here.onnx"), models.here.model);
    const server = await serve({ dir, port: 0, headers });
    return {
        url: server.url,
        models,
        host,
        closed,
        async close() {
            await Promise.all([server.close(), host.close(), closed.close()]);
            await rm(root, { recursive: true });
        },
    };
}
