/**
 * A library that was begun before the store was there (../beginning.js): what was answered then is made first, as it was answered.
 * @import { StoreBeginning, StoreStarted } from "../protocol.js"
 * @import { Keeper } from "./keeper.js"
 */
import { open } from "./collections.js";
import { reserveIds } from "./files.js";
import { runCalls } from "./runs.js";

/**
 * A library that cannot be opened says so with every call, and can be replaced: what was begun is left until it can be.
 * @param {Keeper} keeper @param {StoreBeginning} beginning @returns {Promise<StoreStarted["begun"]>} @throws storage_full
 */
export async function beginLibrary(keeper, { library: id, n_ids: nIds, run }) {
    try {
        await keeper.prepare();
        const { library } = keeper.opened;
        if (library.id !== id) return null;
        return library.db.transaction(() => {
            open(library, keeper.place.facts);
            if (nIds > 0) reserveIds(library, nIds);
            return { run: run && runCalls.begin_run(library, run, "") };
        });
    } catch (error) {
        if (/** @type {{code?: string}} */ (error).code === "storage_full") throw error;
        return "left";
    }
}
