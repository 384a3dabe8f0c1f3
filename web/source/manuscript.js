/**
 * Lays out the text of a document: every character of it, in order, as text nodes. What is added to help the reader is
 * marked `data-note`, so that the text can be told from it (and is not copied with it).
 */

import { el } from "../lib/dom.js";
import { overlapping, rangesOf } from "./ranges.js";
import { layTable } from "./table.js";

/**
 * @typedef {import("./ranges.js").Range} Range
 * @typedef {import("./ranges.js").HeadingRange} HeadingRange
 */

// A longer document is drawn only where it is looked at.
const LONG = 200_000;
const BULLET = /^[ \t]*(?:[•‣◦▪*+–-]|\d{1,3}[.)])[ \t\u00a0]/;

export class Manuscript {
  /**
   * @param {import("../lib/types.js").DocumentText} document
   * @param {import("../lib/places.js").Place | null} highlight
   * @param {{top?: number, linkTo?: ((heading: HeadingRange) => string) | null}} [options] `top` is the rank of the
   * document's title among the headings of the page (3: below an h1 and an h2); `linkTo` gives a heading its address
   */
  constructor(document, highlight = null, { top = 3, linkTo = null } = {}) {
    this.text = document.text;
    this.top = top;
    this.linkTo = linkTo;
    this.ranges = rangesOf(document, highlight);
    /** The elements of the headings, by where they begin. @type {Map<number, HTMLElement>} */
    this.headings = new Map();
    this.element = el("div", { class: this.text.length > LONG ? "manuscript long" : "manuscript" });
    this.build();
  }

  /** The first highlighted element, a highlighted cell before the row around it; null without a highlight. */
  get target() {
    return this.element.querySelector(".cell-hit") ?? this.element.querySelector("mark");
  }

  /**
   * Return the heading element with this text, the shallowest first; null where there is none.
   *
   * @param {string} heading
   */
  headingElement(heading) {
    const found = [...this.element.querySelectorAll("[data-heading]")].filter(
      (element) => element.getAttribute("data-heading") === heading,
    );
    return found.sort((a, b) => a.tagName.localeCompare(b.tagName))[0] ?? null;
  }

  /** Walk the text once: ignored regions, tables and lines in turn, each appended where the last one ended. */
  build() {
    let at = 0;
    for (const region of this.ranges.ignored) {
      if (region.start < at) continue;
      this.appendBlocks(this.element, at, region.start);
      const note = el("p", { class: "note", "data-note": true }, `Ignored: ${region.note}`);
      const block = el("div", { class: "ignored", role: "group", "aria-label": "Ignored region" }, note);
      this.appendBlocks(block, region.start, region.end);
      this.element.append(block);
      at = region.end;
    }
    this.appendBlocks(this.element, at, this.text.length);
  }

  /** @param {HTMLElement} parent @param {number} start @param {number} end */
  appendBlocks(parent, start, end) {
    let at = start;
    for (const table of overlapping(this.ranges.tables, { start, end })) {
      if (table.start < at || table.end > end) continue;
      this.appendLines(parent, at, table.start);
      parent.append(layTable(this, table));
      at = table.end;
    }
    this.appendLines(parent, at, end);
  }

  /**
   * Append lines: headings and list items stand alone, other neighbouring lines make one paragraph; the white space
   * between blocks stays as text, which the style sheet does not show.
   *
   * @param {HTMLElement} parent
   * @param {number} start
   * @param {number} end
   */
  appendLines(parent, start, end) {
    /** @type {Range | null} */
    let paragraph = null;
    const flush = () => {
      if (paragraph) parent.append(this.paragraph(paragraph));
      paragraph = null;
    };
    for (let at = start; at < end; ) {
      const newline = this.text.indexOf("\n", at);
      const line = { start: at, end: newline < 0 || newline >= end ? end : newline + 1 };
      at = line.end;
      const words = this.text.slice(line.start, line.end);
      const heading = overlapping(this.ranges.headings, line).find((one) => line.start <= one.start);
      if (heading) {
        flush();
        parent.append(...this.headingBlock(line, heading));
      } else if (words.trim() === "") {
        flush();
        parent.append(...this.inline(line));
      } else if (BULLET.test(words)) {
        flush();
        paragraph = line;
      } else {
        paragraph = { start: paragraph ? paragraph.start : line.start, end: line.end };
      }
    }
    flush();
  }

  /** @param {Range} range */
  paragraph(range) {
    const item = BULLET.test(this.text.slice(range.start, range.start + 40));
    return el("p", { class: item ? "item" : null }, ...this.inline(range));
  }

  /** @param {Range} line @param {HeadingRange} heading @returns {HTMLElement[]} */
  headingBlock(line, heading) {
    const tag = /** @type {"h3"} */ (`h${Math.min(6, this.top + heading.depth)}`);
    const attributes = { "data-heading": heading.heading, class: `depth-${Math.min(3, heading.depth)}`, tabindex: -1 };
    const link =
      this.linkTo &&
      el("a", { class: "anchor", href: this.linkTo(heading), "data-note": true, "aria-label": "Link to this section" }, "#");
    const element = el(tag, attributes, ...this.inline(line), link);
    this.headings.set(heading.start, element);
    if (!heading.empty) return [element];
    return [element, el("p", { class: "note", "data-note": true }, "Empty: nothing stands under this heading")];
  }

  /**
   * Return the nodes of a stretch of text, cut where a highlight, a highlighted cell or a flag begins or ends.
   *
   * @param {Range} range
   * @returns {Node[]}
   */
  inline(range) {
    const spans = overlapping(this.ranges.spans, range);
    const cells = overlapping(this.ranges.cells, range);
    const flags = overlapping(this.ranges.flags, range);
    const cuts = new Set([range.start, range.end]);
    for (const { start, end } of [...spans, ...cells, ...flags]) {
      for (const cut of [start, end]) if (range.start < cut && cut < range.end) cuts.add(cut);
    }
    const points = [...cuts].sort((a, b) => a - b);
    return points.slice(1).map((end, index) => {
      const piece = { start: points[index], end };
      /** @type {Node} */
      let node = document.createTextNode(this.text.slice(piece.start, piece.end));
      const flag = flags.find((one) => holds(one, piece));
      if (flag) node = el("span", { class: "tag", title: flag.note, "data-flag": this.ranges.flags.indexOf(flag) + 1 }, node);
      if (cells.some((cell) => holds(cell, piece))) node = el("span", { class: "cell-hit" }, node);
      if (spans.some((mark) => holds(mark, piece))) node = el("mark", {}, node);
      return node;
    });
  }
}

/** @param {Range} outer @param {Range} inner */
function holds(outer, inner) {
  return outer.start <= inner.start && inner.end <= outer.end;
}
