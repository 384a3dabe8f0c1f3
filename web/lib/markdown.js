/** Writes text into Markdown (CommonMark with tables) so that it reads there as it reads here. */

// Whatever can begin or end a mark: emphasis, code, links, HTML, entities, strikethrough, formulas, cells, headings.
const MARKS = /[\\`*_[\]<>&~|$#]/g;
// What makes a line a list item, a rule, the underline of a heading or a definition.
const LINE_START = /^([ \t]*)([+=:-]|\d{1,9}(?=[.)]))/;

/**
 * Escape one line of text.
 *
 * @param {string} line
 */
function escapeLine(line) {
  const escaped = line.replace(MARKS, "\\$&").replace(LINE_START, (_, space, mark) =>
    /\d/.test(mark) ? `${space}${mark}\\` : `${space}\\${mark}`,
  );
  // Space at the start could make code of the line, space at the end a line break.
  return escaped.replace(/^[ \t]+|[ \t]+$/g, (space) => space.replaceAll(" ", "&#32;").replaceAll("\t", "&#9;"));
}

/** Escape a text for a place that takes one line. @param {string} text */
export function inline(text) {
  return escapeLine(text.replace(/\s+/g, " ").trim());
}

/**
 * Escape a text with its line breaks.
 *
 * @param {string} text
 * @returns {string[]} lines
 */
export function lines(text) {
  const all = text.split(/\r\n|\r|\n/).map(escapeLine);
  // A backslash keeps the line break; before an empty line a paragraph ends anyway.
  return all.map((line, index) => (line !== "" && all[index + 1] ? `${line}\\` : line));
}

/** @param {string} text */
export function quote(text) {
  return lines(text).map((line) => (line === "" ? ">" : `> ${line}`)).join("\n");
}

/**
 * Write a table, leaving out columns without a single value.
 *
 * @param {string[]} heads
 * @param {(string | null)[][]} rows plain text; a cell that is nothing but a marker, such as [2], stays as it is
 * @returns {string} empty without rows
 */
export function table(heads, rows) {
  if (rows.length === 0) return "";
  const used = heads.map((_, column) => rows.some((row) => row[column]));
  /** @param {(string | null)[]} cells already escaped */
  const line = (cells) => `| ${cells.filter((_, column) => used[column]).join(" | ")} |`;
  return [line(heads.map(inline)), line(heads.map(() => "---")), ...rows.map((row) => line(row.map(cell)))].join("\n");
}

/** @param {string | null} text */
function cell(text) {
  return /^\[\d+\]$/.test(text ?? "") ? text : inline(text ?? "");
}
