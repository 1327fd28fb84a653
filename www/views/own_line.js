/**
 * What is under way with own tags, or waits for a person, in a line over the grid: a training, one that was interrupted, pictures that a version has not
 * seen. And what a screen reader hears of a training that is over.
 * @import { TemplateResult } from "../vendor/view.js"
 * @import { OwnTagger, Training } from "../db/own_protocol.js"
 */
import { inUse } from "../app/actions/own_tagging.js";
import { nUnseenBy } from "../app/actions/own_unseen.js";
import { actions } from "../app/own_actions.js";
import { ownTaggers, ownTagging, training, trainingOver, waitingTrainings } from "../app/own_state.js";
import { dialog, isRunning } from "../app/state.js";
import { effect, html, nothing, untracked } from "../vendor/view.js";
import { bar, stageWords } from "./own_train.js";
import { errorText, momentText, t } from "./text.js";

/** @param {string} id */
const taggerOf = (id) => ownTaggers.value?.find((one) => one.id === id);

export function ownLines() {
    const now = training.value;
    const tagging = ownTagging.value?.status === "running" ? ownTagging.value : null;
    if (now) return underWay(now);
    if (tagging) return underWayTagging(tagging);
    return html`${waitingTrainings.value.map(interrupted)} ${(ownTaggers.value ?? []).map(unseen)}`;
}

/** @param {string} name @param {TemplateResult | string} words @param {unknown} buttons */
const line = (name, words, buttons) => html`<section class="kept-line own-line" data-line=${name}>
    <p class="kept-line-words"><bdi>${words}</bdi></p>
    ${buttons}
</section>`;

/** @param {string} name @param {string} words @param {() => void} act */
const button = (name, words, act) =>
    html`<button class="button" type="button" data-do=${name} @click=${act}>${words}</button>`;

/** @param {NonNullable<typeof training.value>} now */
function underWay({ tagger, stage, share, nDone, n, isResumed }) {
    const name = taggerOf(tagger)?.name ?? "";
    const words = `${t(isResumed ? "taught_goes_on" : "taught_progress", { name })}: ${stageWords(stage, nDone, n)}`;
    return line(
        "own-training",
        words,
        html`${bar(t("taught_progress", { name }), share)}${button("line-cancel-training", t("taught_cancel"), () => void actions.cancelTraining())}`,
    );
}

/** @param {NonNullable<typeof ownTagging.value>} now */
function underWayTagging({ tagger, n, nDone }) {
    const name = taggerOf(tagger)?.name ?? "";
    const words = `${name}: ${t("taught_tagging_n", { n: nDone, total: n })}`;
    return line(
        "own-tagging",
        words,
        html`${bar(words, n > 0 ? nDone / n : 0)}${button("line-cancel-tagging", t("taught_cancel_tagging"), () => actions.cancelOwnTagging())}`,
    );
}

/** @param {Training} one */
function interrupted(one) {
    const name = taggerOf(one.own_tagger)?.name ?? "";
    return line(
        "own-interrupted",
        t("taught_waiting", { name, moment: momentText(one.begun_ms) }),
        html`${button("line-resume-training", t("taught_resume"), () => void actions.resumeTraining(one))}
        ${button("line-give-up-training", t("taught_give_up"), () => void actions.giveUpTraining(one))}`,
    );
}

/** While pictures still come, they are tagged as they come. @param {OwnTagger} tagger */
function unseen(tagger) {
    const head = inUse(tagger);
    const n = nUnseenBy(tagger);
    if (!head || !tagger.is_used || n === 0 || isRunning.value) return nothing;
    return line(
        "own-untagged",
        t("taught_line_untagged", { n, name: tagger.name }),
        html`${button("line-tag-with-own", t("taught_line_tag"), () => void actions.tagAgainWith(tagger.id))}
        ${button("line-leave-untagged", t("taught_line_leave"), () => actions.leaveUntagged(tagger))}`,
    );
}

/** Who has the dialog open hears it there. */
export function mountOwnAnnouncements() {
    /** Nobody has pressed anything: that it goes on is said, once. */
    let said = 0;
    effect(() => {
        const { value: now } = training;
        if (!now?.isResumed || now.training === said) return;
        said = now.training;
        untracked(() => actions.say(t("taught_goes_on", { name: taggerOf(now.tagger)?.name ?? "" })));
    });
    effect(() => {
        const { value: over } = trainingOver;
        if (over)
            untracked(() => {
                const name = taggerOf(over.tagger)?.name ?? "";
                if (dialog.value === "own_tags") return;
                if (over.failure) actions.say(errorText(over.failure).title);
                else if (over.head !== null) actions.say(t("taught_said_trained", { name }));
            });
    });
}
