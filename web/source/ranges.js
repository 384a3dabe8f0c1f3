/** Turns the spans of a document, which count code points, into ranges that JavaScript can slice by. */

import { Offsets } from "../lib/offsets.js";
import { flagInWords } from "../lib/words.js";

/**
 * @typedef {{start: number, end: number}} Range in UTF-16 units
 * @typedef {Range & {note: string}} NotedRange
 * @typedef {Range & {rank: number, empty: boolean, heading: string}} HeadingRange
 * @typedef {Range & {caption: string | null, columns: string[],
 *                    rows: {label: Range, cells: Range[]}[]}} TableRange
 *
 * @typedef {object} Ranges each list in the order of the text
 * @property {Range[]} excerpt one range, or none without a highlight
 * @property {Range[]} cells highlighted cells
 * @property {NotedRange[]} flags
 * @property {NotedRange[]} ignored
 * @property {HeadingRange[]} headings
 * @property {TableRange[]} tables
 */

/**
 * @param {import("../lib/types.js").DocumentText} document
 * @param {{start: number, end: number, cells: {start: number, end: number}[]} | null} highlight
 * @returns {Ranges}
 */
export function rangesOf(document, highlight) {
  const offsets = new Offsets(document.text);
  /** @param {{start: number, end: number}} span @returns {Range} */
  const range = ({ start, end }) => ({ start: offsets.toUnits(start), end: offsets.toUnits(end) });
  return {
    excerpt: highlight ? [range(highlight)] : [],
    cells: highlight ? inOrder(highlight.cells.map(range)) : [],
    flags: inOrder(document.flags.map((flag) => ({ ...range(flag), note: flagInWords(flag.label) }))),
    ignored: inOrder(document.ignored.map((region) => ({ ...range(region), note: region.reason }))),
    headings: inOrder(headingRanges(document.outline, range)),
    tables: inOrder(document.tables.map((table) => tableRange(table, range))),
  };
}

/**
 * Rank headings for h3 ... h6, below the page's own h1 and the panel's h2: by their depth, so that no rank is left out.
 *
 * @param {import("../lib/types.js").Heading[]} outline
 * @param {(span: {start: number, end: number}) => Range} range
 */
function headingRanges(outline, range) {
  // The section that stands for a whole document without a title has an empty heading.
  const headings = outline.filter((heading) => heading.heading_start < heading.heading_end);
  const top = headings.some((heading) => heading.level === 0) ? 3 : 2;
  return headings.map((heading) => ({
    ...range({ start: heading.heading_start, end: heading.heading_end }),
    rank: Math.min(6, top + (heading.level === 0 ? 0 : heading.path.length)),
    empty: heading.empty,
    heading: heading.heading,
  }));
}

/**
 * @param {import("../lib/types.js").Table} table
 * @param {(span: {start: number, end: number}) => Range} range
 * @returns {TableRange}
 */
function tableRange(table, range) {
  const rows = table.rows.map((row) => {
    const { start } = range(row);
    // The service gives the span of a row and its label as written, which stands first.
    return { label: { start, end: start + row.label.length }, cells: row.cells.map(range) };
  });
  return { ...range(table), caption: table.caption, columns: table.columns, rows };
}

/** @template {Range} R @param {R[]} ranges @returns {R[]} */
function inOrder(ranges) {
  return ranges.sort((a, b) => a.start - b.start);
}
