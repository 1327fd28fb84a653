/**
 * A table of facts that is read row by row. On a narrow screen each row is a card, with the names of the columns beside its cells: nothing
 * scrolls sideways. The roles are written out, since browsers forget those of a table that is laid out as something else.
 * @import { TemplateResult } from "../vendor/view.js"
 *
 * @typedef {{words: string, isNumber?: boolean}} Column
 */
import { html, nothing } from "../vendor/view.js";

/**
 * @param {{name: string, columns: readonly Column[], rows: unknown}} table `rows`: `tr` elements with the role "row", of `factsCells`
 * @returns {TemplateResult}
 */
export const factsTable = ({ name, columns, rows }) => html`<table class="facts-table" role="table" aria-label=${name}>
    <thead role="rowgroup">
        <tr role="row">
            ${columns.map(
                ({ words, isNumber }) =>
                    html`<th role="columnheader" scope="col" class=${isNumber ? "is-number" : nothing}>${words}</th>`,
            )}
        </tr>
    </thead>
    <tbody role="rowgroup">
        ${rows}
    </tbody>
</table>`;

/** The cells of a row; the first is what it is about. @param {readonly Column[]} columns @param {readonly unknown[]} cells */
export const factsCells = (columns, cells) =>
    columns.map(({ words, isNumber }, idx) =>
        idx === 0
            ? html`<th role="rowheader" scope="row">${cells[idx]}</th>`
            : html`<td role="cell" class=${isNumber ? "is-number" : nothing}>
                  <span class="facts-name" aria-hidden="true">${words}</span><span>${cells[idx]}</span>
              </td>`,
    );
