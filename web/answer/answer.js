/** Turns the JSON of an answer into DOM: an answer, a refusal, or a friendly line. */

import { button, el } from "../lib/dom.js";
import { confidenceInWords, flagInWords, placeInWords, reasonInWords } from "../lib/words.js";
import { badge } from "./badge.js";
import { figures, replacesShort, replacesText } from "./figures.js";

/**
 * @typedef {import("../lib/types.js").Answer} Answer
 * @typedef {import("../lib/types.js").Citation} Citation
 *
 * @typedef {object} Actions what the buttons of an answer do
 * @property {(citation: Citation, opener: HTMLElement) => void} openCitation
 * @property {(question: string) => void} ask
 */

/**
 * @param {Answer} answer
 * @param {Actions} actions
 * @returns {HTMLElement}
 */
export function renderAnswer(answer, actions) {
  const parts = { answered, declined, smalltalk }[answer.status] ?? declined;
  return el(
    "div",
    { class: `reply ${answer.status}` },
    answer.interpreted_as && el("p", { class: "reading" }, "Read as: ", el("q", {}, answer.interpreted_as)),
    ...parts(answer, actions),
    answer.suggestions?.length > 0 && suggestions(answer.suggestions, actions),
  );
}

/**
 * Say an answer in one string, for a single announcement.
 *
 * @param {Answer} answer
 */
export function answerInWords(answer) {
  const text = answer.text.replace(/\s*\[\d+\]/g, "");
  if (answer.status === "declined") return `No answer. ${reasonInWords(answer.reason)}. ${text}`;
  if (answer.status === "smalltalk") return text;
  const count = answer.citations.length;
  const short = answer.short ? `${answer.short}. ` : "";
  return `Answer: ${short}${text} ${count} ${count === 1 ? "citation" : "citations"}.`;
}

/** @param {Answer} answer @param {Actions} actions */
function answered(answer, actions) {
  const flags = [...new Set(answer.citations.flatMap((citation) => citation.flags))];
  const text = el("p", { class: "text" }, ...withMarkers(answer.text, answer.citations, actions, answer.short));
  return [
    answer.short && !replacesShort(answer) && el("p", { class: answer.short.length > 40 ? "short long" : "short" }, answer.short),
    !replacesText(answer) && text,
    ...figures(answer, actions),
    replacesText(answer) && el("details", { class: "retold" }, el("summary", {}, "The answer as text"), text),
    el(
      "p",
      { class: "confidence" },
      confidenceInWords(answer.confidence),
      ...flags.flatMap((flag) => [" ", badge(flag)]),
    ),
    el("h3", { class: "kicker" }, answer.citations.length === 1 ? "Proof" : "Proofs"),
    el("ol", { class: "citations" }, ...answer.citations.map((citation) => citationItem(citation, actions))),
  ];
}

/** @param {Answer} answer @param {Actions} actions */
function declined(answer, actions) {
  return [
    el("h3", { class: "no-answer" }, el("span", { class: "kicker" }, "No answer"), " ", reasonInWords(answer.reason)),
    el("p", { class: "text" }, ...withMarkers(answer.text, answer.citations, actions)),
    answer.citations.length > 0 &&
      el("ol", { class: "citations" }, ...answer.citations.map((citation) => citationItem(citation, actions))),
    answer.closest.length > 0 && el("h3", { class: "kicker" }, "Closest passages – not an answer"),
    answer.closest.length > 0 &&
      el("ul", { class: "citations closest" }, ...answer.closest.map((citation) => closestItem(citation, actions))),
  ];
}

/** @param {Answer} answer */
function smalltalk(answer) {
  return [el("p", { class: "text" }, answer.text)];
}

/**
 * Split a text at its markers: "[2]" becomes a button where citation 2 exists, and stays text where it does not.
 * The bare answer is set in bold where it stands first.
 *
 * @param {string} text
 * @param {Citation[]} citations
 * @param {Actions} actions
 * @param {string | null} [short]
 * @returns {(string | HTMLElement)[]}
 */
function withMarkers(text, citations, actions, short) {
  const byNumber = new Map(citations.map((citation) => [citation.number, citation]));
  let pending = short;
  return text.split(/(\[\d+\])/).flatMap((piece) => {
    const citation = /^\[\d+\]$/.test(piece) ? byNumber.get(Number(piece.slice(1, -1))) : undefined;
    if (citation) return [numberButton(citation, actions)];
    const at = pending ? piece.indexOf(pending) : -1;
    if (!pending || at < 0) return [piece];
    const bold = el("strong", { class: "answer" }, pending);
    const pieces = [piece.slice(0, at), bold, piece.slice(at + pending.length)];
    pending = null;
    return pieces;
  });
}

/** @param {Citation} citation @param {Actions} actions */
function numberButton(citation, actions) {
  const label = `${citation.number}, show this citation in the source`;
  const element = button(String(citation.number), () => actions.openCitation(citation, element), {
    class: "cite",
    "aria-label": label,
  });
  return element;
}

/** @param {Citation} citation @param {Actions} actions */
function citationItem(citation, actions) {
  const opener = numberButton(citation, actions);
  return el("li", {}, opener, el("div", {}, ...passage(citation, opener, actions)));
}

/** @param {Citation} citation @param {Actions} actions */
function closestItem(citation, actions) {
  const opener = button("Open in the source", () => actions.openCitation(citation, opener), { class: "plain" });
  return el("li", {}, el("div", {}, ...passage(citation, opener, actions), opener));
}

/**
 * @param {Citation} citation
 * @param {HTMLElement} opener the button beside it: the keyboard's way to what a click on the quotation does
 * @param {Actions} actions
 */
function passage(citation, opener, actions) {
  const quotation = el("blockquote", { title: "Show in the source" }, citation.cited_text);
  quotation.addEventListener("click", () => {
    if (window.getSelection()?.isCollapsed ?? true) actions.openCitation(citation, opener);
  });
  return [
    el("p", { class: "place" }, placeInWords(citation.document_title, citation.section)),
    quotation,
    ...citation.flags.map((flag) =>
      el("p", { class: "flag" }, badge(flag), ` ${flagInWords(flag)}`),
    ),
    citation.cells.length > 0 && cellTable(citation),
  ];
}

/** @param {Citation} citation */
function cellTable(citation) {
  const heads = ["Row", "Column", "Value"].map((name) => el("th", { scope: "col" }, name));
  const rows = citation.cells.map((cell) =>
    el("tr", {}, el("td", {}, cell.row), el("td", {}, cell.column), el("td", { class: "value" }, cell.value)),
  );
  return el("table", { class: "cells" }, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows));
}

/** @param {string[]} questions @param {Actions} actions */
function suggestions(questions, actions) {
  const items = questions.map((question) =>
    el("li", {}, button(question, () => actions.ask(question), { class: "chip" })),
  );
  return el("div", { class: "suggestions" }, el("h3", { class: "kicker" }, "You can ask"), el("ul", {}, ...items));
}
