/** Several figures for the same thing as a ledger: who says what, when and where. Never an average. */

import { el } from "../lib/dom.js";
import { badge } from "./badge.js";
import { notes, toldBesides } from "./besides.js";
import { figureButton, chipOf } from "./cite.js";
import { exportBar, tableExports } from "./export_bar.js";
import { rangeBar, sharedScale } from "./range_bar.js";

/**
 * @typedef {import("../lib/types.js").Answer} Answer
 * @typedef {import("../lib/types.js").Estimate} Estimate
 * @typedef {{head: string, of: (row: Estimate) => string | null}} Column
 */

/** @type {Column[]} */
const COLUMNS = [
  // "defectors: are staying in China" is the subject and what is said of it; "there were" says nothing more.
  { head: "What", of: (row) => row.what.replace(/: there (?:is|are|was|were)$/, "").replace(": ", " … ") },
  { head: "Who says so", of: (row) => row.claimant },
  { head: "When", of: (row) => row.period ?? "undated" },
  { head: "Where", of: (row) => row.where },
];

/**
 * @param {Answer} answer
 * @param {import("./cite.js").Opening} actions
 * @returns {HTMLElement | null} null where the answer has no figures to choose from
 */
export function ledgerFigure(answer, actions) {
  const rows = answer.estimates ?? [];
  if (rows.length === 0) return null;
  const { columns, common } = layOut(rows);
  const top = sharedScale(rows);
  const title = `${rows.length} ${rows.length === 1 ? "figure" : "figures"}, newest first${common}`;
  const heads = ["Figure", ...columns.map((column) => column.head), "Source"].map((head) =>
    el("th", { role: "columnheader", scope: "col" }, head),
  );
  const besides = toldBesides(answer, rows.map((row) => row.citation));
  return el(
    "div",
    { class: "view ledger-view", role: "group", "aria-label": "Figures in the text" },
    el(
      "table",
      // The roles are said again: where it is narrow the rows are blocks, which some browsers then take for no table.
      { class: "ledger", role: "table" },
      el("caption", { class: "view-title" }, title),
      el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, ...heads)),
      el("tbody", { role: "rowgroup" }, ...rows.map((row) => line(answer, row, columns, top, actions))),
    ),
    top !== null &&
      el("p", { class: "figure-note" }, `Bars: low to high, on one scale from 0 to ${top.toLocaleString("en")}.`),
    ...notes(answer, besides, actions),
    exportBar(tableExports(answer.question, () => csvRows(rows))),
  );
}

/**
 * Leave out the columns that say nothing; a place that is the same in all rows is said once, above.
 *
 * @param {Estimate[]} rows
 */
function layOut(rows) {
  const same = rows.length > 1 && rows.every((row) => row.where && row.where === rows[0].where);
  const columns = COLUMNS.filter(({ head, of }) => rows.some(of) && !(head === "Where" && same));
  return { columns, common: same ? ` · ${rows[0].where}` : "" };
}

/**
 * @param {Answer} answer
 * @param {Estimate} row
 * @param {Column[]} columns
 * @param {number | null} top
 * @param {import("./cite.js").Opening} actions
 */
function line(answer, row, columns, top, actions) {
  const figure = { label: row.what, value: row.value, start: row.start, end: row.end };
  const unit = row.unit && !row.value.includes(row.unit) ? ` ${row.unit}` : null;
  const cells = columns.map(({ head, of }) => {
    const said = of(row);
    return el("td", { role: "cell", "data-head": head, class: said ? null : "empty" }, said ?? "not stated");
  });
  return el(
    "tr",
    { role: "row" },
    el(
      "th",
      { role: "rowheader", scope: "row" },
      row.hedge && `${row.hedge} `,
      figureButton(answer, row.citation, figure, actions),
      unit,
      ...row.flags.flatMap((flag) => [" ", badge(flag)]),
      top !== null && rangeBar(row, top),
    ),
    ...cells,
    el("td", { role: "cell", "data-head": "Source" }, chipOf(answer, row.citation, actions)),
  );
}

/** @param {Estimate[]} rows */
function csvRows(rows) {
  const heads = ["figure", "hedge", "low", "high", "unit", "what", "who says so", "when", "where", "flags", "citation"];
  const lines = rows.map((row) => [
    row.value, row.hedge, row.low, row.high, row.unit, row.what, row.claimant, row.period, row.where, row.flags.join("; "),
    row.citation,
  ]);
  return [heads, ...lines];
}
