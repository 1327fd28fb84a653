/** Every shell besides the page: how large it is, and how long it takes to begin. Each is measured by a module of its own in shells/. */
const SHELLS = ["demo", "npm", "extension"];

/** @param {import("./run.mjs").Wanted} wanted */
export async function measure(wanted) {
    /** @type {import("./lib/figures.mjs").Row[]} */
    const rows = [];
    for (const name of SHELLS) {
        const shell = await import(`./shells/${name}.mjs`);
        rows.push(...(await shell.measure(wanted)));
    }
    return rows;
}
