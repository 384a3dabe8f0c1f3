/** What can be taken away: a conversation or an answer as files, or on the clipboard. */

import { catalogue } from "../lib/catalogue.js";
import { copy } from "../lib/clipboard.js";
import { button, el } from "../lib/dom.js";
import { download, fileName } from "../lib/download.js";
import { menu } from "../lib/menu.js";
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
 * The menu under an answer for whoever cites it.
 *
 * @param {Exchange} exchange
 */
export function citeMenu(exchange) {
  return menu("Cite", () => formatLines(exchange.question, [
    { label: "Markdown", extension: "md", type: "text/markdown", write: (documents) => answerAsMarkdown(exchange, documents) },
    ...referenceFormats(() => [exchange]),
  ]));
}

/**
 * The menu under the conversation.
 *
 * @param {() => Conversation} current
 */
export function exportMenu(current) {
  const made = menu("Export this conversation", () => formatLines(() => nameOf(current()), [
    { label: "Markdown", extension: "md", type: "text/markdown", write: (documents) => conversationAsMarkdown(current(), documents, new Date()) },
    ...referenceFormats(() => current().entries),
    { label: "JSON, to import again", extension: "json", type: "application/json", write: async () => exported(current(), await versionOfService(), new Date()) },
  ]));
  made.id = "export";
  return made;
}

/** @param {() => Exchange[]} entries @returns {Format[]} */
function referenceFormats(entries) {
  return [
    { label: "BibTeX", extension: "bib", type: "application/x-bibtex", write: (documents) => asBibtex(referencesOf(entries(), documents)) },
    { label: "CSL-JSON", extension: "csl.json", type: "application/json", write: (documents) => asCsl(referencesOf(entries(), documents)) },
  ];
}

/** @param {string | (() => string)} title @param {Format[]} formats */
function formatLines(title, formats) {
  return formats.map(({ label, extension, type, write }) => {
    const save = async () => download(fileName(typeof title === "string" ? title : title(), extension), type, await write(await catalogue()));
    const line = [
      el("span", {}, label),
      button("Copy", async () => void copy(await write(await catalogue())), { class: "quiet", "aria-label": `Copy ${label}` }),
      button("Save", () => void save(), { class: "quiet", "aria-label": `Save ${label}` }),
    ];
    return el("p", { class: "menu-line" }, ...line);
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
