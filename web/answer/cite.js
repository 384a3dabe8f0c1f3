/** The buttons that open the source: at a citation, or at one figure of it. */

import { el } from "../lib/dom.js";
import { citationChip } from "./citations.js";

/**
 * @typedef {import("../lib/types.js").Answer} Answer
 * @typedef {import("../lib/types.js").Citation} Citation
 * @typedef {{openCitation: (citation: Citation, opener: HTMLElement) => void}} Opening
 * @typedef {{label: string, series?: string, value: string, start: number | null, end: number | null}} Figure a figure as
 * written and its span in the document of its citation
 */

/**
 * Return a citation of an answer by its number.
 *
 * @param {Answer} answer
 * @param {number} number
 */
export function citationOf(answer, number) {
  return answer.citations.find((citation) => citation.number === number);
}

/**
 * The chip of a citation; nothing where the answer has no such citation.
 *
 * @param {Answer} answer
 * @param {number} number
 * @param {Opening} actions
 */
export function chipOf(answer, number, actions) {
  const citation = citationOf(answer, number);
  return citation ? citationChip(citation, actions) : null;
}

/**
 * A figure as a button that opens its own place in the source; plain text where it has none.
 *
 * @param {Answer} answer
 * @param {number} number of the citation
 * @param {Figure} figure
 * @param {Opening} actions
 * @param {...(Node | string)} children what is shown: the value, unless given
 * @returns {HTMLElement}
 */
export function figureButton(answer, number, figure, actions, ...children) {
  const shown = children.length > 0 ? children : [figure.value];
  const open = opener(answer, number, figure, actions);
  if (!open) return el("span", { class: "figure" }, ...shown);
  const element = el("button", { type: "button", class: "figure", title: "Show in the source" }, ...shown);
  element.addEventListener("click", () => open(element));
  return element;
}

/**
 * Return what opens the source at a figure, with exactly this figure highlighted; null where its place is not known.
 *
 * @param {Answer} answer
 * @param {number} number of the citation
 * @param {Figure} figure
 * @param {Opening} actions
 * @returns {((opener: HTMLElement) => void) | null}
 */
export function opener(answer, number, { label, series = "", value, start, end }, actions) {
  const citation = citationOf(answer, number);
  if (!citation || start === null || end === null) return null;
  const cells = [{ row: series, column: label, value, start, end }];
  return (element) => actions.openCitation({ ...citation, cells }, element);
}
