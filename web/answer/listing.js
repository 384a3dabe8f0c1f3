/** The entries of a list, complete, with what was asked for and how many there are in all. */

import { el } from "../lib/dom.js";
import { notes, toldBesides } from "./besides.js";
import { chipOf } from "./cite.js";
import { copying, exportBar, tableExports } from "./export_bar.js";

/**
 * @typedef {import("../lib/types.js").Answer} Answer
 * @typedef {import("../lib/types.js").ListEntry} ListEntry
 * @typedef {import("../lib/types.js").Listing} Listing
 */

// From here on, entries stand closer together.
const MANY = 20;

/**
 * @param {Answer} answer
 * @param {import("./cite.js").Opening} actions
 * @returns {HTMLElement | null} null where there are no entries: the text says so
 */
export function listingFigure(answer, actions) {
  const { listing } = answer;
  if (!listing || listing.entries.length === 0) return null;
  const { entries } = listing;
  const besides = toldBesides(answer, entries.map((entry) => entry.citation));
  // The sentence that introduces the list is its title here, and keeps its citation.
  const lead = besides.find(({ text, numbers }) => numbers.length > 0 && bare(text) === bare(listing.heading));
  const leadNumbers = (lead?.numbers ?? []).map((number) => chipOf(answer, number, actions));
  const rest = besides.filter((told) => told !== lead);
  const noted = rest.some(({ text }) => / not stated\b/.test(text));
  return el(
    "div",
    { class: "view listing-view", role: "group", "aria-label": "List" },
    el("p", { class: "view-title" }, titleOf(listing), ...leadNumbers.flatMap((button) => [" ", button])),
    el(
      "ol",
      { class: entries.length > MANY ? "listing many" : "listing" },
      ...entries.map((entry) => el("li", {}, ...named(entry), " ", chipOf(answer, entry.citation, actions))),
    ),
    listing.unstated > 0 && !noted && el("p", { class: "figure-note" }, unstatedNote(listing)),
    ...notes(answer, rest, actions),
    exportBar([copying("Copy as text", () => asText(listing)), ...tableExports(listing.heading, () => csvRows(entries))]),
  );
}

/** @param {Listing} listing */
function titleOf({ heading, total, filter, entries }) {
  const noun = total === 1 ? "entry" : "entries";
  if (filter !== null) return `${entries.length} of ${total} ${noun} of “${heading}” (${filter})`;
  return `${total === 1 ? "The one" : "All " + total} ${noun} of “${heading}”`;
}

/** @param {Listing} listing */
function unstatedNote({ unstated, filter }) {
  const attributes = [...(filter ?? "").matchAll(/(?:^|; )([^:;]+):/g)].map(([, name]) => name);
  const what = attributes.length > 0 ? attributes.join(" or ") : "what was asked for";
  return `For ${unstated} ${unstated === 1 ? "entry" : "entries"} the ${what} is not stated.`.replace("the what", "what");
}

/** Set the name of an entry in bold where its text has it, else before it. @param {ListEntry} entry */
function named({ text, short }) {
  const at = text.indexOf(short);
  if (at < 0) return [el("strong", {}, short), " ", text];
  return [text.slice(0, at), el("strong", {}, short), text.slice(at + short.length)];
}

/** @param {string} text */
function bare(text) {
  return text.replace(/[\s:.“”"]+/g, " ").trim().toLowerCase();
}

/** @param {Listing} listing */
function asText(listing) {
  const lines = [titleOf(listing), ...listing.entries.map(({ text }) => `- ${text}`)];
  return `${lines.join("\n")}\n`;
}

/** @param {ListEntry[]} entries */
function csvRows(entries) {
  return [["name", "entry", "citation"], ...entries.map(({ short, text, citation }) => [short, text, citation])];
}
