/** All documents: what each is, where it comes from, and the way to read it. */

import { listDocuments } from "../lib/api.js";
import { el, outsideLink } from "../lib/dom.js";
import { sourceAddress } from "../lib/places.js";
import { withQuery } from "../lib/query.js";

/** @typedef {import("../lib/types.js").DocumentInfo} DocumentInfo */

/** More documents than this can be filtered by name. */
const MANY = 8;

/**
 * @param {URL} address
 * @param {string | null} _
 * @param {import("../routes.js").Shell} shell
 * @returns {Promise<import("../routes.js").Page>}
 */
export async function open(address, _, shell) {
  const { documents } = await listDocuments();
  const count = documents.length === 1 ? "one document" : `${documents.length} documents`;
  const element = el(
    "div",
    { class: "plain-page" },
    el("h1", {}, "Source"),
    el("p", { class: "lead" }, documents.length === 0 ? "There are no documents yet." : `Every answer comes from ${count}. Read for yourself:`),
    ...(documents.length > MANY ? filtered(documents, address, shell) : [documentItems(documents)]),
  );
  return { title: "Source", element };
}

/** @param {DocumentInfo[]} documents */
export function documentItems(documents) {
  return el("ul", { class: "document-list" }, ...documents.map(documentItem));
}

/** @param {DocumentInfo} document */
function documentItem({ id, name, title, chars, headings, source }) {
  const sections = `${headings.length} main ${headings.length === 1 ? "section" : "sections"}`;
  const facts = [source.author, `${chars.toLocaleString("en")} characters`, headings.length > 0 && sections, name];
  const origin = source.source ?? source.url;
  return el(
    "li",
    {},
    el("h2", {}, el("a", { href: sourceAddress(id) }, title)),
    el("p", { class: "by" }, facts.filter(Boolean).join(" · ")),
    el(
      "p",
      { class: "by" },
      origin && "From ",
      origin && outsideLink(origin, source.url),
      origin && ". ",
      source.retrieved ? `Retrieved ${source.retrieved}. ` : "When it was retrieved is not stated. ",
      source.licence ? "Licence: " : "No licence is stated.",
      source.licence && outsideLink(source.licence, source.licence_url),
    ),
  );
}

/**
 * A list with a box above it that narrows it by title, author and file name.
 *
 * @param {DocumentInfo[]} documents
 * @param {URL} address
 * @param {import("../routes.js").Shell} shell
 */
function filtered(documents, address, shell) {
  const box = el("input", { type: "search", id: "filter", autocomplete: "off" });
  box.value = address.searchParams.get("q") ?? "";
  const list = el("div");
  const count = el("p", { class: "count", role: "status" });
  const show = () => {
    const words = box.value.trim().toLowerCase();
    const found = documents.filter(({ title, name, source }) =>
      [title, name, source.author].some((text) => text?.toLowerCase().includes(words)),
    );
    count.textContent = found.length === 0 ? "No document is called that." : `${found.length} of ${documents.length} documents`;
    list.replaceChildren(documentItems(found));
  };
  box.addEventListener("input", () => {
    shell.replace(withQuery({ q: box.value.trim() }));
    show();
  });
  show();
  const form = el("form", { class: "filters", role: "search" }, el("p", {}, el("label", { for: "filter" }, "Title, author or file"), box));
  form.addEventListener("submit", (event) => event.preventDefault());
  return [form, count, list];
}
