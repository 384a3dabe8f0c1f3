/** Citations: the chip at a claim, and the list of proofs with their excerpts. */

import { button, el, outsideLink } from "../lib/dom.js";
import { BESIDE } from "../lib/layout.js";
import { citationAddress } from "../lib/places.js";
import { flagInWords, placeInWords } from "../lib/words.js";
import { badge } from "./badge.js";
import { preview } from "./preview.js";

/**
 * @typedef {import("./cite.js").Opening} Opening
 * @typedef {import("../lib/types.js").Citation} Citation
 */

const MOST_UNFOLDED = 5;

/**
 * Make the number that stands for a citation: it shows the excerpt when pointed at or focused, and opens the source.
 *
 * @param {Citation} citation
 * @param {Opening} actions
 */
export function citationChip(citation, actions) {
  const chip = numberButton(citation, actions);
  preview(chip, () => [
    el("p", { class: "place" }, placeInWords(citation.document_title, citation.section)),
    el("p", { class: "excerpt" }, citation.cited_text),
    ...citation.flags.map(badge),
  ]);
  return chip;
}

/**
 * The list of proofs. A long one is folded where it stands below the answer and not beside it: the chips show each excerpt.
 *
 * @param {Citation[]} citations
 * @param {Opening} actions
 * @returns {HTMLElement[]}
 */
export function proofs(citations, actions) {
  const items = citations.map((citation, place) => {
    const opener = numberButton(citation, actions);
    return el("li", {}, opener, el("div", {}, ...passage(citation, opener, actions), creditAfter(citations[place - 1], citation)));
  });
  const list = el("ol", { class: "citations" }, ...items);
  const title = citations.length === 1 ? "Proof" : `Proofs (${citations.length})`;
  const kicker = el("h3", { class: "kicker" }, title);
  if (citations.length <= MOST_UNFOLDED) return [kicker, list];
  return [el("details", { class: "proofs", open: BESIDE.matches }, el("summary", {}, kicker), list)];
}

/** Passages that come near, under a refusal. @param {Citation[]} citations @param {Opening} actions */
export function closestPassages(citations, actions) {
  const items = citations.map((citation, place) => {
    const opener = button("Open in the source", () => actions.openCitation(citation, opener), { class: "plain" });
    return el("li", {}, el("div", {}, ...passage(citation, opener, actions), creditAfter(citations[place - 1], citation), opener));
  });
  return [
    el("h3", { class: "kicker" }, "Closest passages – not an answer"),
    el("ul", { class: "citations closest" }, ...items),
  ];
}

/** @param {Citation} citation @param {Opening} actions */
function numberButton(citation, actions) {
  const label = `${citation.number}, show this citation in the source`;
  const element = button(String(citation.number), () => actions.openCitation(citation, element), {
    class: "cite",
    "aria-label": label,
  });
  return element;
}

/**
 * @param {Citation} citation
 * @param {HTMLElement} opener the button beside it: the keyboard's way to what a click on the quotation does
 * @param {Opening} actions
 */
function passage(citation, opener, actions) {
  const quotation = el("blockquote", {}, citation.cited_text);
  quotation.addEventListener("click", () => {
    if (window.getSelection()?.isCollapsed ?? true) actions.openCitation(citation, opener);
  });
  const place = placeInWords(citation.document_title, citation.section);
  return [
    el("p", { class: "place" }, el("a", { href: citationAddress(citation) }, place)),
    quotation,
    ...citation.flags.map((flag) => el("p", { class: "flag" }, badge(flag), ` ${flagInWords(flag)}`)),
    citation.cells.length > 0 && cellTable(citation),
  ];
}

/**
 * Who wrote it, when, where it comes from and under which licence, as far as that is known; once for excerpts of one
 * document that follow each other.
 *
 * @param {Citation | undefined} before
 * @param {Citation} citation
 */
function creditAfter(before, { document_id, author, date, url, licence }) {
  const known = [author, date, url && outsideLink(hostOf(url), url), licence].filter(Boolean);
  if (known.length === 0 || before?.document_id === document_id) return null;
  return el("p", { class: "by" }, ...known.flatMap((part, place) => (place > 0 ? [" · ", part] : [part])));
}

/** @param {string} url */
function hostOf(url) {
  return url.replace(/^https?:\/\//i, "").split("/")[0];
}

/** @param {Citation} citation */
function cellTable(citation) {
  const heads = ["Row", "Column", "Value"].map((name) => el("th", { scope: "col" }, name));
  const rows = citation.cells.map((cell) =>
    el("tr", {}, el("td", {}, cell.row), el("td", {}, cell.column), el("td", { class: "value" }, cell.value)),
  );
  return el("table", { class: "cells" }, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows));
}
