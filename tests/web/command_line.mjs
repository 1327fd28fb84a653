/** The command line of this very source, for what other shells are held against. `TAGSMITH_CLI` names another one. */
import { execFileSync } from "node:child_process";
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
        execFileSync("cargo", ["build", "--quiet", "--bin", "tagsmith"], { cwd: ROOT, stdio: "inherit" });
    }
    return program;
}

/** What it writes to standard output. @param {...string} args */
export const run = (...args) => execFileSync(commandLine(), args, { maxBuffer: 1 << 26 });

/** What it says of pictures. @param {string[]} paths @param {string[]} options @returns {{sha256: string, tags: Tags, candidates: Tags}[]} */
export function reportsOf(paths, ...options) {
    return run("tag", "--format", "jsonl", ...options, ...paths)
        .toString("utf8")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
}
