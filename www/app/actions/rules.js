/**
 * What a person decides about a tag once, for all pictures and those to come: another name, another tag in its place, never again. Rules
 * are kept with the settings, and each is one step that can be taken back.
 * @import { TagRef, Rule } from "../../core/engine_api.d.ts"
 * @import { Failure } from "../../core/protocol.js"
 * @import { Context } from "../context.js"
 * @import { Correction, CorrectionActions } from "./corrections.js"
 * @import { SettingActions } from "./settings.js"
 * @import { Undo } from "./undo.js"
 *
 * @typedef {Pick<import("../settings.js").Settings, "rules" | "deny">} Decided
 * `corrections`: what people said of tags that went with it.
 * @typedef {{before: Decided, after: Decided, corrections: Correction[]}} RulesChange
 */
import { failureOf } from "../../core/protocol.js";
import { readChanges } from "../corrections.js";
import * as state from "../state.js";

/** @typedef {ReturnType<typeof createRules>} RuleActions */

/**
 * @param {Context} context @param {Pick<CorrectionActions, "correctionsOfAll" | "putCorrections">} corrections
 * @param {Pick<SettingActions, "use">} settings @param {Pick<Undo, "handle" | "inOrder" | "rememberStep">} undo
 */
export function createRules(context, { correctionsOfAll, putCorrections }, { use }, { handle, inOrder, rememberStep }) {
    /** The rules with one more, which replaces that of the same tag. @param {Rule} rule */
    const withRule = (rule) => [...state.settings.value.rules.filter(({ tag }) => tag.id !== rule.tag.id), rule];

    /** @param {Parameters<Undo["rememberStep"]>[0]} key @param {Record<string, string | number>} params @param {Partial<Decided>} news @param {Correction[]} [corrections] */
    function change(key, params, news, corrections = []) {
        const { rules, deny } = state.settings.value;
        const before = { rules, deny };
        const data = { before, after: { ...before, ...news }, corrections };
        put(data, "after", { step: rememberStep(key, params, { kind: "rules", data }) });
    }

    /** What is said, what is set and the step are kept together. @param {RulesChange} change @param {"before" | "after"} which @param {Parameters<CorrectionActions["putCorrections"]>[2]} how */
    function put(change, which, how) {
        const corrections = readChanges(change.corrections);
        putCorrections(corrections, which, { ...how, settings: use(change[which]) });
    }

    handle("rules", {
        undo: (change, move) => put(change, "before", { move }),
        redo: (change, move) => put(change, "after", { move }),
    });

    /**
     * Gives a tag another name. If another tag has that name, the two become one: names are what people know tags by.
     * @param {TagRef} tag @param {string} text @returns {Promise<Failure | null>} why not
     */
    async function renameTag(tag, text) {
        /** @type {Failure | null} */
        let failure = null;
        await inOrder(async () => {
            try {
                const meant = await context.session.tagRef(text);
                const name = text.trim().replace(/\s+/g, " ");
                if (meant.id !== tag.id && (await isInUse(meant))) return mergeTag(tag, meant);
                if (name === tag.name) return;
                change(
                    "did_rename",
                    { name: tag.name, to: name },
                    {
                        rules: withRule({ tag, action: { kind: "rename", name } }),
                    },
                );
            } catch (error) {
                failure = failureOf(error, "tag_invalid");
            }
        });
        return failure;
    }

    /** A word that nobody used, and the vocabulary does not know, is only a name. @param {TagRef} tag */
    async function isInUse(tag) {
        if (!tag.id.startsWith("own:")) return true;
        const known = await context.session.complete(tag.name, 8);
        return known.some(({ id }) => id === tag.id);
    }

    /** Shows `into` wherever `tag` would be shown. @param {TagRef} tag @param {TagRef} into */
    function mergeTag(tag, into) {
        if (tag.id === into.id) return;
        // The other way round no longer holds, or both would be gone in a circle.
        const rules = withRule({ tag, action: { kind: "merge", into } }).filter(
            (rule) => !(rule.tag.id === into.id && rule.action.kind === "merge"),
        );
        change("did_merge", { name: tag.name, to: into.name }, { rules });
    }

    /** Merges a tag into the one that is called this. @param {TagRef} tag @param {string} text @returns {Promise<Failure | null>} why not */
    async function mergeTagNamed(tag, text) {
        /** @type {Failure | null} */
        let failure = null;
        await inOrder(async () => {
            try {
                mergeTag(tag, await context.session.tagRef(text));
            } catch (error) {
                failure = failureOf(error, "tag_invalid");
            }
        });
        return failure;
    }

    /** The model never shows the tag again; what a person gave stays. @param {TagRef} tag */
    function hideTag(tag) {
        const { deny } = state.settings.value;
        if (!deny.includes(tag.id)) change("did_hide", { name: tag.name }, { deny: [...deny, tag.id] });
    }

    /** Takes a tag off every picture, a person's own too, and keeps the model from bringing it back. @param {TagRef} tag */
    function removeEverywhere(tag) {
        const { deny } = state.settings.value;
        const sources = mergedInto(tag.id);
        const gone = new Set([tag.id, ...sources]);
        const changes = correctionsOfAll((one) => ({ ...one, own: one.own.filter(({ id }) => !gone.has(id)) }));
        const after = tag.id.startsWith("own:") ? sources : [tag.id, ...sources];
        const denied = [...new Set([...deny, ...after.filter((id) => !id.startsWith("own:"))])];
        change("did_remove_everywhere", { name: tag.name }, { deny: denied }, changes);
    }

    /** The tags that are shown as this one. @param {string} into @returns {string[]} */
    function mergedInto(into) {
        const direct = state.settings.value.rules.filter(
            ({ action }) => action.kind === "merge" && action.into.id === into,
        );
        return direct.flatMap(({ tag }) => [tag.id, ...mergedInto(tag.id)]);
    }

    /** Takes a rule away: the tag is what it was. @param {Rule} rule */
    function dropRule({ tag, action }) {
        const { rules, deny } = state.settings.value;
        if (action.kind === "hide")
            change("did_drop_rule", { name: tag.name }, { deny: deny.filter((id) => id !== tag.id) });
        else change("did_drop_rule", { name: tag.name }, { rules: rules.filter((rule) => rule.tag.id !== tag.id) });
    }

    /** What the tag of a rule is called: hidden ones are kept by their ids alone. @param {TagRef} tag */
    const ruleName = ({ id, name }) =>
        id === name ? (state.listNames.value.names.get(id) ?? id.replace(/^category:/, "")) : name;

    return { dropRule, hideTag, mergeTag, mergeTagNamed, removeEverywhere, renameTag, ruleName };
}
