/** The files of a built page that only some people use, as its service worker knows them. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** @param {string} dir of the page @returns {Promise<string[]>} */
export async function onDemandFiles(dir) {
    const script = await readFile(join(dir, "sw.js"), "utf8");
    return [...script.matchAll(/name: ?"([^"]+)",\s*sha256: ?"\w+",[^}]*isOnDemand/g)].map(([, name = ""]) => name);
}
