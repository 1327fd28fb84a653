/**
 * Rows of figures: one made, all printed, all written.
 *
 * @typedef {{name: string, value: number, unit: string, bar: number | null, atMost: boolean, holds: boolean}} Row
 *   `bar` is null for a figure that nothing is promised of; such a row always holds.
 */
import { writeFile } from "node:fs/promises";

/** A figure that nothing is promised of. @param {string} name @param {number} value @param {string} unit @returns {Row} */
export const figure = (name, value, unit) => ({
    name,
    value: rounded(value),
    unit,
    bar: null,
    atMost: true,
    holds: true,
});

/** @param {string} name @param {number} value @param {string} unit @param {number} bar @returns {Row} */
export const atMost = (name, value, unit, bar) => ({
    name,
    value: rounded(value),
    unit,
    bar,
    atMost: true,
    holds: value <= bar,
});

/** @param {string} name @param {number} value @param {string} unit @param {number} bar @returns {Row} */
export const atLeast = (name, value, unit, bar) => ({
    name,
    value: rounded(value),
    unit,
    bar,
    atMost: false,
    holds: value >= bar,
});

/** To four digits: more would only be noise. @param {number} value */
const rounded = (value) => Number(value.toPrecision(4));

/** @param {string} title @param {readonly Row[]} rows */
export function print(title, rows) {
    const cells = rows.map((row) => [row.name, shown(row.value), row.unit, promise(row), verdict(row)]);
    const widths = cells[0].map((_, column) => Math.max(...cells.map((line) => line[column].length)));
    console.log(`\n${title}`);
    for (const line of cells) {
        const padded = line.map((cell, column) =>
            column === 1 ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
        );
        console.log(`  ${padded.join("  ").trimEnd()}`);
    }
}

/** @param {number} value */
const shown = (value) => value.toLocaleString("en-GB", { maximumSignificantDigits: 4, useGrouping: false });

/** @param {Row} row */
const promise = (row) => (row.bar === null ? "" : `${row.atMost ? "at most" : "at least"} ${shown(row.bar)}`);

/** @param {Row} row */
const verdict = (row) => (row.bar === null ? "" : row.holds ? "holds" : "does not hold");

/** @param {string} file @param {string} bench @param {readonly Row[]} rows */
export const writeJson = (file, bench, rows) => writeFile(file, `${JSON.stringify({ bench, rows }, null, 4)}\n`);
