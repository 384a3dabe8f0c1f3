/** A document on a page of its own: its outline and tools beside it, opened at the place that the address names. */

import { listDocuments, readDocument, ServiceError } from "../lib/api.js";
import { el, outsideLink } from "../lib/dom.js";
import { Offsets } from "../lib/offsets.js";
import { readPlace, sourceAddress } from "../lib/places.js";
import { Contents } from "./contents.js";
import { clearMarks, Finder } from "./finder.js";
import { Flags } from "./flags.js";
import { documentItems } from "./list.js";
import { Manuscript } from "./manuscript.js";
import { Passage } from "./passage.js";
import { reveal } from "./scrolling.js";
import { TextMap } from "./textmap.js";

/**
 * @typedef {import("../lib/types.js").DocumentText} DocumentText
 * @typedef {import("../routes.js").Page} Page
 * @typedef {import("../routes.js").Shell} Shell
 */


/**
 * @param {URL} address
 * @param {string} parameter
 * @param {Shell} shell
 * @returns {Promise<Page>}
 */
export async function open(address, parameter, shell) {
  try {
    return lay(await readDocument(parameter), address, shell);
  } catch (error) {
    if (!(error instanceof ServiceError) || error.status !== 404) throw error;
    return missing();
  }
}

/** @param {DocumentText} document @param {URL} address @param {Shell} shell @returns {Page} */
function lay(document, address, shell) {
  const offsets = new Offsets(document.text);
  const points = offsets.toPoints(document.text.length);
  const asked = readPlace(address);
  const place = { spans: within(asked.spans, points), cells: within(asked.cells, points) };
  const lost = place.spans.length + place.cells.length < asked.spans.length + asked.cells.length;
  /** @param {{span: import("../lib/places.js").Span}} heading */
  const linkTo = (heading) => sourceAddress(document.id, { spans: [heading.span] });
  const manuscript = new Manuscript(document, place, { top: 2, linkTo });

  /** Made when it is first needed. @type {TextMap | null} */
  let map = null;
  const textMap = () => (map ??= new TextMap(manuscript.element));
  const contents = new Contents(document.id, manuscript, shell);
  const flags = new Flags(document, manuscript, offsets, shell);
  const finder = new Finder(document.text, textMap, shell);
  const passage = new Passage(document, manuscript.element, textMap, offsets);
  clearMarks();
  const element = el(
    "div",
    { class: "reader" },
    header(document),
    el("div", { class: "reader-side" }, finder.element, flags.element, contents.element),
    el("div", { class: "reader-text" }, lost && beyond(), manuscript.element),
    passage.element,
  );
  return { title: document.title, element, ready };

  function ready() {
    contents.follow();
    passage.follow();
    const { target } = manuscript;
    if (target instanceof HTMLElement) reveal(target);
    flags.open(Number(address.searchParams.get("flag")));
    finder.box.value = address.searchParams.get("find") ?? "";
    if (finder.box.value) finder.find();
  }
}

/** @param {import("../lib/places.js").Span[]} spans @param {number} points */
function within(spans, points) {
  return spans.filter(({ end }) => end <= points);
}

function beyond() {
  return el("p", { class: "changed", role: "status" }, "This address names a place beyond the end of the document, so nothing is marked for it.");
}

/** @param {DocumentText} document */
function header({ title, text, outline, source }) {
  const words = text.split(/\s+/).filter(Boolean).length.toLocaleString("en");
  const sections = outline.filter(({ level }) => level > 0).length;
  const size = [`${words} words`, sections > 0 && `${sections} ${sections === 1 ? "section" : "sections"}`];
  const origin = source.source ?? source.url;
  return el(
    "header",
    { class: "page-head" },
    el("h1", {}, title),
    el("p", { class: "by" }, [source.author, source.date, ...size].filter(Boolean).join(" · ")),
    el(
      "p",
      { class: "by" },
      origin && "From ",
      origin && outsideLink(origin, source.url),
      origin && (source.retrieved ? `, retrieved ${source.retrieved}. ` : ". "),
      source.licence ? "Licence: " : "No licence is stated.",
      source.licence && outsideLink(source.licence, source.licence_url),
    ),
  );
}

/** Say that the document is gone, and which there are. @returns {Promise<Page>} */
async function missing() {
  const { documents } = await listDocuments();
  const element = el(
    "div",
    { class: "plain-page" },
    el("h1", {}, "This document has changed or was removed"),
    el("p", {}, "An address of a document is good for its present text only, so that what it marks is never something else. These are the documents there are now:"),
    documentItems(documents),
  );
  return { title: "Document not found", element };
}
