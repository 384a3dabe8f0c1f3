/** A computation as it is written on paper: every number of it that stands in the source opens its place there. */

import { el } from "../lib/dom.js";
import { figureButton } from "./cite.js";

/**
 * @typedef {import("../lib/types.js").Answer} Answer
 * @typedef {import("../lib/types.js").Operand} Operand
 * @typedef {{text: string, operand: Operand | null}} Piece
 */

// A longer sum is cut: its first two terms and its last one stand for the rest, which is listed below.
const MOST_TERMS = 6;
const MOST_LISTED = 6;

/**
 * @param {Answer} answer
 * @param {import("./cite.js").Opening} actions
 * @returns {HTMLElement | null} null where nothing was computed
 */
export function formulaFigure(answer, actions) {
  const { computation, chart } = answer;
  if (!computation) return null;
  const pieces = piecesOf(computation.formula, computation.operands);
  const shown = shorten(pieces);
  const listed = computation.operands.filter((operand) => !shown.some((piece) => piece.operand === operand));
  // A result without any of its numbers: where they come from has to be said.
  const equation = computation.formula.includes("=");
  const linked = shown.some((piece) => piece.operand);
  // The table beside a chart has the same cells already.
  const charted = listed.every(({ start }) => start !== null && chart?.cells?.some((cell) => cell.start === start));
  const caveats = computation.caveats.filter((caveat) => (answer.sides ?? []).length > 0 || !answer.text.includes(caveat));
  if (shown.length === 0 && listed.length === 0 && caveats.length === 0) return null;
  return el(
    "div",
    { class: "view computation", role: "group", "aria-label": "Computation" },
    el("p", { class: linked || equation ? "formula" : "formula words" }, ...shown.map((piece) => term(answer, piece, actions))),
    listed.length > 0 && !charted && operandList(answer, listed, actions),
    equation && !linked && charted && listed.length > 0 && el("p", { class: "figure-note" }, fromTable(listed)),
    ...caveats.map((caveat) => el("p", { class: "figure-note" }, caveat)),
  );
}

/**
 * Cut a formula at its operands: each number goes to the first operand of that value which has none yet, else to one of
 * that value again; a number that is no operand stays text.
 *
 * @param {string} formula
 * @param {Operand[]} operands
 * @returns {Piece[]}
 */
export function piecesOf(formula, operands) {
  const values = [...new Set(operands.map((operand) => operand.value))].filter((value) => /\d/.test(value));
  if (values.length === 0) return formula ? [{ text: formula, operand: null }] : [];
  // Longest first, and never inside another number: 63 is no part of 2,063 or of 63.5.
  const escaped = values.sort((a, b) => b.length - a.length).map((value) => value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(`(?<!\\d[.,]?)(${escaped.join("|")})(?![.,]?\\d|%)`);
  const free = new Set(operands);
  return formula
    .split(pattern)
    .map((text, index) => {
      if (index % 2 === 0) return { text, operand: null };
      const fitting = operands.filter((operand) => operand.value === text);
      const operand = fitting.find((one) => free.has(one)) ?? fitting[0];
      free.delete(operand);
      return { text, operand };
    })
    .filter(({ text }) => text !== "");
}

/** @param {Operand[]} operands */
function fromTable({ length }) {
  return `From ${length} ${length === 1 ? "cell" : "cells"} of the table below.`;
}

/** @param {Piece[]} pieces @returns {Piece[]} */
function shorten(pieces) {
  const terms = pieces.filter((piece) => piece.operand);
  if (terms.length <= MOST_TERMS) return pieces;
  const [second, last] = [pieces.indexOf(terms[1]), pieces.indexOf(terms[terms.length - 1])];
  const sign = pieces[second + 1];
  const rest = { text: `${sign.text}… ${sign.text.trim()} `, operand: null };
  return [...pieces.slice(0, second + 1), rest, ...pieces.slice(last)];
}

/**
 * @param {Answer} answer
 * @param {Piece} piece
 * @param {import("./cite.js").Opening} actions
 */
function term(answer, { text, operand }, actions) {
  if (operand) return el("span", { class: "operand" }, operandButton(answer, operand, actions));
  const at = text.lastIndexOf("= ");
  const [before, result] = at < 0 ? [text, ""] : [text.slice(0, at + 2), text.slice(at + 2)];
  return el("span", { class: "sign" }, before.trim(), result && el("strong", {}, ` ${result}`));
}

/**
 * @param {Answer} answer
 * @param {Operand[]} operands
 * @param {import("./cite.js").Opening} actions
 */
function operandList(answer, operands, actions) {
  const items = operands.map((operand) => el("li", {}, operandButton(answer, operand, actions)));
  const list = el("ul", { class: "operands" }, ...items);
  if (operands.length <= MOST_LISTED) return list;
  return el("details", { class: "all-operands" }, el("summary", {}, `${operands.length} cells`), list);
}

/**
 * @param {Answer} answer
 * @param {Operand} operand
 * @param {import("./cite.js").Opening} actions
 */
function operandButton(answer, operand, actions) {
  const label = el("span", { class: "of" }, operand.label);
  return figureButton(answer, operand.citation, operand, actions, el("span", { class: "number" }, operand.value), " ", label);
}
