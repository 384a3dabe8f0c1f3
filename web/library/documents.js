/** Shows which documents there are: beside the conversation, as openers under the empty page, and in the colophon. */

import { button, el, outsideLink } from "../lib/dom.js";

/**
 * @typedef {import("../lib/types.js").DocumentInfo} DocumentInfo
 *
 * @typedef {object} DocumentActions
 * @property {(documentId: string, heading: string | null, opener: HTMLElement) => void} openDocument
 * @property {(question: string) => void} draft puts a question into the box without asking it
 */

const MOST_OPENERS = 5;
const MOST_LISTED = 3;

/**
 * The list beside the conversation: each document with its main headings, which open the source there.
 *
 * @param {DocumentInfo[]} documents
 * @param {DocumentActions} actions
 */
export function documentList(documents, actions) {
  const title = documents.length === 1 ? "The document" : `The ${documents.length} documents`;
  return [el("h2", { class: "kicker" }, title), ...documents.map((document) => documentCard(document, actions))];
}

/** @param {DocumentInfo} document @param {DocumentActions} actions */
function documentCard(document, actions) {
  const by = [document.source.author, `${document.chars.toLocaleString("en")} characters`].filter(Boolean).join(" · ");
  /** @param {string} label @param {string | null} heading */
  const opener = (label, heading) => {
    const element = button(label, () => actions.openDocument(document.id, heading, element), { class: "entry-link" });
    return element;
  };
  return el(
    "section",
    { class: "card" },
    el("h3", {}, opener(document.title, null)),
    el("p", { class: "by" }, by),
    el("ul", {}, ...document.headings.map((heading) => el("li", {}, opener(heading, heading)))),
  );
}

/**
 * Buttons that draft a first question from the main headings of the first document. They promise no more than that: what
 * the document really answers, only the service can tell.
 *
 * @param {DocumentInfo[]} documents
 * @param {DocumentActions} actions
 */
export function openers(documents, actions) {
  const headings = documents[0]?.headings.slice(0, MOST_OPENERS) ?? [];
  if (headings.length === 0) return [];
  const items = headings.map((heading) =>
    el("li", {}, button(heading, () => actions.draft(`What does the text say about “${heading}”?`), { class: "chip" })),
  );
  const kicker = documents.length > 1 ? `From “${documents[0].title}”, ask about` : "Ask about";
  return [el("h2", { class: "kicker" }, kicker), el("ul", {}, ...items)];
}

/**
 * Who wrote the documents and under which licence they may be quoted.
 *
 * @param {DocumentInfo[]} documents
 */
export function colophon(documents) {
  const lines = documents.map(creditLine);
  if (lines.length <= MOST_LISTED) return lines;
  return [el("details", {}, el("summary", {}, `Sources and licences of the ${lines.length} documents`), ...lines)];
}

/** @param {DocumentInfo} document */
function creditLine({ title, source }) {
  return el(
    "p",
    {},
    el("cite", {}, title),
    source.author && `, by ${source.author}`,
    (source.source || source.url) && ". Source: ",
    (source.source || source.url) && outsideLink(source.source ?? source.url ?? "", source.url),
    source.retrieved && `, retrieved ${source.retrieved}`,
    source.licence ? ". Licence: " : ". No licence is stated",
    source.licence && outsideLink(source.licence, source.licence_url),
    ".",
  );
}
