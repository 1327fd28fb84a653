/**
 * What only own tags do: fetched when somebody opens them, or where some are in use.
 * @import { Actions } from "./actions.js"
 * @import { Tools } from "./actions/parts.js"
 * @import { DialogActions } from "./dialog_actions.js"
 * @import { Library } from "./library.js"
 * @import { WorkActions } from "./work_actions.js"
 */
import { createOwnCamera } from "./actions/own_camera.js";
import { createOwnChanges } from "./actions/own_changes.js";
import { createOwnDrafts } from "./actions/own_drafts.js";
import { createOwnExamples } from "./actions/own_examples.js";
import { createOwnExplain } from "./actions/own_explain.js";
import { createOwnMoves } from "./actions/own_moves.js";
import { createOwnOffers } from "./actions/own_offers.js";
import { createOwnPlaces } from "./actions/own_places.js";
import { createOwnSchedule } from "./actions/own_schedule.js";
import { createOwnSet } from "./actions/own_set.js";
import { createOwnTaggers } from "./actions/own_taggers.js";
import { createOwnTagging } from "./actions/own_tagging.js";
import { createTeaching } from "./actions/own_teaching.js";
import { createOwnTraining } from "./actions/own_training.js";
import { createOwnUnseen } from "./actions/own_unseen.js";
import { reportUnread } from "./actions/store_problems.js";
import { effect, untracked } from "../vendor/signals.js";
import { isTaggedAsAdded } from "./as_added.js";
import { asAdded, storedOwn } from "./state.js";

/** @typedef {ReturnType<typeof createOwnActions>} OwnActions */

/** All actions, for the views of this part: there before any of them is drawn. @type {Actions & WorkActions & DialogActions & OwnActions} */
export let actions;

/** @param {Tools} tools */
export function startOwnActions(tools) {
    const all = /** @type {Actions & WorkActions & DialogActions} */ (tools.actions);
    actions = Object.assign(all, createOwnActions(tools, all));
    if (tools.context.platform.training) followLibrary(tools.context.library, actions);
    return actions;
}

/**
 * Another library, another collection, or what another tab did: what is known of own taggers is looked up anew. What is done about it waits until that library is
 * on the page: whatever begins before is of no library, and is given up once there is one.
 * @param {Pick<Library, "shown">} library
 * @param {Pick<OwnActions, "refreshOwnTaggers" | "goOnByItself" | "countUntagged" | "lookAtSchedule" | "restoreDrafts">} actions
 */
export function followLibrary(library, actions) {
    effect(() => {
        void storedOwn.value;
        untracked(() => {
            const known = actions.refreshOwnTaggers().then(() => library.shown());
            void known.then(actions.goOnByItself).catch(reportUnread);
            const looked = known.then(actions.countUntagged);
            void looked.then(actions.lookAtSchedule).then(actions.restoreDrafts).catch(reportUnread);
        });
    });
}

/** @param {Tools} tools @param {Actions & WorkActions & DialogActions} all */
function createOwnActions({ context, history, actions }, all) {
    const { library } = context;
    const teaching = createTeaching(context);
    const isFollowing = (/** @type {number} */ collection, /** @type {number} */ id) =>
        isTaggedAsAdded(asAdded.value, collection) || all.isTaggedRegardless(id);
    const tagging = createOwnTagging(context, teaching, history, isFollowing);
    const { cancelOwnTagging, compareHeads, countUntagged, followSoon, tagWith } = tagging;
    const { forgetDraft, noteCorrected, restoreDrafts } = createOwnDrafts(context, teaching, tagging);
    const settle = () => countUntagged().then(restoreDrafts).catch(reportUnread);
    const training = createOwnTraining(context, teaching, settle);
    const { refreshTrainingSet, ...set } = createOwnSet(context, teaching);
    const { lookAtSchedule, noteTaught } = createOwnSchedule(context, teaching, training);
    const { refreshOwnTaggers } = training;
    const refreshShown = () => actions.refreshShown();
    const taggers = createOwnTaggers(context, teaching, history, {
        ...{ forgetDraft, lookAtSchedule, refreshOwnTaggers, refreshShown, refreshTrainingSet, settle },
        setSmartTags: all.setSmartTags,
    });
    library.onTagged = followSoon;
    library.onWritten = (name, params) => {
        if (name !== "correct") return;
        const ids = /** @type {{changes: readonly {id: number}[]}} */ (params).changes.map(({ id }) => id);
        void noteCorrected(ids);
        void refreshTrainingSet();
        noteTaught();
    };
    const own = {
        ...{ cancelOwnTagging, compareHeads, countUntagged, lookAtSchedule, restoreDrafts, tagWith },
        ...createOwnChanges(context, { tagWith }),
        ...createOwnExplain(teaching, tagging),
        ...createOwnUnseen(context),
        ...{ ...training, ...set, ...taggers },
    };
    const both = Object.assign(all, own);
    const { addExamples, ...examples } = createOwnExamples(context, both, teaching);
    const camera = createOwnCamera(context, all, addExamples);
    const places = createOwnPlaces(context, Object.assign(both, camera));
    const { putBackTagger, ...moves } = createOwnMoves(context, teaching, {
        ...{ refreshOwnTaggers, refreshShown },
        offerTraining: (...asked) => offers.offerTraining(...asked),
        dropOffer: () => offers.dropOffer(),
    });
    const offers = createOwnOffers(context, teaching, { ...both, ...places, putBackTagger });
    return { ...own, ...offers, ...moves, ...examples, ...camera, ...places };
}
