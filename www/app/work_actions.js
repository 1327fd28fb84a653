/**
 * What can be done with pictures that are there: fetched with the views that show them.
 * @import { Actions } from "./actions.js"
 * @import { Tools } from "./actions/parts.js"
 */
import { createCardSize } from "./actions/card_size.js";
import { createCollections } from "./actions/collections.js";
import { createCorrections, targetIds } from "./actions/corrections.js";
import { createExplain } from "./actions/explain.js";
import { createExports } from "./actions/exports.js";
import { createFinding } from "./actions/finding.js";
import * as grid from "./actions/grid.js";
import { createOnScreen } from "./actions/on_screen.js";
import { say } from "./actions/notices.js";
import { closePicture } from "./actions/places.js";
import { createRules } from "./actions/rules.js";
import { createRuns } from "./actions/runs.js";
import { createTagEntry } from "./actions/tag_entry.js";
import { createTexts } from "./actions/texts.js";
import { createUnsaved } from "./actions/unsaved.js";

/** @typedef {ReturnType<typeof createWorkActions>} WorkActions */

/** All actions, for the views of this part: there before any of them is drawn. @type {Actions & WorkActions} */
export let actions;

/** @param {Tools} tools */
export function startWorkActions(tools) {
    return (actions = Object.assign(/** @type {Actions} */ (tools.actions), createWorkActions(tools)));
}

/** @param {Tools} tools */
function createWorkActions({ context, history, actions }) {
    const corrections = createCorrections(context, history);
    const unsaved = createUnsaved(context.library, corrections);
    return {
        ...corrections,
        ...createCardSize(actions),
        ...createCollections(context, actions),
        ...createExplain(context, actions, /** @type {Actions} */ (actions).loadPart),
        ...createExports(context, corrections, unsaved),
        ...createFinding(context),
        ...createOnScreen(context, actions),
        ...createRules(context, corrections, actions, history),
        ...createRuns(context, actions, history),
        ...createTagEntry(corrections),
        ...createTexts(context, history),
        ...grid,
        ...unsaved,
        closePicture,
        say,
        targetIds,
    };
}
