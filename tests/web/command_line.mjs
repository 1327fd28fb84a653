/** The command line of this very source, for what other shells are held against. `TAGSMITH_CLI` names another one. */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./harness.mjs";

/** @typedef {{id: string, confidence: number, score?: number}[]} Tags */

/** Built if it is missing or older. */
function commandLine() {
    const named = process.env["TAGSMITH_CLI"];
    if (named) return named;
    const program = join(ROOT, "target/debug", process.platform === "win32" ? "tagsmith.exe" : "tagsmith");
    const sources = readdirSync(join(ROOT, "src"), { recursive: true }).map(
        (name) => statSync(join(ROOT, "src", String(name))).mtimeMs,
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

/** What it has said, by what it was asked: the same of the same pictures. @type {Map<string, string>} */
const answers = new Map();

/** What it says of pictures. @param {string[]} paths @param {string[]} options @returns {{sha256: string, tags: Tags, candidates: Tags}[]} */
export function reportsOf(paths, ...options) {
    const args = ["tag", "--format", "jsonl", ...options, ...paths];
    const asked = args.join("\n");
    const answer = answers.get(asked) ?? run(...args).toString("utf8");
    answers.set(asked, answer);
    return answer
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
}
