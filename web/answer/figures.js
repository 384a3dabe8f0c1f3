/** The views of an answer that is more than a sentence: figures, charts, ledgers, timelines, lists. */

import { chartFigure } from "./chart.js";
import { comparisonFigure } from "./comparison.js";
import { formulaFigure } from "./formula.js";
import { incidentsFigure } from "./incidents.js";
import { ledgerFigure } from "./ledger.js";
import { listingFigure } from "./listing.js";

/** @typedef {import("../lib/types.js").Answer} Answer */

/**
 * Return the views of an answer, in the order to show them; none for an ordinary answer.
 *
 * @param {Answer} answer
 * @param {import("./cite.js").Opening} actions
 * @returns {HTMLElement[]}
 */
export function figures(answer, actions) {
  const views = [comparisonFigure, formulaFigure, chartFigure, ledgerFigure, incidentsFigure, listingFigure];
  return views.flatMap((view) => view(answer, actions) ?? []);
}
