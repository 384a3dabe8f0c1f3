/** Comma-separated values, as RFC 4180 has them. */

// What a spreadsheet would run as a formula. A number may begin with a sign.
const FORMULA = /^[=@\t\r]|^[+\-−](?![\d.,]*\d%?$)/;

/**
 * Write rows as CSV. A value that a spreadsheet would take for a formula gets an apostrophe in front; null is left empty.
 *
 * @param {(string | number | null)[][]} rows the first one holds the names of the columns
 */
export function toCsv(rows) {
  return rows.map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

/** @param {string | number | null} value */
function field(value) {
  const text = value === null ? "" : String(value);
  const safe = typeof value === "string" && FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
