/** Draws a chart as SVG for a given width: an axis with round ticks, bars or a line, and labels where they have room. */

import { domainOf, labelStep, linear, niceTicks, widthOf } from "./scale.js";
import { svg } from "./svg.js";

/**
 * @typedef {object} Point
 * @property {string} label
 * @property {number} value
 * @property {string} shown the value as written
 * @property {boolean} hit whether the answer was computed from it
 * @property {((opener: HTMLElement) => void) | null} open shows it in the source
 *
 * @typedef {{width: number, height: number, left: number, right: number, top: number, bottom: number}} Frame
 * @typedef {{x: number, top: number, base: number, band: number}} Spot where a point is drawn
 */

const FONT = 12;
const GAP = 6;

/**
 * @param {Point[]} points
 * @param {{line: boolean, series: string, width: number}} layout
 */
export function drawChart(points, { line, series, width }) {
  const height = Math.round(Math.min(300, Math.max(190, width * 0.6)));
  const ticks = niceTicks(...domainOf(points.map((point) => point.value), !line), height > 220 ? 6 : 4);
  const left = Math.max(...ticks.map((tick) => widthOf(inWords(tick), FONT))) + 2 * GAP;
  const frame = { width, height, left, right: width - 2, top: 3.25 * FONT, bottom: height - 2.25 * FONT };
  const y = linear([ticks[0], ticks[ticks.length - 1]], [frame.bottom, frame.top]);
  // While a page is laid out, it may be narrower than its labels for a moment.
  const band = Math.max(1, (frame.right - left) / points.length);
  const base = y(Math.max(0, ticks[0]));
  const spots = points.map((point, index) => ({ x: left + (index + 0.5) * band, top: y(point.value), base, band }));
  const told = labelled(points, spots);
  return svg(
    "svg",
    { class: "chart", viewBox: `0 0 ${width} ${height}`, width, height },
    svg("text", { class: "tick", x: 0, y: FONT }, series),
    ...ticks.map((tick) => tickLine(tick, y(tick), frame)),
    line && svg("polyline", { class: "curve", points: spots.map(({ x, top }) => `${round(x)},${round(top)}`).join(" ") }),
    ...points.map((point, at) => drawPoint(point, spots[at], frame, line)),
    ...bandLabels(points, spots, frame),
    // Last, so that no bar covers a value.
    ...points.map((point, at) => valueLabel(point, spots[at], frame, told.has(at))),
  );
}

/** @param {number} tick @param {number} y @param {Frame} frame */
function tickLine(tick, y, { left, right }) {
  return svg(
    "g",
    { "aria-hidden": "true" },
    svg("line", { class: tick === 0 ? "axis" : "grid", x1: left, x2: right, y1: round(y), y2: round(y) }),
    svg("text", { class: "tick", x: left - GAP, y: round(y + 0.35 * FONT), "text-anchor": "end" }, inWords(tick)),
  );
}

/** @param {Point} point @param {Spot} spot @param {Frame} frame @param {boolean} line */
function drawPoint(point, { x, top, base, band }, frame, line) {
  const thick = thickness(band);
  const height = Math.max(1, Math.abs(base - top));
  const bar = { x: round(x - thick / 2), y: round(Math.min(top, base)), width: round(thick), height: round(height) };
  // The whole column can be pointed at, so that a low bar is as easy to meet as a high one.
  const reach = { x: round(x - band / 2), y: frame.top, width: round(band), height: round(frame.bottom - frame.top) };
  return svg(
    "g",
    { class: point.hit ? "point hit" : "point", "aria-label": `${point.label}: ${point.shown}` },
    svg("rect", { class: "reach", ...reach }),
    line ? svg("circle", { class: "mark", cx: round(x), cy: round(top), r: 4 }) : svg("rect", { class: "mark", ...bar }),
  );
}

/** @param {Point} point @param {Spot} spot @param {Frame} frame @param {boolean} told whether it is always shown */
function valueLabel(point, { x, top, base }, frame, told) {
  const half = widthOf(point.shown, FONT) / 2;
  const place = { x: round(Math.min(Math.max(x, half), frame.width - half)), y: round(Math.min(top, base) - 1.5 * GAP) };
  const attributes = { class: told ? "value" : "value quiet", "text-anchor": "middle", "aria-hidden": "true" };
  return svg("text", { ...attributes, ...place }, point.shown);
}

/** @param {number} band */
function thickness(band) {
  return Math.min(band * 0.72, 56);
}

/**
 * Choose the points whose value is always shown: all where they have room; else those the answer rests on, the highest
 * first, unless it would meet another value or a higher bar.
 *
 * @param {Point[]} points
 * @param {Spot[]} spots
 * @returns {Set<number>}
 */
function labelled(points, spots) {
  const halves = points.map((point) => (widthOf(point.shown, FONT) + GAP / 2) / 2);
  const { band } = spots[0];
  if (2 * Math.max(...halves) <= band) return new Set(points.keys());
  /** @type {Set<number>} */
  const chosen = new Set();
  const hits = [...points.keys()].filter((at) => points[at].hit).sort((a, b) => spots[a].top - spots[b].top);
  for (const at of hits) {
    const blocked = spots.some((other, index) => {
      const distance = Math.abs(other.x - spots[at].x);
      const higher = other.top < spots[at].top && distance < halves[at] + thickness(band) / 2;
      return index !== at && (higher || (chosen.has(index) && distance < halves[at] + halves[index]));
    });
    if (!blocked) chosen.add(at);
  }
  return chosen;
}

/** @param {Point[]} points @param {Spot[]} spots @param {Frame} frame */
function bandLabels(points, spots, frame) {
  const widths = points.map((point) => widthOf(point.label, FONT));
  const step = labelStep(widths, spots[0].band, GAP);
  let free = 0;
  return points.flatMap((point, at) => {
    const half = widths[at] / 2;
    const x = Math.min(Math.max(spots[at].x, half), frame.width - half);
    // Held back from the edge, the last one may have come too near to the one before.
    if (at % step !== 0 || x - half < free) return [];
    free = x + half + GAP / 2;
    const attributes = { class: "tick", "text-anchor": "middle", "aria-hidden": "true" };
    return [svg("text", { ...attributes, x: round(x), y: frame.height - GAP }, point.label)];
  });
}

/** @param {number} value */
function inWords(value) {
  return value.toLocaleString("en", { maximumFractionDigits: 6 });
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}
