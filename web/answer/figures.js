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
  if (answer.status !== "answered") return [];
  const views = [comparisonFigure, formulaFigure, chartFigure, ledgerFigure, incidentsFigure, listingFigure];
  return views.flatMap((view) => view(answer, actions) ?? []);
}

/**
 * Tell whether the views say everything that the text says, so that the text need not stand beside them in full.
 *
 * @param {Answer} answer
 */
export function replacesText(answer) {
  return answer.status === "answered" && [rows("estimates"), rows("timeline"), rows("sides"), answer.listing?.entries].some(hasRows);

  /** @param {"estimates" | "timeline" | "sides"} name an older service does not send it */
  function rows(name) {
    return answer[name];
  }
}

/**
 * Tell whether the views say what the short answer says: a string of their figures or names.
 *
 * @param {Answer} answer
 */
export function replacesShort(answer) {
  return replacesText(answer) && !answer.computation && !/^\d+$/.test(answer.short ?? "");
}

/** @param {unknown[] | null | undefined} rows */
function hasRows(rows) {
  return rows !== null && rows !== undefined && rows.length > 0;
}
