/**
 * What the list of a page is saved as: reports as every shell writes them, and a table.
 * @import { FramePicture } from "./page_pictures.js"
 */

/** docs/formats/report.md, a line each; what was not tagged is left out. @param {readonly FramePicture[]} pictures */
export const jsonLinesOf = (pictures) =>
    pictures.flatMap(({ report }) => (report ? [`${JSON.stringify(report)}\n`] : [])).join("");

/** @param {readonly FramePicture[]} pictures */
export function csvOf(pictures) {
    const rows = pictures.map(({ address, alt, report, failure }) => [
        address,
        alt ?? "",
        report?.tags.map(({ name }) => name).join("; ") ?? "",
        failure?.title ?? "",
    ]);
    const all = [["address", "alt", "tags", "error"], ...rows];
    return `\ufeff${all.map((row) => `${row.map(cell).join(",")}\r\n`).join("")}`;
}

/** A spreadsheet takes what begins with these for a formula; an address or a text of a page may hold anything. @param {string} text */
function cell(text) {
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return `"${safe.replaceAll('"', '""')}"`;
}
