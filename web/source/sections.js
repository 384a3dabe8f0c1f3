/** Names the section of a document in which something stands. */

/**
 * @param {import("../lib/types.js").DocumentText} document
 * @param {number} point an offset in code points
 * @returns {string[]} the headings above it, none before the first
 */
export function sectionAt(document, point) {
  const inside = document.outline.filter(({ start, end }) => start <= point && point < end);
  return inside.reduce((/** @type {string[]} */ path, one) => (one.path.length > path.length ? one.path : path), []);
}
