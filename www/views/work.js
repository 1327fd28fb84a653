/** Everything about pictures that are there, in the places that the document has for it: a part of the page that is fetched before they come. */
import { storedJobs, storedOwn, total } from "../app/state.js";
import { actions } from "../app/work_actions.js";
import { effect, untracked } from "../vendor/view.js";
import { mountAnnouncements } from "./announcements.js";
import { collectionMenu, keepCollections } from "./collection_menu.js";
import { mountDetails } from "./details.js";
import { exportItems, exportScopeWords } from "./export_menu.js";
import { mountGrid } from "./grid.js";
import { gridBar } from "./grid_bar.js";
import { listenForKeys } from "./keys.js";
import { keptLines } from "./kept_line.js";
import { mountLarge } from "./large.js";
import { askBeforeLeaving, followHistory } from "./leaving.js";
import { mount, placeIn } from "./mount.js";
import { mountSelection } from "./selection.js";
import { sidebar } from "./sidebar.js";
import { skipLink } from "./skip.js";
import { thresholdBar } from "./threshold_bar.js";
import { collectionPlace, exportMenu } from "./top_bar.js";

export { startWorkActions } from "../app/work_actions.js";

/** @param {Document} root */
export function mountWork(root) {
    const place = placeIn(root);
    const gridRoot = place("gallery");
    mount(place("instrument"), thresholdBar);
    mountDetails(place("details"));
    mountLarge(place("large"), place("page"));
    const grid = mountGrid(gridRoot);
    mount(place("rail"), sidebar);
    mount(place("line"), gridBar);
    mountSelection(place("selection"), grid);
    mount(place("kept_line"), keptLines);
    mount(place("skip"), skipLink);
    mountAnnouncements();
    listenForKeys(window, grid);
    followHistory(window);
    askBeforeLeaving(window);
    keepCollections();
    collectionPlace.value = collectionMenu;
    exportMenu.value = { before: exportScopeWords, items: exportItems };
    // Pictures wait for an answer since an earlier visit: whether to go on is asked there.
    effect(() => {
        if (storedJobs.value.n > 0) untracked(() => void actions.openPart("providers"));
    });
    // Own taggers see what comes in, and train when they are due.
    effect(() => {
        if (actions.hasTraining() && storedOwn.value.n > 0)
            untracked(() => void actions.loadPart("own_tags").catch(() => {}));
    });
    effect(() => {
        gridRoot.hidden = total.value === 0;
    });
}
