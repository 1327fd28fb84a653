/**
 * What is looked for, in words: for the line above the grid, and where nothing is found.
 * @import { PictureFilter } from "../core/engine_api.d.ts"
 */
import { listed, query, summary, tags } from "../app/state.js";
import { t } from "./text.js";

const WORDS = /** @type {const} */ ({
    untagged: "filter_untagged",
    failed: "filter_failed",
    waiting: "filter_waiting",
    corrected: "filter_corrected",
    reviewed: "filter_reviewed",
});

/** Names of tags that are filtered by, for when they are not on screen any more. @type {Map<string, string>} */
const names = new Map();

/** @param {PictureFilter} filter @param {"filters" | "without"} how */
export function filterName(filter, how) {
    if (filter.kind === "reviewed" && how === "without") return t("filter_unreviewed");
    const name = filter.kind === "tag" ? countedTag(filter) : t(WORDS[filter.kind]);
    return how === "without" ? t("filter_not", { name }) : name;
}

/** Every part of what is looked for. @returns {string} */
export function queryText() {
    const { words, filters, without } = query.value;
    return [
        ...(words.trim() === "" ? [] : [`“${words.trim()}”`]),
        ...filters.map((filter) => filterName(filter, "filters")),
        ...without.map((filter) => filterName(filter, "without")),
    ].join(" · ");
}

/** @param {PictureFilter & {kind: "tag"}} filter */
function countedTag({ id, at_least: n = 1 }) {
    const name = tagName(id);
    return n > 1 ? t("filter_at_least", { name, n }) : name;
}

/** Every picture that is shown has the tag, or one below it. @param {string} id */
function tagName(id) {
    const around = [...tags.value.values()].flat().flatMap((tag) => [tag, ...tag.parents]);
    const known = [...(summary.value?.frequent ?? []), ...(listed.value ?? []), ...around].find((tag) => tag.id === id);
    if (known) names.set(id, known.name);
    return names.get(id) ?? id.replace(/^own:/, "");
}
