/**
 * Which pictures go into an export, and what the file is called. A table or a list is one file; of captions and sidecars there is one
 * for each picture, and several go in a ZIP.
 *
 * The name must be there before the content: a browser lets a page ask where to save only right after a click.
 * @import { ExportChoices, ExportFormatFacts, Naming } from "./engine_api.d.ts"
 *
 * @typedef {{id: number, name: string, state: string, hasOwnTags?: boolean}} Exportable `hasOwnTags`: a person gave it tags
 * @typedef {{ids: number[], name: string, type: string}} ExportPlan
 */
import { CodedError } from "./protocol.js";

export const ZIP = "application/zip";

/**
 * What to export of `pictures`, and as what. Pictures that failed are rows of a table; they have a caption or a sidecar, as those that wait
 * do, if a person gave them tags. A copy is called as the picture is.
 * @param {ExportFormatFacts} format @param {readonly Exportable[]} pictures @param {Date} now
 * @param {Naming | null} [names] as chosen; null as usual for the format @returns {ExportPlan}
 */
export function planExport(format, pictures, now, names = null) {
    const { name, extension, media_type: mediaType, ending } = format;
    const wanted = pictures.filter(
        ({ state, hasOwnTags = false }) => state === "done" || hasOwnTags || (state === "failed" && ending === null),
    );
    const [only] = wanted;
    if (!only) throw nothingToExport();
    const ids = wanted.map(({ id }) => id);
    const day = now.toISOString().slice(0, 10);
    if (ending === null) return { ids, name: `tagsmith-${ids.length}-${day}.${extension}`, type: mediaType };
    if (ids.length > 1) return { ids, name: `tagsmith-${name}-${ids.length}-${day}.zip`, type: ZIP };
    return { ids, name: besideName(format, only.name, names) + ending, type: mediaType };
}

/** A picture's name as its own file begins. @param {ExportFormatFacts} format @param {string} name @param {Naming | null} names */
function besideName({ ending, replaces_extension: replacesExtension, always_stem: alwaysStem }, name, names) {
    const [, stem = name, extension = ""] = /^(.+)\.([^.]*)$/s.exec(name) ?? [];
    if (ending === "") return name;
    const isStem = names === null ? replacesExtension : names !== "full";
    return isStem || alwaysStem.includes(extension.toLowerCase()) ? stem : name;
}

/**
 * What is chosen where nobody was asked: no export fails because pictures share a name, and a CSV opens in the spreadsheet programs of
 * this machine.
 * @param {ExportFormatFacts} format @param {string | undefined} [locale] the machine's, unless given
 * @param {Record<string, string>} [problems] why pictures failed, by code, in the reader's words @returns {ExportChoices}
 */
export function usualChoices({ replaces_extension: replacesExtension }, locale, problems = {}) {
    const decimalComma = new Intl.NumberFormat(locale).format(0.5).includes(",");
    return { names: replacesExtension ? "stem_or_full" : null, table: { decimal_comma: decimalComma, problems } };
}

export const nothingToExport = () => new CodedError("nothing_to_export", "None of the pictures has been tagged.");
