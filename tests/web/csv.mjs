/**
 * CSV exactly as RFC 4180 has it, and nothing else: rows end with CRLF, a cell with a comma, a quote or a line end is quoted, a quote
 * within is doubled. Anything laxer is an error.
 * @param {string} text @returns {string[][]}
 */
export function parseCsv(text) {
    /** @type {string[][]} */
    const rows = [];
    /** @type {string[]} */
    let row = [];
    const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
    while (cell.lastIndex < text.length) {
        const start = cell.lastIndex;
        const match = cell.exec(text);
        if (!match) throw new SyntaxError(`No cell of CSV: ${JSON.stringify(text.slice(start, start + 80))}`);
        row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
        if (match[3] === ",") continue;
        rows.push(row);
        row = [];
    }
    if (row.length > 0) throw new SyntaxError("The last row has no end.");
    return rows;
}
