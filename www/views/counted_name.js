import { t } from "./text.js";

/** A tag's name, and how many of it were found where those are several. @param {{name: string, count: number | null}} tag */
export const countedName = ({ name, count }) => ((count ?? 1) > 1 ? t("tag_count", { name, n: count ?? 1 }) : name);
