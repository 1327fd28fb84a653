/**
 * A library that was begun before the store was there (../beginning.js): what was answered then is made first, as it was answered.
 * @import { StoreBeginning, StoreStarted } from "../protocol.js"
 * @import { Keeper } from "./keeper.js"
 */
import { open } from "./collections.js";
import { reserveIds } from "./files.js";
import { runCalls } from "./runs.js";

/** @param {Keeper} keeper @param {StoreBeginning} beginning @returns {Promise<StoreStarted["begun"]>} */
export async function beginLibrary(keeper, { library: id, n_ids: nIds, run }) {
    await keeper.prepare();
    const { library } = keeper.opened;
    if (library.id !== id) return null;
    return library.db.transaction(() => {
        open(library, keeper.place.facts);
        if (nIds > 0) reserveIds(library, nIds);
        return { run: run && runCalls.begin_run(library, run, "") };
    });
}
