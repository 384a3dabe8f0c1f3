/** Turns the spans of a document, which count code points, into ranges that JavaScript can slice by. */

import { Offsets } from "../lib/offsets.js";
import { flagInWords } from "../lib/words.js";

/**
 * @typedef {import("../lib/places.js").Place} Place
 * @typedef {{start: number, end: number}} Range in UTF-16 units
 * @typedef {Range & {note: string}} NotedRange
 * @typedef {Range & {depth: number, empty: boolean, heading: string, span: {start: number, end: number}}} HeadingRange
 * `depth` is 0 for the title; `span` counts code points
 * @typedef {Range & {caption: string | null, columns: string[],
 *                    rows: {label: Range, cells: Range[]}[]}} TableRange
 *
 * @typedef {object} Ranges each list in the order of the text, without overlaps
 * @property {Range[]} spans highlighted stretches
 * @property {Range[]} cells highlighted cells
 * @property {NotedRange[]} flags
 * @property {NotedRange[]} ignored
 * @property {HeadingRange[]} headings
 * @property {TableRange[]} tables
 */

/**
 * @param {import("../lib/types.js").DocumentText} document
 * @param {Place | null} highlight
 * @returns {Ranges}
 */
export function rangesOf(document, highlight) {
  const offsets = new Offsets(document.text);
  /** @param {{start: number, end: number}} span @returns {Range} */
  const range = ({ start, end }) => ({ start: offsets.toUnits(start), end: offsets.toUnits(end) });
  return {
    spans: united((highlight?.spans ?? []).map(range)),
    cells: united((highlight?.cells ?? []).map(range)),
    flags: apart(document.flags.map((flag) => ({ ...range(flag), note: flagInWords(flag.label) }))),
    ignored: apart(document.ignored.map((region) => ({ ...range(region), note: region.reason }))),
    headings: apart(headingRanges(document.outline, range)),
    tables: apart(document.tables.map((table) => tableRange(table, range))),
  };
}

/**
 * Give each heading its depth below the title of the document.
 *
 * @param {import("../lib/types.js").Heading[]} outline
 * @param {(span: {start: number, end: number}) => Range} range
 */
function headingRanges(outline, range) {
  // The section that stands for a whole document without a title has an empty heading.
  const headings = outline.filter((heading) => heading.heading_start < heading.heading_end);
  const top = headings.some((heading) => heading.level === 0) ? 0 : -1;
  return headings.map((heading) => {
    const span = { start: heading.heading_start, end: heading.heading_end };
    const depth = heading.level === 0 ? 0 : top + heading.path.length;
    return { ...range(span), span, depth, empty: heading.empty, heading: heading.heading };
  });
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

/**
 * Return those of some ranges, which stand in order and apart, that share a character with another one.
 *
 * @template {Range} R
 * @param {R[]} ranges
 * @param {Range} other
 */
export function overlapping(ranges, other) {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle].end <= other.start) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < ranges.length && ranges[end].start < other.end) end++;
  return ranges.slice(low, end);
}

/** Put ranges in order; one that begins within an earlier one is left out. @template {Range} R @param {R[]} ranges */
function apart(ranges) {
  let last = 0;
  return inOrder(ranges).filter((range) => {
    const free = range.start >= last;
    if (free) last = range.end;
    return free;
  });
}

/** Put ranges in order and make one of those that overlap. @param {Range[]} ranges */
function united(ranges) {
  /** @type {Range[]} */
  const found = [];
  for (const range of inOrder(ranges)) {
    const last = found.at(-1);
    if (last && range.start < last.end) last.end = Math.max(last.end, range.end);
    else found.push({ ...range });
  }
  return found;
}

/** @template {Range} R @param {R[]} ranges */
function inOrder(ranges) {
  return ranges.sort((a, b) => a.start - b.start);
}
