/** Shows which documents there are: beside the conversation, as openers under the empty page, and in the colophon. */

import { button, el, outsideLink } from "../lib/dom.js";
import { sourceAddress } from "../lib/places.js";

/**
 * @typedef {import("../lib/types.js").DocumentInfo} DocumentInfo
 *
 * @typedef {object} DocumentActions
 * @property {(documentId: string, heading: string | null, opener: HTMLElement) => void} openDocument
 * @property {(question: string) => void} draft puts a question into the box without asking it
 * @property {(question: string) => void} ask asks it at once
 */

const MOST_OPENERS = 5;
const MOST_LISTED = 3;
/** More documents than these stand here by their titles only. */
const MOST_CARDS = 5;
const MOST_TITLES = 20;

/**
 * The list beside the conversation: each document with its main headings, which open the source there.
 *
 * @param {DocumentInfo[]} documents
 * @param {DocumentActions} actions
 */
export function documentList(documents, actions) {
  const title = documents.length === 1 ? "The document" : `The ${documents.length} documents`;
  const head = el("h2", { class: "kicker" }, title);
  if (documents.length <= MOST_CARDS) return [head, ...documents.map((document) => documentCard(document, actions))];
  const links = documents
    .slice(0, MOST_TITLES)
    .map(({ id, title }) => el("li", {}, el("a", { class: "entry-link", href: sourceAddress(id) }, title)));
  const all = documents.length > MOST_TITLES && el("li", {}, el("a", { class: "entry-link", href: "/source" }, `All ${documents.length} documents`));
  return [head, el("ul", { class: "card" }, ...links, all)];
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
    el("p", { class: "by" }, by, " · ", el("a", { href: sourceAddress(document.id) }, "Read it on a page of its own")),
    el("ul", {}, ...document.headings.map((heading) => el("li", {}, opener(heading, heading)))),
  );
}

/**
 * Buttons with first questions. Those of the service are known to be answered, so they are asked at once; without them
 * there are the main headings of the first document, which draft a question and promise no more than that.
 *
 * @param {DocumentInfo[]} documents
 * @param {string[]} questions
 * @param {DocumentActions} actions
 */
export function openers(documents, questions, actions) {
  if (questions.length > 0) {
    const chips = questions.map((question) => el("li", {}, button(question, () => actions.ask(question), { class: "chip" })));
    return [el("h2", { class: "kicker" }, "You can ask"), el("ul", {}, ...chips)];
  }
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
    source.date && `, ${source.date}`,
    (source.source || source.url) && ". Source: ",
    (source.source || source.url) && outsideLink(source.source ?? source.url ?? "", source.url),
    source.retrieved && `, retrieved ${source.retrieved}`,
    source.licence ? ". Licence: " : ". No licence is stated",
    source.licence && outsideLink(source.licence, source.licence_url),
    ".",
  );
}
