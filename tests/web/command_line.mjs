/** The command line of this very source, for what other shells are held against. `TAGSMITH_CLI` names another one. */
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { ROOT } from "./root.mjs";

/** @typedef {{id: string, confidence: number, score?: number}[]} Tags */
/**
 * `candidates`: with `--candidates`.
 * @typedef {{
 *   path: string, sha256: string, width: number, height: number, format: string, model: {id: string, version: string}, pipeline: number,
 *   tags: Tags, candidates?: Tags }} Report
 */

/** What is compiled into it. */
const SOURCES = ["src", "cli/src", "models/efficientnet-lite0", "models/blazeface-short", "models/nanodet-g"];
/** What it has said of pictures: several files ask for the same. */
const ANSWERS = join(ROOT, "target/test-answers");
/** Answers of other builds are kept as long as somebody may be testing them. */
const KEPT_MS = 3_600_000;

/** Looked for once. @type {string | undefined} */
let found;
const commandLine = () => (found ??= process.env["TAGSMITH_CLI"] || builtHere());

/** Built if it is missing or older. */
function builtHere() {
    const program = join(ROOT, "target/debug", process.platform === "win32" ? "tagsmith.exe" : "tagsmith");
    const sources = SOURCES.flatMap((folder) =>
        readdirSync(join(ROOT, folder), { recursive: true })
            .filter((name) => !/LICENSE|\.(md|svg)$/.test(String(name)))
            .map((name) => statSync(join(ROOT, folder, String(name))).mtimeMs),
    );
    if (!existsSync(program) || statSync(program).mtimeMs < Math.max(...sources)) {
        console.log("building the command line");
        execFileSync("cargo", ["build", "--quiet", "--workspace", "--bin", "tagsmith"], {
            cwd: ROOT,
            stdio: "inherit",
        });
    }
    return program;
}

/** What it writes to standard output. @param {...string} args */
export const run = (...args) => execFileSync(commandLine(), args, { maxBuffer: 1 << 26 });

/**
 * A run that goes on while something else answers it. `ended` has what it wrote, and its exit code.
 * @param {string[]} args @param {Record<string, string>} [env] what it finds in its environment besides
 */
export function start(args, env = {}) {
    const child = spawn(commandLine(), args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    const said = { stdout: "", stderr: "" };
    for (const name of /** @type {const} */ (["stdout", "stderr"]))
        child[name].setEncoding("utf8").on("data", (text) => void (said[name] += text));
    /** @type {Promise<{code: number | null, stdout: string, stderr: string}>} */
    const ended = new Promise((resolve, reject) => {
        child.on("error", reject).on("close", (code) => resolve({ code, ...said }));
    });
    return { child, said, ended };
}

/** A folder for what this very program says on this machine, made once. @type {string | undefined} */
let answers;
function folderOfAnswers() {
    if (answers) return answers;
    const hash = createHash("sha256").update(readFileSync(commandLine())).update(String(cpus()[0]?.model));
    answers = join(ANSWERS, hash.digest("hex").slice(0, 16));
    mkdirSync(answers, { recursive: true });
    for (const name of readdirSync(ANSWERS)) {
        const path = join(ANSWERS, name);
        const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity);
        if (path !== answers && age > KEPT_MS) rmSync(path, { recursive: true, force: true });
    }
    return answers;
}

/** Where lies what it says of a picture under these options. @param {string} path @param {string[]} options */
function answerOf(path, options) {
    const hash = createHash("sha256")
        .update(JSON.stringify([path, options]))
        .update(readFileSync(path));
    return join(folderOfAnswers(), `${hash.digest("hex")}.json`);
}

/**
 * What it says of pictures that it can read; each is asked for once, by whichever file comes first.
 * @param {string[]} paths @param {string[]} options that name no file @returns {Promise<Report[]>}
 */
export async function reportsOf(paths, ...options) {
    const unknown = paths.filter((path) => !existsSync(answerOf(path, options)));
    if (unknown.length > 0) {
        const { code, stdout, stderr } = await start(["tag", "--format", "jsonl", ...options, ...unknown]).ended;
        if (code !== 0) throw new Error(`The command line ended with ${code}: ${stderr}`);
        const lines = stdout.trimEnd().split("\n");
        if (lines.length !== unknown.length) throw new Error(`${lines.length} reports of ${unknown.length} pictures`);
        unknown.forEach((path, idx) => {
            const answer = answerOf(path, options);
            writeFileSync(`${answer}.${process.pid}`, String(lines[idx]));
            renameSync(`${answer}.${process.pid}`, answer); // others may be reading it
        });
    }
    return paths.map((path) => JSON.parse(readFileSync(answerOf(path, options), "utf8")));
}
