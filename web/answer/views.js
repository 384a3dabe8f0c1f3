/** Which answers are more than sentences, and what their views say in place of the text; the views are in figures.js. */

import { loadPart, ServiceError } from "../lib/api.js";

/** @typedef {import("../lib/types.js").Answer} Answer */

/**
 * Fetch the views when the first answer needs them. Without them, and where they cannot be fetched, there are none.
 *
 * @param {Answer} answer
 * @param {import("./cite.js").Opening} actions
 * @returns {Promise<HTMLElement[]>}
 */
export async function viewsOf(answer, actions) {
  if (!replacesText(answer) && !answer.computation && !answer.chart) return [];
  const part = await loadPart(() => import("./figures.js")).catch(withoutViews);
  return part?.figures(answer, actions) ?? [];
}

/** The text says the same. @param {unknown} error @returns {null} */
function withoutViews(error) {
  if (error instanceof ServiceError) return null;
  throw error;
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
