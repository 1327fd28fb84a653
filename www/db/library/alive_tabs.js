/** Which tabs live: each holds a lock under its own name for as long as it does (www/db/client.js). */
import { tabLock } from "../paths.js";

/** @param {string} [by] a tab that asks, and so lives, also where it holds no lock because nothing is kept @returns {Promise<(tab: string | null) => boolean>} */
export async function aliveTabs(by) {
    // Where nothing can be kept there may be no locks either; then there is one tab.
    const locks = "locks" in navigator ? await navigator.locks.query() : {};
    const { held = [], pending = [] } = /** @type {LockManagerSnapshot} */ (locks);
    const alive = new Set([...held, ...pending].map(({ name }) => name));
    return (tab) => tab !== null && (tab === by || alive.has(tabLock(tab)));
}
