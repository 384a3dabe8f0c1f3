/** The facts that were read from the documents, as a table that can be filtered. */

import { listDocuments } from "../lib/api.js";
import { el } from "../lib/dom.js";
import { withQuery } from "../lib/query.js";
import { factPlace, flagBadges, KINDS, valueInWords } from "./fact_words.js";
import { filteredList } from "./filters.js";
import { listFacts } from "./requests.js";

/**
 * @typedef {import("./requests.js").Fact} Fact
 * @typedef {import("./filters.js").Field} Field
 */

const PAGE = 50;
const COLUMNS = ["What", "Value", "When", "Where", "Who says so", "Source"];

/**
 * @param {URL} address
 * @param {string | null} _
 * @param {import("../routes.js").Shell} shell
 * @returns {Promise<import("../routes.js").Page>}
 */
export async function open(address, _, shell) {
  const { documents } = await listDocuments();
  /** @type {[string, string][]} */
  const kinds = Object.entries(KINDS).map(([kind, { many }]) => [kind, many]);
  /** @type {Field[]} */
  const fields = [
    { name: "kind", label: "Kind", kind: "choice", choices: kinds },
    { name: "about", label: "About", kind: "text", hint: "any words" },
    { name: "flagged", label: "Only flagged sentences", kind: "check" },
  ];
  if (documents.length > 1) {
    fields.push({ name: "document", label: "Document", kind: "choice", choices: documents.map(({ id, title }) => [id, title]) });
  }
  const list = await filteredList(fields, address.searchParams, shell, fill);
  const element = el(
    "div",
    { class: "plain-page" },
    el("h1", {}, "Facts"),
    el("p", { class: "lead" }, "Figures, dates, definitions and lists that were read from the text by rule. Rules misread now and then: follow the link to the words themselves before you quote."),
    list,
  );
  return { title: "Facts", element };
}

/** @param {URLSearchParams} query @returns {Promise<Node[]>} the last page where the address asks for one behind it */
async function fill(query) {
  const offset = Number(query.get("offset") ?? 0);
  const asked = new URLSearchParams(query);
  asked.set("limit", String(PAGE));
  const { total, facts } = await listFacts(asked);
  const kind = /** @type {keyof typeof KINDS} */ (query.get("kind"));
  const help = KINDS[kind] && el("p", { class: "help" }, KINDS[kind].help);
  if (total === 0) {
    return [...(help ? [help] : []), el("p", { class: "none", role: "status" }, "No fact is like that. Choose another kind, or fewer words.")];
  }
  const last = offset + facts.length;
  if (facts.length === 0) return fill(withOffset(query, Math.floor((total - 1) / PAGE) * PAGE));
  const shown = `${number(offset + 1)}–${number(last)} shown`;
  const count = total > PAGE ? `${number(total)} facts, ${shown}` : `${number(total)} ${total === 1 ? "fact" : "facts"}`;
  const choice = withOffset(query, 0);
  const csv = el("a", { href: `/api/facts.csv${choice.size > 0 ? `?${choice}` : ""}`, download: "facts.csv" }, "Download these as CSV");
  return [
    ...(help ? [help] : []),
    el("p", { class: "count" }, el("span", { role: "status" }, count), " ", csv),
    table(facts),
    pages(offset, last, total),
  ];
}

/** @param {URLSearchParams} query @param {number} offset */
function withOffset(query, offset) {
  const other = new URLSearchParams(query);
  if (offset > 0) other.set("offset", String(offset));
  else other.delete("offset");
  return other;
}

/** @param {Fact[]} facts */
function table(facts) {
  // The roles are named because a phone shows the rows as blocks, and a table shown so would be none to a screen reader.
  const heads = COLUMNS.map((column) => el("th", { scope: "col", role: "columnheader" }, column));
  return el(
    "table",
    { class: "facts", role: "table", "aria-label": "Facts" },
    el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, ...heads)),
    el("tbody", { role: "rowgroup" }, ...facts.map(row)),
  );
}

/** @param {Fact} fact */
function row(fact) {
  const what = fact.attribute.includes(fact.subject) ? fact.attribute : `${fact.subject} – ${fact.attribute}`;
  const cells = [
    [el("a", { href: `/facts/${encodeURIComponent(fact.id)}` }, what), ...flagBadges(fact.flags)],
    valueInWords(fact),
    [fact.period?.text],
    [fact.where],
    [fact.claimant],
    [el("a", { href: factPlace(fact), "aria-label": `Show “${fact.value}” in the source` }, fact.path.at(-1) ?? "In the text")],
  ];
  return el(
    "tr",
    { role: "row" },
    ...cells.map((content, index) => el("td", { role: "cell", "data-column": COLUMNS[index], class: content.some(Boolean) ? null : "empty" }, ...content)),
  );
}

/** Links to the facts before and after. @param {number} offset @param {number} last @param {number} total */
function pages(offset, last, total) {
  const before = Math.max(0, offset - PAGE);
  return el(
    "nav",
    { class: "pages", "aria-label": "More facts" },
    offset > 0 && el("a", { href: withQuery({ offset: before ? String(before) : null }), rel: "prev" }, `Previous ${PAGE}`),
    last < total && el("a", { href: withQuery({ offset: String(last) }), rel: "next" }, `Next ${Math.min(PAGE, total - last)}`),
  );
}

/** @param {number} value */
function number(value) {
  return value.toLocaleString("en");
}
