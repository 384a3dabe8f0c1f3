/** A chart beside a table of the same numbers; every point and every number opens its cell in the source. */

import { el } from "../lib/dom.js";
import { slicePoints } from "../lib/offsets.js";
import { placeInWords } from "../lib/words.js";
import { drawChart } from "./chart_drawing.js";
import { citationOf, figureButton, opener } from "./cite.js";
import { exportBar, tableExports } from "./export_bar.js";
import { rove } from "./roving.js";
import { savePicture } from "./save_chart.js";

/**
 * @typedef {import("../lib/types.js").Answer} Answer
 * @typedef {import("../lib/types.js").Chart} Chart
 * @typedef {import("./chart_drawing.js").Point} Point
 * @typedef {import("./cite.js").Opening} Opening
 */

// More rows scroll, so that the table stays as high as the chart.
const MOST_ROWS = 12;

/**
 * @param {Answer} answer
 * @param {Opening} actions
 * @returns {HTMLElement | null} null where there is nothing to draw
 */
export function chartFigure(answer, actions) {
  const { chart } = answer;
  if (!chart || chart.x.length === 0 || chart.x.length !== chart.y.length) return null;
  const points = pointsOf(answer, chart, actions);
  const series = chart.unit && !chart.series.includes(chart.unit) ? `${chart.series} (${chart.unit})` : chart.series;
  const line = chart.kind === "line";
  const citation = citationOf(answer, chart.citation);
  /** @type {import("./save_chart.js").Picture} */
  const picture = {
    title: chart.title,
    source: citation ? `Source: ${placeInWords(citation.document_title, citation.section)}` : "",
    draw: (width) => drawChart(points, { line, series, width }),
  };
  /** @type {HTMLElement} */
  const figure = el(
    "figure",
    { class: "view chart-view" },
    el(
      "figcaption",
      {},
      el("span", { class: "view-title" }, chart.title),
      el("span", { class: "about" }, describe(points, series, line)),
    ),
    el(
      "div",
      { class: "chart-pair" },
      drawing(points, picture.draw, chart.title),
      numbersTable(answer, chart, points, series, actions),
    ),
    exportBar([
      ...tableExports(chart.title, () => [[headOf(chart), series], ...points.map(({ label, shown }) => [label, shown])]),
      { label: "Save SVG", run: () => savePicture(figure, picture, "svg") },
      { label: "Save PNG", run: () => savePicture(figure, picture, "png") },
    ]),
  );
  return figure;
}

/** @param {Answer} answer @param {Chart} chart @param {Opening} actions @returns {Point[]} */
function pointsOf(answer, chart, actions) {
  const used = new Set((answer.computation?.operands ?? []).map((operand) => operand.start));
  const hits = chart.x.map((_, at) => used.has(chart.cells?.[at]?.start ?? -1));
  // Where the answer rests on all of them, none stands out.
  const some = hits.includes(false);
  return chart.x.map((label, at) => {
    const shown = asWritten(answer, chart, at);
    const figure = { label, series: chart.series, value: shown, ...spanOf(chart, at) };
    const open = opener(answer, chart.citation, figure, actions);
    return { label, value: chart.y[at], shown, hit: some && hits[at], open };
  });
}

/** @param {Chart} chart @param {number} at */
function spanOf(chart, at) {
  const cell = chart.cells?.[at];
  return { start: cell?.start ?? null, end: cell?.end ?? null };
}

/**
 * Return a value as the source writes it, where its cell stands in the citation; else the number.
 *
 * @param {Answer} answer
 * @param {Chart} chart
 * @param {number} at
 */
function asWritten(answer, chart, at) {
  const citation = citationOf(answer, chart.citation);
  const { start, end } = spanOf(chart, at);
  const plain = chart.y[at].toLocaleString("en", { maximumFractionDigits: 6 });
  if (!citation || start === null || end === null) return plain;
  const inside = citation.start_char_index <= start && end <= citation.end_char_index;
  const first = citation.start_char_index;
  return (inside && slicePoints(citation.cited_text, start - first, end - first).trim()) || plain;
}

/** Say a chart in one sentence. @param {Point[]} points @param {string} series @param {boolean} line */
function describe(points, series, line) {
  const sorted = [...points].sort((a, b) => a.value - b.value);
  const [least, most] = [sorted[0], sorted[sorted.length - 1]];
  const span = `${points[0].label} to ${points[points.length - 1].label}`;
  const unlike = `lowest ${least.shown} (${least.label}), highest ${most.shown} (${most.label})`;
  const ends = least.value === most.value ? `always ${most.shown}` : unlike;
  return `${line ? "Line" : "Bars"}: ${series}, ${span}; ${ends}.`;
}

/**
 * Draw anew whenever the width changes, so that its letters are as large as those of the page on any screen.
 *
 * @param {Point[]} points
 * @param {(width: number) => SVGSVGElement} draw
 * @param {string} title
 */
function drawing(points, draw, title) {
  const holder = el("div", { class: "chart-holder", role: "group", "aria-label": `Chart: ${title}` });
  let drawn = 0;
  let current = Math.max(0, points.findIndex((point) => point.hit));
  /** @param {number} width */
  const show = (width) => {
    if (width < 1 || width === drawn) return;
    const focused = drawn > 0 && holder.contains(document.activeElement);
    drawn = width;
    const picture = draw(width);
    holder.replaceChildren(picture);
    const marks = /** @type {SVGGElement[]} */ ([...picture.querySelectorAll(".point")]);
    const values = [...picture.querySelectorAll(".value")];
    marks.forEach((mark, at) => {
      makeButton(mark, points[at].open);
      for (const event of ["pointerenter", "focus"]) mark.addEventListener(event, () => values[at].classList.add("now"));
      for (const event of ["pointerleave", "blur"]) mark.addEventListener(event, () => values[at].classList.remove("now"));
    });
    rove(marks, current, (at) => (current = at));
    if (focused) marks[current].focus();
  };
  // Not in the observer's own turn: a drawing of another height would have it called again at once.
  const observer = new ResizeObserver(([entry]) => requestAnimationFrame(() => show(Math.round(entry.contentRect.width))));
  observer.observe(holder);
  return holder;
}

/** @param {SVGGElement} mark @param {((opener: HTMLElement) => void) | null} open */
function makeButton(mark, open) {
  mark.setAttribute("role", open ? "button" : "img");
  if (!open) return;
  // The panel only marks and focuses what opened it, which an element of SVG can do as well.
  const run = () => open(/** @type {HTMLElement} */ (/** @type {unknown} */ (mark)));
  mark.addEventListener("click", run);
  mark.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    run();
  });
}

/** @param {Answer} answer @param {Chart} chart @param {Point[]} points @param {string} series @param {Opening} actions */
function numbersTable(answer, chart, points, series, actions) {
  const rows = points.map(({ label, shown, hit }, at) => {
    const figure = { label, series: chart.series, value: shown, ...spanOf(chart, at) };
    const value = figureButton(answer, chart.citation, figure, actions);
    return el("tr", { class: hit ? "hit" : null }, el("th", { scope: "row" }, label), el("td", {}, value));
  });
  const buttons = /** @type {HTMLElement[]} */ (rows.flatMap((row) => [...row.querySelectorAll("button")]));
  rove(buttons, 0);
  const heads = [headOf(chart), series].map((head) => el("th", { scope: "col" }, head));
  const table = el("table", { class: "numbers" }, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...rows));
  // Without buttons, which scroll it by their focus, the table itself takes the arrow keys.
  const still = buttons.length === 0 && points.length > MOST_ROWS;
  const attributes = { role: "group", "aria-label": `Table: ${chart.title}`, tabindex: still ? 0 : null };
  return el("div", { class: points.length > MOST_ROWS ? "numbers-scroll tall" : "numbers-scroll", ...attributes }, table);
}

/** @param {Chart} chart */
function headOf(chart) {
  return chart.x.every((label) => /^[~≈]?\d{4}$/.test(label)) ? "Year" : "Entry";
}
