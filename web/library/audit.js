/** What the documents say against themselves. */

import { el } from "../lib/dom.js";
import { sourceAddress } from "../lib/places.js";
import { clip } from "../lib/words.js";
import { readAudit } from "./requests.js";

/** @typedef {import("./requests.js").Finding} Finding */

const SEVERITIES = [
  { code: "error", words: "Contradictions", help: "The text states two things that cannot both be right." },
  { code: "warning", words: "Doubts", help: "A figure is missing or does not quite fit, or an editor doubts the sentence." },
  { code: "note", words: "Worth knowing", help: "Nothing is wrong, but it is good to know before quoting." },
];
/** @type {Record<string, string>} */
const KINDS = {
  row_total: "Total of a row",
  column_total: "Total of a column",
  grand_total: "Total of totals",
  prose_table: "Sentence against table",
  flagged_sentence: "Flagged sentence",
  percentage_sum: "Shares that should make 100 %",
  percentage_range: "Shares above 100 %",
  no_time: "Figure without a time",
  empty_section: "Empty section",
  ignored_region: "Ignored region",
  set_aside_table: "Tables",
};
const MOST_PLACES = 6;
const MOST_MARKED = 100;
const MOST_CHARS = 60;

/** @returns {Promise<import("../routes.js").Page>} */
export async function open() {
  const { findings } = await readAudit();
  const failed = findings.filter(({ passed }) => !passed);
  const passed = findings.filter((finding) => finding.passed);
  const several = new Set(findings.map(({ document }) => document)).size > 1;
  const element = el(
    "div",
    { class: "plain-page" },
    el("h1", {}, "Audit"),
    el("p", { class: "lead" }, "When the documents are taken in, they are checked against themselves: do totals add up, does a sentence agree with the table, is a figure doubted by an editor? An answer that touches one of these findings says so."),
    el("p", { class: "count" }, `${failed.length} ${failed.length === 1 ? "finding" : "findings"}, ${passed.length} ${passed.length === 1 ? "check" : "checks"} passed`),
    findings.length === 0 && el("p", { class: "none" }, "There is nothing to report: no check applied to these documents."),
    ...SEVERITIES.flatMap(({ code, words, help }) => section(words, help, failed.filter(({ severity }) => severity === code), several)),
    ...section("Other findings", "", failed.filter(({ severity }) => !SEVERITIES.some(({ code }) => code === severity)), several),
    passed.length > 0 && el("details", { class: "passed" }, el("summary", {}, `${passed.length} ${passed.length === 1 ? "check" : "checks"} passed`), list(passed, several)),
  );
  return { title: "Audit", element };
}

/** @param {string} words @param {string} help @param {Finding[]} findings @param {boolean} several */
function section(words, help, findings, several) {
  if (findings.length === 0) return [];
  return [el("section", {}, el("h2", {}, `${words} (${findings.length})`), help && el("p", { class: "by" }, help), list(findings, several))];
}

/** @param {Finding[]} findings @param {boolean} several */
function list(findings, several) {
  return el("ul", { class: "findings" }, ...findings.map((finding) => item(finding, several)));
}

/** @param {Finding} finding @param {boolean} several whether it must be said of which document */
function item(finding, several) {
  const { kind, document, document_title: title, message, spans } = finding;
  const links = spans.map(({ start, end, text }) =>
    el("li", {}, el("a", { href: sourceAddress(document, { spans: [{ start, end }] }) }, clip(text.replace(/\s+/g, " "), MOST_CHARS))),
  );
  const places = el("ul", { class: "places", "aria-label": "Places in the source" }, ...links);
  // An address has no room for any number of places.
  const marked = spans.slice(0, MOST_MARKED);
  const which = marked.length < spans.length ? `The first ${marked.length} of ${spans.length}` : `All ${spans.length}`;
  const all = el("a", { href: sourceAddress(document, { spans: marked }) }, `${which} places marked in the source`);
  return el(
    "li",
    {},
    el("p", { class: "kicker" }, KINDS[kind] ?? kind.replaceAll("_", " "), several && ` · ${title}`),
    el("p", { class: "message" }, message),
    spans.length > 1 && el("p", { class: "by" }, all),
    spans.length > MOST_PLACES ? el("details", {}, el("summary", {}, "Each place by itself"), places) : spans.length > 0 && places,
  );
}
