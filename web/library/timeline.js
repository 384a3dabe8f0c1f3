/** What happened when: the dated incidents of the documents, by year. */

import { el } from "../lib/dom.js";
import { clip } from "../lib/words.js";
import { factPlace, flagBadges } from "./fact_words.js";
import { filteredList } from "./filters.js";
import { listIncidents } from "./requests.js";

/**
 * @typedef {import("./requests.js").TimelineRow} TimelineRow
 * @typedef {import("./filters.js").Field} Field
 */

/** @type {Field[]} */
const FIELDS = [
  { name: "place", label: "Place", kind: "text" },
  { name: "outcome", label: "What happened", kind: "text", hint: "in a word or two" },
  { name: "from", label: "From year", kind: "year" },
  { name: "to", label: "To year", kind: "year" },
];

/**
 * @param {URL} address
 * @param {string | null} _
 * @param {import("../routes.js").Shell} shell
 * @returns {Promise<import("../routes.js").Page>}
 */
export async function open(address, _, shell) {
  const list = await filteredList(FIELDS, address.searchParams, shell, fill);
  const element = el(
    "div",
    { class: "plain-page" },
    el("h1", {}, "Timeline"),
    el("p", { class: "lead" }, "What the text dates, in order, in its own words. Do not add up the numbers of people: the same people may stand in several rows."),
    list,
  );
  return { title: "Timeline", element };
}

/** @param {URLSearchParams} query */
async function fill(query) {
  const rows = await listIncidents(query);
  if (rows.length === 0) {
    return [el("p", { class: "none", role: "status" }, "The text dates nothing like that. Take out a filter, or widen the years.")];
  }
  const count = `${rows.length} ${rows.length === 1 ? "incident" : "incidents"}`;
  const groups = Map.groupBy(rows, (row) => row.event.period?.start?.slice(0, 4) ?? "Without a year");
  return [
    el("p", { class: "count", role: "status" }, count),
    ...[...groups].map(([year, group]) =>
      el("section", { class: "year", "aria-label": year }, el("h2", {}, year), el("ol", {}, ...group.map(item))),
    ),
  ];
}

/** @param {TimelineRow} row */
function item({ text, again, event }) {
  // The row begins with its date.
  const colon = text.indexOf(": ");
  const [date, words] = colon < 0 ? ["", text] : [text.slice(0, colon), text.slice(colon + 2)];
  const notes = [
    again && `“${again}”: may be people of an earlier row`,
    event.hedge && !words.includes(event.hedge) && event.hedge,
    event.claimant && !words.includes(event.claimant) && `according to ${event.claimant}`,
    event.where && !words.includes(event.where) && event.where,
  ].filter(Boolean);
  return el(
    "li",
    {},
    el("p", { class: "date" }, date),
    el(
      "div",
      {},
      el("p", {}, words, ...flagBadges(event.flags)),
      el("p", { class: "by" }, ...notes.map((note) => `${note} · `), sourceLink(event, `${date}, ${clip(words, 60)}`)),
    ),
  );
}

/** @param {TimelineRow["event"]} event @param {string} what it leads to, for those who hear the link by itself */
function sourceLink(event, what) {
  const label = event.path.length > 0 ? `In the source, under “${event.path.at(-1)}”` : "In the source";
  return el("a", { href: factPlace(event), "aria-label": `${label}: ${what}` }, label);
}
