/** Names of tags with how many of them were found, where those are several. */
import { countedOf } from "../app/boxes.js";
import { t } from "./text.js";

/** @param {{name: string, count: number | null}} tag */
export const countedName = ({ name, count }) => ((count ?? 1) > 1 ? t("tag_count", { name, n: count ?? 1 }) : name);

/** With the people of a group, where the tag itself is none that is counted. @param {import("../core/engine_api.d.ts").Tag} tag */
export function nameWithAll(tag) {
    const found = countedOf(tag);
    return found?.isAbove && found.count > 1
        ? t("tag_of_counted", { name: tag.name, found: countedName(found) })
        : countedName(tag);
}
