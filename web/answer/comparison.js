/** Two or more figures side by side. Nothing is computed here: a difference stands in the formula, if the service gives it. */

import { el } from "../lib/dom.js";
import { notes, toldBesides } from "./besides.js";
import { figureButton } from "./cite.js";

/**
 * @param {import("../lib/types.js").Answer} answer
 * @param {import("./cite.js").Opening} actions
 * @returns {HTMLElement | null} null where nothing is compared
 */
export function comparisonFigure(answer, actions) {
  const sides = answer.sides ?? [];
  if (sides.length === 0) return null;
  const caveats = answer.computation?.caveats ?? [];
  const besides = toldBesides(answer, sides.map((side) => side.citation)).filter(
    ({ text }) => !caveats.some((caveat) => text.includes(caveat)),
  );
  // What stands before the figures, a table's title, belongs above them.
  const above = besides.filter(({ text }) => answer.text.startsWith(text));
  const below = besides.filter((told) => !above.includes(told));
  return el(
    "section",
    { class: "view comparison", "aria-label": "Comparison" },
    ...notes(answer, above, actions),
    el("dl", { class: "sides" }, ...sides.map((side) => sideBlock(answer, side, actions))),
    ...notes(answer, below, actions),
  );
}

/**
 * @param {import("../lib/types.js").Answer} answer
 * @param {import("../lib/types.js").Side} side
 * @param {import("./cite.js").Opening} actions
 */
function sideBlock(answer, side, actions) {
  const { label, value, unit, period, start, end } = side;
  const beside = unit && !value.includes(unit) ? unit : null;
  return el(
    "div",
    {},
    el("dt", {}, label),
    el(
      "dd",
      {},
      figureButton(answer, side.citation, { label, value, start, end }, actions),
      beside && el("span", { class: "unit" }, ` ${beside}`),
      period && el("span", { class: "period" }, period),
    ),
  );
}
