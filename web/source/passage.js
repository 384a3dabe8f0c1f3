/** Offers what can be done with a selected passage: copy its link, or quote it with its source. */

import { copy } from "../lib/clipboard.js";
import { button, el } from "../lib/dom.js";
import { slicePoints } from "../lib/offsets.js";
import { sourceAddress } from "../lib/places.js";
import { placeInWords } from "../lib/words.js";
import { sectionAt } from "./sections.js";

/**
 * @typedef {import("../lib/types.js").DocumentText} DocumentText
 * @typedef {import("../lib/places.js").Span} Span
 */

export class Passage {
  /**
   * @param {DocumentText} document
   * @param {HTMLElement} manuscript
   * @param {() => import("./textmap.js").TextMap} textMap
   * @param {import("../lib/offsets.js").Offsets} offsets
   */
  constructor(document, manuscript, textMap, offsets) {
    this.document = document;
    this.manuscript = manuscript;
    this.textMap = textMap;
    this.offsets = offsets;
    /** What is selected now. @type {Span | null} */
    this.span = null;
    this.element = el(
      "div",
      { class: "passage", role: "group", "aria-label": "Selected passage", hidden: true },
      button("Copy link to this passage", () => this.span && void copy(linkTo(document, this.span)), { class: "plain" }),
      button("Copy quotation with its source", () => this.span && void copy(this.quotation(this.span)), { class: "plain" }),
    );
    // A press must not take the selection away before the click comes.
    this.element.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  /** Follow the selection until the manuscript is taken off the page. */
  follow() {
    const stop = new AbortController();
    const update = () => {
      if (!this.manuscript.isConnected) return stop.abort();
      this.span = this.selected();
      this.element.hidden = this.span === null;
    };
    document.addEventListener("selectionchange", update, { signal: stop.signal });
  }

  /**
   * Return what is selected of the text, without white space around it.
   *
   * @returns {Span | null}
   */
  selected() {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
    const range = selection.getRangeAt(0);
    if (!range.intersectsNode(this.manuscript)) return null;
    const map = this.textMap();
    const first = map.offsetOf(range.startContainer, range.startOffset);
    const last = map.offsetOf(range.endContainer, range.endOffset);
    const words = this.document.text.slice(first, last);
    const start = first + words.length - words.trimStart().length;
    const end = start + words.trim().length;
    return start < end ? { start: this.offsets.toPoints(start), end: this.offsets.toPoints(end) } : null;
  }

  /** @param {Span} span */
  quotation(span) {
    const { text, title, source } = this.document;
    const by = [source.author, source.licence].filter(Boolean).join(", ");
    const place = placeInWords(title, sectionAt(this.document, span.start));
    const credit = by ? `${place} (${by})` : place;
    return `“${slicePoints(text, span.start, span.end, this.offsets)}”\n${credit}\n${linkTo(this.document, span)}`;
  }
}

/** @param {DocumentText} document @param {Span} span */
function linkTo(document, span) {
  return location.origin + sourceAddress(document.id, { spans: [span] });
}
