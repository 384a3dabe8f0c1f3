/**
 * What the text of an answer tells besides the rows that a view shows: a table's title, a figure that is not the same, a
 * caveat. So a view can stand for the text and nothing is lost.
 */

import { el } from "../lib/dom.js";
import { chipOf } from "./cite.js";

/**
 * @typedef {import("../lib/types.js").Answer} Answer
 * @typedef {{text: string, numbers: number[]}} Told a stretch of the text and the citations that prove it
 */

/**
 * Return the stretches of the text that other citations than those of the rows prove, and what stands after the last one.
 *
 * @param {Answer} answer
 * @param {number[]} rows numbers of the citations of the rows
 * @returns {Told[]}
 */
export function toldBesides(answer, rows) {
  // Text and markers in turn: "One. [1] Two. [2][3] Note." becomes "One.", "[1]", "Two.", "[2][3]", "Note."
  const pieces = answer.text.split(/((?:\s*\[\d+\])+)/);
  /** @type {Told[]} */
  const besides = [];
  for (let at = 0; at < pieces.length; at += 2) {
    const text = pieces[at].replace(/^[\s:;,.]+/, "").trim();
    const numbers = (pieces[at + 1]?.match(/\d+/g) ?? []).map(Number);
    const told = numbers.length > 0 && numbers.every((number) => rows.includes(number));
    if (text !== "" && !told) besides.push({ text, numbers });
  }
  return besides;
}

/**
 * Set what is told besides as notes, each with its citations.
 *
 * @param {Answer} answer
 * @param {Told[]} besides
 * @param {import("./cite.js").Opening} actions
 */
export function notes(answer, besides, actions) {
  return besides.map(({ text, numbers }) =>
    el("p", { class: "figure-note" }, text, ...numbers.flatMap((number) => [" ", chipOf(answer, number, actions)])),
  );
}
