/** Incidents by date, with filters where there are many. */

import { button, el } from "../lib/dom.js";
import { badge } from "./badge.js";
import { notes, toldBesides } from "./besides.js";
import { chipOf } from "./cite.js";
import { exportBar, tableExports } from "./export_bar.js";

/**
 * @typedef {import("../lib/types.js").Answer} Answer
 * @typedef {import("../lib/types.js").Incident} Incident
 * @typedef {{incident: Incident, element: HTMLElement}} Row
 */

// Fewer rows are read faster than a filter is set.
const FEWEST_TO_FILTER = 7;
const NOT_STATED = "\u0000";

/**
 * @param {Answer} answer
 * @param {import("./cite.js").Opening} actions
 * @returns {HTMLElement | null} null where the answer has no incidents
 */
export function incidentsFigure(answer, actions) {
  const timeline = answer.timeline ?? [];
  if (timeline.length === 0) return null;
  const rows = timeline.map((incident) => ({ incident, element: row(answer, incident, actions) }));
  const count = el("p", { class: "view-title", role: "status" }, counted(rows.length, rows.length));
  const besides = toldBesides(answer, timeline.map((incident) => incident.citation));
  const shown = () => rows.filter(({ element }) => !element.hidden).map(({ incident }) => incident);
  return el(
    "div",
    { class: "view incidents-view", role: "group", "aria-label": "Incidents by date" },
    count,
    rows.length >= FEWEST_TO_FILTER && filters(rows, count),
    el("ol", { class: "incidents" }, ...rows.map(({ element }) => element)),
    timeline.some(({ again }) => again) &&
      el("p", { class: "figure-note" }, "Do not add the numbers up: some rows may tell of the same people."),
    ...notes(answer, besides, actions),
    exportBar(tableExports(answer.question, () => csvRows(shown()))),
  );
}

/**
 * @param {Answer} answer
 * @param {Incident} incident
 * @param {import("./cite.js").Opening} actions
 */
function row(answer, incident, actions) {
  // "29 November 2019 (“the next day” in the text)": how the date was found is said, but smaller.
  const [, date, origin] = /^(.*?)(?: (\(.*\)))?$/s.exec(incident.date) ?? [];
  const flags = incident.flags.flatMap((flag) => [badge(flag), " "]);
  return el(
    "li",
    {},
    el("p", { class: "date" }, date, origin && el("span", { class: "origin" }, ` ${origin}`)),
    el(
      "div",
      {},
      el("p", {}, incident.text, " ", ...flags, chipOf(answer, incident.citation, actions)),
      incident.again && el("p", { class: "again" }, `“${incident.again}” may be people of an earlier row`),
    ),
  );
}

/**
 * Make the filters; each change shows and counts the rows that pass all of them.
 *
 * @param {Row[]} rows
 * @param {HTMLElement} count
 */
function filters(rows, count) {
  const words = el("input", { type: "search", autocomplete: "off" });
  const places = new Set(rows.map(({ incident }) => incident.where).filter((where) => where !== null));
  const options = [...places].sort((a, b) => a.localeCompare(b)).map((place) => el("option", { value: place }, place));
  const unstated = rows.some(({ incident }) => incident.where === null);
  const none = unstated && el("option", { value: NOT_STATED }, "not stated in the row");
  const place = el("select", {}, el("option", { value: "" }, "all"), ...options, none);
  const flagged = el("input", { type: "checkbox" });
  const all = () => {
    [words.value, place.value, flagged.checked] = ["", "", false];
    apply();
    words.focus();
  };
  const empty = el("p", { hidden: true }, "No incident fits. ", button("Show all", all, { class: "plain" }));
  const apply = () => {
    const wanted = words.value.trim().toLowerCase();
    for (const { incident, element } of rows) {
      const { where, flags } = incident;
      const here = place.value === "" || place.value === (where ?? NOT_STATED);
      const said = `${incident.date} ${incident.text} ${where ?? ""}`.toLowerCase().includes(wanted);
      element.hidden = !(here && said && (!flagged.checked || flags.length > 0));
    }
    const shown = rows.filter(({ element }) => !element.hidden).length;
    count.textContent = counted(shown, rows.length);
    empty.hidden = shown > 0;
  };
  for (const control of [words, place, flagged]) control.addEventListener("input", apply);
  return el(
    "div",
    { class: "row-filters", role: "group", "aria-label": "Filter the incidents" },
    el("label", {}, "Words ", words),
    places.size > 0 && el("label", {}, "Place ", place),
    rows.some(({ incident }) => incident.flags.length > 0) &&
      el("label", { class: "check" }, flagged, " Flagged by the source"),
    empty,
  );
}

/** @param {number} shown @param {number} all */
function counted(shown, all) {
  const noun = all === 1 ? "incident" : "incidents";
  return shown === all ? `${all} ${noun}` : `${shown} of ${all} ${noun}`;
}

/** @param {Incident[]} timeline */
function csvRows(timeline) {
  const heads = ["date", "from", "to", "incident", "where", "may be people of an earlier row", "flags", "citation"];
  const lines = timeline.map((one) => [
    one.date, one.start_date, one.end_date, one.text, one.where, one.again, one.flags.join("; "), one.citation,
  ]);
  return [heads, ...lines];
}
