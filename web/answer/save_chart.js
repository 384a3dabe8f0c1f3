/** Saves a chart as a picture of its own: with title and source, in the colours it is shown in, without the page's sheets. */

import { el } from "../lib/dom.js";
import { download, fileName } from "../lib/download.js";
import { widthOf } from "./scale.js";
import { svg } from "./svg.js";

/** @typedef {{title: string, source: string, draw: (width: number) => SVGSVGElement}} Picture */

const WIDTH = 800;
const SIDE = 24;
const SHARPNESS = 2;
const COPIED = ["fill", "stroke", "stroke-width", "font-family", "font-size", "font-weight", "paint-order", "stroke-linejoin"];

/**
 * @param {HTMLElement} figure lends its styles
 * @param {Picture} picture
 * @param {"svg" | "png"} format
 * @returns {Promise<string>} what to say when it is done
 */
export async function savePicture(figure, picture, format) {
  const drawn = compose(picture);
  const workshop = el("div", { class: "unseen chart-view", "aria-hidden": "true" }, drawn);
  figure.append(workshop);
  inlineStyles(drawn);
  workshop.remove();
  const text = new XMLSerializer().serializeToString(drawn);
  const file = new Blob([text], { type: "image/svg+xml" });
  const blob = format === "svg" ? file : await rasterise(text, drawn).catch(refusedByBrowser);
  if (!blob) return "The browser could not make the picture.";
  download(fileName(picture.title, format), blob.type, blob);
  return "Saved.";
}

/** An image that cannot be decoded, a canvas that is too large. @param {unknown} error @returns {null} */
function refusedByBrowser(error) {
  if (error instanceof DOMException) return null;
  throw error;
}

/** @param {Picture} picture */
function compose({ title, source, draw }) {
  const chart = draw(WIDTH - 2 * SIDE);
  const inner = WIDTH - 2 * SIDE;
  const titles = wrap(title, 22, inner);
  const sources = wrap(source, 13, inner);
  const top = SIDE + titles.length * 28 + 8;
  const bottom = top + Number(chart.getAttribute("height")) + 28;
  const height = bottom + sources.length * 18 + 8;
  chart.setAttribute("x", String(SIDE));
  chart.setAttribute("y", String(top));
  return svg(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", width: WIDTH, height, viewBox: `0 0 ${WIDTH} ${height}` },
    svg("rect", { class: "sheet", width: WIDTH, height }),
    ...titles.map((line, at) => svg("text", { class: "picture-title", x: SIDE, y: SIDE + 20 + at * 28 }, line)),
    chart,
    ...sources.map((line, at) => svg("text", { class: "picture-source", x: SIDE, y: bottom + at * 18 }, line)),
  );
}

/** @param {string} text @param {number} size @param {number} width @returns {string[]} lines */
function wrap(text, size, width) {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = lines.length > 0 ? `${lines[lines.length - 1]} ${word}` : word;
    // Letters of running text are narrower on average than the estimate, which is made for figures.
    if (lines.length > 0 && widthOf(longer, size) * 0.9 <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Write what the style sheets say into attributes, and leave out what they hide. @param {SVGSVGElement} drawn */
function inlineStyles(drawn) {
  for (const element of [...drawn.querySelectorAll("*")]) {
    const style = getComputedStyle(element);
    if (style.display === "none" || element.classList.contains("reach")) {
      element.remove();
      continue;
    }
    for (const name of COPIED) element.setAttribute(name, style.getPropertyValue(name));
  }
  // Only now: the styles of what is inside hang on the classes around it.
  for (const element of drawn.querySelectorAll("*")) {
    for (const name of ["class", "aria-hidden"]) element.removeAttribute(name);
  }
}

/** @param {string} text @param {SVGSVGElement} drawn @returns {Promise<Blob | null>} */
async function rasterise(text, drawn) {
  const image = new Image();
  // The content policy lets pictures come from data: and from here only.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = el("canvas", {
    width: SHARPNESS * Number(drawn.getAttribute("width")),
    height: SHARPNESS * Number(drawn.getAttribute("height")),
  });
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}
