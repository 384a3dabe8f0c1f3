/** The text of an answer: its claims, each with the chips of the citations that prove it. */

import { el } from "../lib/dom.js";
import { citationChip } from "./citations.js";

/**
 * @typedef {import("./answer.js").Actions} Actions
 * @typedef {import("../lib/types.js").Citation} Citation
 */

const MARK = /(\[\d+\])/;

/**
 * Split a text at its marks: "[2]" becomes a chip where citation 2 exists, and stays text where it does not. The bare
 * answer is set in bold where it stands first. What stands before a chip is the claim that it proves, and is underlined
 * while the chip is pointed at.
 *
 * @param {string} text
 * @param {Citation[]} citations
 * @param {Actions} actions
 * @param {string | null} [short]
 * @returns {HTMLElement}
 */
export function answerText(text, citations, actions, short = null) {
  const byNumber = new Map(citations.map((citation) => [citation.number, citation]));
  const paragraph = el("p", { class: "text" });
  let claim = el("span", { class: "claim" });
  let proved = false;
  let pending = short;
  for (const piece of text.split(MARK)) {
    const citation = MARK.test(piece) ? byNumber.get(Number(piece.slice(1, -1))) : undefined;
    if (citation) {
      claim.append(citationChip(citation, actions));
      proved = true;
      continue;
    }
    // White space between two marks belongs to the same claim.
    if (proved && piece.trim() !== "") {
      paragraph.append(claim);
      claim = el("span", { class: "claim" });
      proved = false;
    }
    const at = pending ? placeOf(pending, piece) : -1;
    if (pending && at >= 0) {
      claim.append(...sentence(piece.slice(0, at)), el("strong", { class: "answer" }, pending), piece.slice(at + pending.length));
      pending = null;
    } else claim.append(...sentence(piece));
  }
  paragraph.append(claim);
  return paragraph;
}

/** Find a word or figure that stands by itself: not the 12 in 2012. @param {string} words @param {string} text */
function placeOf(words, text) {
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
    const around = [text.slice(0, at), text.slice(at + words.length)];
    if (!/[\p{L}\p{N}]$/u.test(around[0]) && !/^[\p{L}\p{N}]/u.test(around[1])) return at;
  }
  return -1;
}

/** The space before a claim is not a part of it. @param {string} piece */
function sentence(piece) {
  return piece === "" ? [] : [el("span", { class: "words" }, piece)];
}
