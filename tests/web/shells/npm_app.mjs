/**
 * The npm package as its users have it: packed, installed from that archive into a fresh folder, beside its examples, which are built there.
 */
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { existsSync, statSync } from "node:fs";
import { cp, mkdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { buildNpm } from "../../../www/tools/build_npm.mjs";
import { ROOT, fromWww } from "../harness.mjs";

const run = promisify(execFile);
const NPM = process.platform === "win32" ? "npm.cmd" : "npm";
const BUNDLERS = join(ROOT, "tests/web/shells/bundlers");
const PACKAGE = join(ROOT, "target/test-npm");
/** Without any node_modules above it. */
export const APP = join(ROOT, "target/test-npm-app");

/** @param {string} folder @param {string[]} args */
const npm = (folder, ...args) =>
    run(NPM, [...args, "--silent", "--no-audit", "--no-fund"], { cwd: folder, shell: process.platform === "win32" });

/** Builds, packs and installs it. */
export async function installPackage() {
    const names = await buildNpm({
        engine: join(ROOT, "target/engine"),
        models: join(ROOT, "models"),
        out: PACKAGE,
        minify: true,
    });
    await rm(APP, { recursive: true, force: true });
    await mkdir(APP, { recursive: true });
    const { stdout } = await npm(PACKAGE, "pack", "--pack-destination", APP);
    await cp(join(ROOT, "www/shells/npm/examples"), APP, { recursive: true });
    await npm(APP, "install", "--offline", "--no-package-lock", `./${stdout.trim()}`);
    return names;
}

/** As `npm run build` of each example does. */
export async function buildExamples() {
    await installBundlers();
    const fromBundlers = createRequire(join(BUNDLERS, "package.json"));
    const { build } = await import(pathToFileURL(join(BUNDLERS, "node_modules/vite/dist/node/index.js")).href);
    const webpack = fromBundlers("webpack");
    const folder = join(APP, "webpack");
    const { default: config } = await import(pathToFileURL(join(folder, "webpack.config.js")).href);
    const root = join(APP, "vite");
    await Promise.all([
        build({ root, configFile: join(root, "vite.config.js"), logLevel: "error" }),
        new Promise((resolve, reject) =>
            webpack(config, (/** @type {any} */ error, /** @type {any} */ stats) =>
                error || stats.hasErrors() ? reject(error ?? new Error(stats.toString())) : resolve(null),
            ),
        ),
    ]);
}

/** Unless they are there. */
async function installBundlers() {
    const [wanted, there] = ["package-lock.json", "node_modules/.package-lock.json"].map((name) =>
        join(BUNDLERS, name),
    );
    const isThere = existsSync(String(there)) && statSync(String(there)).mtimeMs >= statSync(String(wanted)).mtimeMs;
    if (!isThere) await npm(BUNDLERS, "ci");
}

/** A static host that does nothing but send files. */
export async function serveApp() {
    const sirv = fromWww("sirv");
    const server = createServer(sirv(APP, { dev: true }));
    await new Promise((listening) => server.listen(0, "127.0.0.1", () => listening(null)));
    const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
    const close = async () => {
        server.closeAllConnections();
        await new Promise((closed) => server.close(closed));
    };
    return { url: `http://127.0.0.1:${port}/`, close };
}

/** What node says of pictures with the example. @param {string[]} paths @returns {Promise<any[]>} */
export async function taggedByNode(paths) {
    const { stdout } = await run(process.execPath, ["tag.mjs", ...paths], {
        cwd: join(APP, "node"),
        maxBuffer: 1 << 26,
    });
    return stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
}

/** What a program of this folder writes. @param {string} program */
export async function ranInNode(program) {
    const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", program], {
        cwd: join(APP, "node"),
    });
    return stdout;
}
