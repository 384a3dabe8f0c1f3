/** A bar from the low to the high end of a figure, on one scale for all rows. For the eye only: the row has the numbers. */

import { niceTicks } from "./scale.js";
import { svg } from "./svg.js";

/** @typedef {import("../lib/types.js").Estimate} Estimate */

/**
 * Return the top of the scale that rows share; null where they do not count in the same unit or have no bounds.
 *
 * @param {Estimate[]} rows
 */
export function sharedScale(rows) {
  const highs = rows.map((row) => row.high);
  const fit = rows.every((row) => row.unit === rows[0].unit && row.low !== null && row.high !== null && row.low >= 0);
  if (!fit || rows.length < 2) return null;
  const most = Math.max(...highs.map(Number));
  return most > 0 ? /** @type {number} */ (niceTicks(0, most, 4).at(-1)) : null;
}

/** @param {Estimate} row @param {number} top */
export function rangeBar(row, top) {
  const [low, high] = [Number(row.low), Number(row.high)].map((value) => (100 * value) / top);
  // A single figure is a mark as wide as the eye needs, which stays inside the scale.
  const width = Math.max(high - low, 1.5);
  return svg(
    "svg",
    { class: "range", viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("rect", { class: "range-scale", x: 0, y: 2.5, width: 100, height: 1 }),
    svg("rect", { class: "range-bar", x: Math.min(low, 100 - width), y: 0, width, height: 6 }),
  );
}
