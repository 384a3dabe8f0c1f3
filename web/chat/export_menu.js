/** What can be taken away: a conversation or an answer as files, or on the clipboard. */

import { catalogue } from "../lib/catalogue.js";
import { copy } from "../lib/clipboard.js";
import { button, el } from "../lib/dom.js";
import { download, fileName } from "../lib/download.js";
import { asBibtex, asCsl, referencesOf } from "./citations_export.js";
import { nameOf } from "./conversation.js";
import { answerAsMarkdown, conversationAsMarkdown } from "./export_markdown.js";
import { exported } from "./shelf.js";

/**
 * @typedef {import("./conversation.js").Conversation} Conversation
 * @typedef {import("./conversation.js").Exchange} Exchange
 * @typedef {import("./export_markdown.js").Documents} Documents
 * @typedef {{label: string, extension: string, type: string, write: (documents: Documents) => string | Promise<string>}} Format
 */

/**
 * The lines of the menu under an answer.
 *
 * @param {Exchange} exchange
 */
export function citeLines(exchange) {
  return formatLines(() => exchange.question, [
    { label: "Markdown", extension: "md", type: "text/markdown", write: (documents) => answerAsMarkdown(exchange, documents) },
    ...referenceFormats(() => [exchange]),
  ]);
}

/**
 * The lines of the menu under the conversation.
 *
 * @param {() => Conversation} current
 */
export function exportLines(current) {
  /** @param {Documents} documents */
  const markdown = (documents) => conversationAsMarkdown(current(), documents, new Date());
  const json = async () => exported(current(), await versionOfService(), new Date());
  return formatLines(() => nameOf(current()), [
    { label: "Markdown", extension: "md", type: "text/markdown", write: markdown },
    ...referenceFormats(() => current().entries),
    { label: "JSON, to import again", extension: "json", type: "application/json", write: json },
  ]);
}

/** @param {() => Exchange[]} entries @returns {Format[]} */
function referenceFormats(entries) {
  /** @param {Documents} documents */
  const bibtex = (documents) => asBibtex(referencesOf(entries(), documents));
  /** @param {Documents} documents */
  const csl = (documents) => asCsl(referencesOf(entries(), documents));
  return [
    { label: "BibTeX", extension: "bib", type: "application/x-bibtex", write: bibtex },
    { label: "CSL-JSON", extension: "csl.json", type: "application/json", write: csl },
  ];
}

/** @param {() => string} title @param {Format[]} formats */
function formatLines(title, formats) {
  return formats.map(({ label, extension, type, write }) => {
    const copyIt = async () => void copy(await write(await catalogue()));
    const save = async () => download(fileName(title(), extension), type, await write(await catalogue()));
    return el(
      "p",
      { class: "menu-line" },
      el("span", {}, label),
      button("Copy", () => void copyIt(), { class: "quiet", "aria-label": `Copy ${label}` }),
      button("Save", () => void save(), { class: "quiet", "aria-label": `Save ${label}` }),
    );
  });
}

/** @returns {Promise<string | null>} null where the service cannot be reached */
async function versionOfService() {
  try {
    return (await (await fetch("/openapi.json")).json()).info.version;
  } catch {
    return null;
  }
}
