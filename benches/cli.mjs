/**
 * The command line and its service, as they are released: two threads beside one, the service beside the command line, and LiteRT's Python
 * package beside both. Times are those of whole processes less the start, which has a row of its own.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { BenchError, ROOT, readGoldenPictures } from "./lib/built.mjs";
import { atLeast, figure } from "./lib/figures.mjs";
import { interleave, median } from "./lib/interleave.js";

const SHARED = join(ROOT, "../shared");
const PEER = join(SHARED, "peers/make_tflite.py");
/** Each golden picture so many times. */
const COPIES = 8;
/** Of ImageNet's pictures every so manieth. */
const STEP = 4;
const CONNECTIONS = 8;

/** @typedef {{path: string, content: Buffer}} File */

/** @param {import("./run.mjs").Wanted} wanted */
export async function measure({ isQuick }) {
    const rounds = { warmUp: 1, rounds: isQuick ? 1 : 5 };
    const tagsmith = await build();
    const dir = await mkdtemp(join(tmpdir(), "tagsmith-bench-"));
    try {
        const files = await goldenCopies(dir, isQuick ? 1 : COPIES);
        const service = await serve(tagsmith);
        try {
            return [
                ...(await besideEachOther({ tagsmith, service, files, rounds })),
                ...(await peers(tagsmith, dir, rounds)),
            ];
        } finally {
            await service.close();
        }
    } finally {
        await rm(dir, { recursive: true, force: true });
    }
}

/** The path of the program. */
async function build() {
    const args = ["build", "--release", "--bin", "tagsmith", "--message-format", "json-render-diagnostics"];
    const { stdout } = await promisify(execFile)("cargo", args, { cwd: ROOT, maxBuffer: 1 << 28 }).catch((error) => {
        throw new BenchError(`cargo ${args.join(" ")} failed: ${error.stderr ?? error.message}`);
    });
    const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
    const found = lines.map((line) => JSON.parse(line).executable).findLast((path) => path);
    if (!found) throw new BenchError("cargo built no program.");
    return /** @type {string} */ (found);
}

/** @param {string} dir @param {number} copies @returns {Promise<File[]>} */
async function goldenCopies(dir, copies) {
    const golden = await readGoldenPictures();
    /** @type {File[]} */
    const files = [];
    for (let copy = 0; copy < copies; copy++)
        for (const { name, content } of golden) {
            const path = join(dir, `${copy}-${name}`);
            await writeFile(path, content);
            files.push({ path, content });
        }
    return files;
}

/** @param {{tagsmith: string, service: Service, files: File[], rounds: {warmUp: number, rounds: number}}} sides */
async function besideEachOther({ tagsmith, service, files, rounds }) {
    const paths = files.map(({ path }) => path);
    const smallest = files.reduce((a, b) => (a.content.length <= b.content.length ? a : b));
    const times = await interleave(
        {
            start: () => tag(tagsmith, [smallest.path], 1),
            one: () => tag(tagsmith, paths, 1),
            two: () => tag(tagsmith, paths, 2),
            service: () => service.tag(files),
            listening: async () => {
                const begun = performance.now();
                const other = await serve(tagsmith);
                const ms = performance.now() - begun;
                await other.close();
                return ms;
            },
        },
        rounds,
    );
    const start = median(times.start);
    const [one, two] = [median(times.one) - start, median(times.two) - start];
    const perSecond = (/** @type {number} */ ms) => (1000 * files.length) / ms;
    const { size } = await stat(tagsmith);
    return [
        figure("tag, 1 thread", perSecond(one), "pictures/s"),
        figure("tag, 2 threads", perSecond(two), "pictures/s"),
        atLeast("2 threads / 1 thread", one / two, "x", 1.8),
        figure("serve, 2 threads", perSecond(median(times.service)), "pictures/s"),
        atLeast("serve / tag, 2 threads each", two / median(times.service), "x", 0.9),
        figure("start: tag of one small picture, from nothing to its end", start, "ms"),
        figure("start: serve, from nothing to listening", median(times.listening), "ms"),
        figure("size of the program", size / 1e6, "MB"),
    ];
}

/** From the program's start to its end. @param {string} tagsmith @param {string[]} paths @param {number} threads @param {string[]} [more] */
async function tag(tagsmith, paths, threads, more = []) {
    const begun = performance.now();
    const child = spawn(tagsmith, ["tag", ...paths, "--threads", String(threads), ...more], {
        stdio: ["ignore", "ignore", "ignore"],
    });
    const [code] = await once(child, "exit");
    if (code !== 0) throw new BenchError(`tagsmith tag ended with ${code}.`);
    return performance.now() - begun;
}

/** @typedef {Awaited<ReturnType<typeof serve>>} Service */

/** @param {string} tagsmith */
async function serve(tagsmith) {
    const child = spawn(tagsmith, ["serve", "--listen", "127.0.0.1:0", "--threads", "2"], {
        stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(createInterface(child.stdout), "line");
    const port = Number(/:(\d+)$/.exec(line)?.[1]);
    const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
    /** @param {Buffer} content */
    const ask = (content) =>
        new Promise((answered, failed) => {
            const asked = request({ port, host: "127.0.0.1", path: "/v1/tag", method: "POST", agent }, (answer) => {
                answer.resume().on("end", () => {
                    if (answer.statusCode === 200) answered(null);
                    else failed(new BenchError(`tagsmith serve answered ${answer.statusCode}.`));
                });
            });
            asked.on("error", failed).end(content);
        });
    return {
        /** From the first picture sent to the last answer. @param {File[]} files */
        async tag(files) {
            const begun = performance.now();
            await Promise.all(files.map(({ content }) => ask(content)));
            return performance.now() - begun;
        },
        async close() {
            agent.destroy();
            child.kill();
            await once(child, "exit");
        },
    };
}

/** LiteRT on the same pictures, where both are beside the repository. @param {string} tagsmith @param {string} dir @param {{warmUp: number, rounds: number}} rounds */
async function peers(tagsmith, dir, rounds) {
    if (!existsSync(PEER)) {
        console.log(`Not measured beside LiteRT: ${PEER} is not there.`);
        return [];
    }
    const run = promisify(execFile);
    await run("python3", ["models/tools/environment.py", "benches/cli"], { cwd: ROOT });
    const python = join(ROOT, "benches/cli/.venv/bin/python");
    const made = join(dir, "peer");
    await mkdir(made);
    await run(python, [PEER, "models/efficientnet-lite0/model.onnx", join(SHARED, "data/imagenet"), made], {
        cwd: ROOT,
    });
    const paths = await readable(tagsmith, await dataPictures());
    const litert = await startLitert(python, join(made, "lite0_int8.tflite"), paths);
    try {
        const both = paths.filter((path) => !litert.unread.includes(path));
        const times = await interleave(
            {
                start: () => tag(tagsmith, both.slice(0, 1), 1, ["--no-objects"]),
                first: () => tag(tagsmith, both, 1, ["--no-objects"]),
                whole: () => tag(tagsmith, both, 1),
                litert: litert.tag,
            },
            { ...rounds, rounds: Math.min(rounds.rounds, 3) },
        );
        const start = median(times.start);
        const perSecond = (/** @type {number} */ ms) => (1000 * both.length) / ms;
        const [first, whole] = [median(times.first) - start, median(times.whole) - start];
        return [
            figure("pictures of ../shared/data that all sides read", both.length, ""),
            figure("LiteRT int8 and Pillow, classes only, 1 thread", perSecond(median(times.litert)), "pictures/s"),
            figure("tag --no-objects, 1 thread", perSecond(first), "pictures/s"),
            figure("tag, with the second look, 1 thread", perSecond(whole), "pictures/s"),
            figure("tag --no-objects / LiteRT", median(times.litert) / first, "x"),
        ];
    } finally {
        litert.end();
    }
}

async function dataPictures() {
    const photos = (await readdir(join(SHARED, "data/photos"))).map((name) => join(SHARED, "data/photos", name));
    const folder = join(SHARED, "data/imagenet");
    const names = (await readdir(folder, { recursive: true })).filter((name) => /\.jpe?g$/i.test(name)).sort();
    return [...photos.sort(), ...names.filter((_, idx) => idx % STEP === 0).map((name) => join(folder, name))];
}

/** Those that Tagsmith tags. @param {string} tagsmith @param {string[]} paths */
async function readable(tagsmith, paths) {
    const run = promisify(execFile);
    const { stdout } = await run(tagsmith, ["tag", "--no-objects", ...paths], { maxBuffer: 1 << 28 }).catch(
        // Some of them are broken, which is an exit code of its own.
        (error) => (error.code === 1 ? error : Promise.reject(error)),
    );
    const reports = /** @type {string} */ (stdout).trim().split("\n");
    return reports
        .map((line) => JSON.parse(line))
        .filter((report) => !report.error)
        .map((report) => report.path);
}

/** @param {string} python @param {string} network @param {string[]} paths */
async function startLitert(python, network, paths) {
    const child = spawn(python, [join(ROOT, "benches/cli/litert.py"), network], { stdio: ["pipe", "pipe", "inherit"] });
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    child.stdin.write(`${paths.join("\n")}\n\n`);
    /** @type {string[]} */
    const unread = JSON.parse((await lines.next()).value);
    return {
        unread,
        /** The ms of all pictures, as it measures them itself: without its start. */
        async tag() {
            child.stdin.write("go\n");
            return Number((await lines.next()).value);
        },
        end: () => child.stdin.end(),
    };
}
