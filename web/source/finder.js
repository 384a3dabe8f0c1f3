/** Searches the document that is shown: marks every match, steps through them, and keeps the words in the address. */

import { el } from "../lib/dom.js";
import { withQuery } from "../lib/query.js";
import { findAll, fold } from "./search.js";
import { showRange } from "./scrolling.js";
import { Stepper } from "./stepper.js";
import { firstIndex } from "./textmap.js";

/** Of more matches than this only the ones around the present one are marked: each takes the browser some time. */
const MOST_MARKED = 2000;
const PAUSE_MS = 150;

export class Finder {
  /**
   * @param {string} text
   * @param {() => import("./textmap.js").TextMap} textMap of the manuscript that shows it
   * @param {import("../routes.js").Shell} shell
   */
  constructor(text, textMap, shell) {
    this.text = text;
    this.textMap = textMap;
    this.shell = shell;
    /** @type {import("./search.js").Folded | null} */
    this.folded = null;
    /** @type {import("./ranges.js").Range[]} */
    this.matches = [];
    this.timer = 0;
    this.box = el("input", { type: "search", id: "find", autocomplete: "off", enterkeyhint: "search", placeholder: "Find in this document" });
    this.stepper = new Stepper("match", (index) => this.show(index));
    const label = el("label", { for: "find" }, "Find in this document");
    this.element = el("form", { class: "find", role: "search" }, label, el("div", { class: "find-line" }, this.box, this.stepper.element));
    this.listen();
  }

  listen() {
    this.box.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.find(), PAUSE_MS);
    });
    this.element.addEventListener("submit", (event) => event.preventDefault());
    this.element.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Escape" && this.box.value !== "") {
        event.stopPropagation();
        event.preventDefault();
        this.box.value = "";
        this.box.focus();
        this.find();
      } else if (event.key === "Enter" && event.target === this.box) {
        event.preventDefault();
        const pending = this.words !== this.box.value.trim();
        if (pending) this.find();
        else this.stepper.step(event.shiftKey ? -1 : 1);
      }
    });
  }

  /** The words of the last search. */
  words = "";

  /** Search for what the box holds and show the first match from the present place on. */
  find() {
    clearTimeout(this.timer);
    this.words = this.box.value.trim();
    this.shell.replace(withQuery({ find: this.words }));
    this.folded ??= fold(this.text);
    this.matches = findAll(this.text, this.folded, this.words);
    this.stepper.reset(this.matches.length, this.words && this.matches.length === 0 ? "None" : "");
    if (this.matches.length > 0) this.stepper.to(this.firstFromHere());
    else clearMarks();
  }

  /** The first match that is not above the window; each one looked at may take the browser a layout, so only a few are. */
  firstFromHere() {
    if (window.scrollY < 200) return 0;
    const map = this.textMap();
    /** @param {number} index */
    const isBelow = (index) => map.range(this.matches[index].start, this.matches[index].end).getBoundingClientRect().top >= 0;
    return firstIndex(this.matches.length, isBelow) % this.matches.length;
  }

  /** @param {number} index */
  show(index) {
    const map = this.textMap();
    const from = Math.max(0, index - MOST_MARKED / 2);
    const near = this.matches.slice(from, from + MOST_MARKED);
    const ranges = near.map(({ start, end }) => map.range(start, end));
    const current = ranges[index - from];
    mark(ranges, current);
    showRange(current);
  }
}

/** @param {Range[]} ranges @param {Range} current */
function mark(ranges, current) {
  if (!CSS.highlights) return;
  const now = new Highlight(current);
  now.priority = 1;
  CSS.highlights.set("found", new Highlight(...ranges));
  CSS.highlights.set("found-now", now);
}

export function clearMarks() {
  CSS.highlights?.delete("found");
  CSS.highlights?.delete("found-now");
}
