/**
 * Lays out a table of a document. Where only white space stands between its cells it becomes a real table whose cells hold
 * that white space too, so that no character is lost; any other table stays preformatted text. Both scroll sideways.
 */

import { el } from "../lib/dom.js";

/**
 * @typedef {import("./ranges.js").Range} Range
 * @typedef {import("./ranges.js").TableRange} TableRange
 * @typedef {import("./manuscript.js").Manuscript} Manuscript
 */

/**
 * @param {Manuscript} manuscript
 * @param {TableRange} table
 * @returns {HTMLElement}
 */
export function layTable(manuscript, table) {
  const grid = tableGrid(manuscript.text, table);
  const content = grid ? gridElement(manuscript, table, grid) : el("pre", {}, ...manuscript.inline(table));
  const label = table.caption ? `Table: ${table.caption}` : "Table";
  return el(
    "div",
    { class: "table-block" },
    // Not a <caption>: as a part of the table it would scroll out of sight with the columns.
    grid && grid.before.start < grid.before.end && el("p", { class: "caption" }, ...manuscript.inline(grid.before)),
    // Focusable, so that the keyboard can scroll it too.
    el("div", { class: "table-scroll", tabindex: 0, role: "group", "aria-label": label }, content),
  );
}

/**
 * Find the header and cells of a table so that they cover all of its text: each range runs to where the next one begins.
 *
 * @param {string} text
 * @param {TableRange} table
 * @returns {{before: Range, header: Range[] | null, rows: Range[][]} | null} null where it cannot be laid out as a table
 */
function tableGrid(text, table) {
  const first = table.rows[0];
  if (!first || table.rows.some((row) => row.cells.length !== first.cells.length)) return null;
  const header = headerStarts(text, table, first.label.start);
  if (header === null) return null;
  const rowStarts = table.rows.map((row) => [row.label.start, ...row.cells.map((cell) => cell.start)]);
  const starts = [...header.starts, ...rowStarts.flat()];
  const ends = [...header.ends, ...table.rows.flatMap((row) => [row.label.end, ...row.cells.map((cell) => cell.end)])];
  const ranges = starts.map((start, index) => ({ start, end: starts[index + 1] ?? table.end }));
  const clean = ranges.every(({ start, end }, index) => start <= ends[index] && text.slice(ends[index], end).trim() === "");
  if (!clean || table.start > ranges[0].start) return null;
  const width = first.cells.length + 1;
  const lines = Array.from({ length: ranges.length / width }, (_, row) => ranges.slice(row * width, (row + 1) * width));
  return {
    before: { start: table.start, end: ranges[0].start },
    header: header.starts.length > 0 ? lines[0] : null,
    rows: header.starts.length > 0 ? lines.slice(1) : lines,
  };
}

/**
 * Find the corner and the column names, which the service gives as words, in the text above the first row.
 *
 * @param {string} text
 * @param {TableRange} table
 * @param {number} bodyStart
 * @returns {{starts: number[], ends: number[]} | null} null where they are not found there in order
 */
function headerStarts(text, table, bodyStart) {
  if (table.columns.length === 0) return { starts: [], ends: [] };
  if (table.columns.length !== table.rows[0].cells.length) return null;
  const line = text.lastIndexOf("\n", text.lastIndexOf("\n", bodyStart - 1) - 1) + 1;
  const corner = Math.max(table.start, line);
  const starts = [corner];
  const ends = [];
  let at = corner;
  for (const column of table.columns) {
    const found = text.indexOf(column, at);
    if (found < 0 || found + column.length > bodyStart) return null;
    if (ends.length === 0) ends.push(found);
    starts.push(found);
    at = found + column.length;
    ends.push(at);
  }
  return { starts, ends };
}

/**
 * @param {Manuscript} manuscript
 * @param {TableRange} table
 * @param {{header: Range[] | null, rows: Range[][]}} grid
 */
function gridElement(manuscript, table, { header, rows }) {
  const { cells } = manuscript.ranges;
  const hits = new Set(cells.map((hit) => hit.start));
  const hitColumns = new Set(
    table.rows.flatMap((row) => row.cells.flatMap((cell, column) => (hits.has(cell.start) ? [column + 1] : []))),
  );
  /** @param {Range} range @param {number} column */
  const headCell = (range, column) =>
    manuscript.text.slice(range.start, range.end).trim() === ""
      ? el("td", {}, ...manuscript.inline(range))
      : el("th", { scope: "col", class: hitColumns.has(column) ? "hit" : null }, ...manuscript.inline(range));
  /** @param {Range} range @param {number} column */
  const bodyCell = (range, column) =>
    column === 0
      ? el("th", { scope: "row" }, ...manuscript.inline(range))
      : el("td", {}, ...manuscript.inline(range));
  return el(
    "table",
    { "aria-label": table.caption },
    header && el("thead", {}, el("tr", {}, ...header.map(headCell))),
    el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map(bodyCell)))),
  );
}
