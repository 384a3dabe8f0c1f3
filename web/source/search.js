/** Finds words in a text whatever their case and accents, and says exactly where they stand. */

/**
 * @typedef {{folded: string, starts: number[]}} Folded `starts[i]` is where in the text the character stands that became
 * unit i of `folded`; a character may become several units, and then each of them has the same start
 * @typedef {import("./ranges.js").Range} Range
 */

const RUN = /[\x21-\x7e]+|\s+|[^\x21-\x7e\s]/gu;
const MARKS = /\p{M}+/gu;

/** Quotation marks and dashes as a keyboard has them. @type {Record<string, string>} */
const PLAIN = { "‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-" };

/**
 * Make a text comparable: lower case, without accents, each run of white space one space.
 *
 * @param {string} text
 * @returns {Folded}
 */
export function fold(text) {
  /** @type {string[]} */
  const pieces = [];
  /** @type {number[]} */
  const starts = [];
  for (const { 0: run, index } of text.matchAll(RUN)) {
    const first = run.charCodeAt(0);
    if (first > 0x20 && first < 0x7f) {
      pieces.push(run.toLowerCase());
      for (let at = index; at < index + run.length; at++) starts.push(at);
      continue;
    }
    const piece = run.trim() === "" ? " " : (PLAIN[run] ?? foldCharacter(run));
    pieces.push(piece);
    for (let unit = 0; unit < piece.length; unit++) starts.push(index);
  }
  return { folded: pieces.join(""), starts };
}

/** @param {string} character */
function foldCharacter(character) {
  // Decomposed twice: lower case may bring marks of its own (İ).
  return character.normalize("NFD").toLowerCase().normalize("NFD").replace(MARKS, "");
}

/**
 * Find all places of some words, from left to right, none within another. A match holds whole characters: a Korean
 * syllable is not found by its beginning, and an accent belongs to its letter.
 *
 * @param {string} text
 * @param {Folded} inText what `fold` made of it
 * @param {string} words
 * @returns {Range[]} in UTF-16 units of the text
 */
export function findAll(text, { folded, starts }, words) {
  const needle = fold(words).folded.trim();
  /** @type {Range[]} */
  const found = [];
  if (needle === "") return found;
  for (let at = folded.indexOf(needle); at >= 0; ) {
    const end = at + needle.length;
    const whole = starts[at - 1] !== starts[at] && starts[end - 1] !== starts[end];
    if (whole) found.push({ start: starts[at], end: starts[end] ?? text.length });
    at = folded.indexOf(needle, whole ? end : at + 1);
  }
  return found;
}
