/** The sentences that the source itself marks as doubtful: a list of them, and a way from one to the next. */

import { button, el } from "../lib/dom.js";
import { BESIDE } from "../lib/layout.js";
import { slicePoints } from "../lib/offsets.js";
import { withQuery } from "../lib/query.js";
import { reveal } from "./scrolling.js";
import { Stepper } from "./stepper.js";

const SHOWN_BEFORE = 90;

export class Flags {
  /**
   * @param {import("../lib/types.js").DocumentText} document
   * @param {import("./manuscript.js").Manuscript} manuscript
   * @param {import("../lib/offsets.js").Offsets} offsets of its text
   * @param {import("../routes.js").Shell} shell
   */
  constructor(document, manuscript, offsets, shell) {
    this.manuscript = manuscript;
    this.shell = shell;
    this.flags = [...document.flags].sort((a, b) => a.start - b.start);
    this.stepper = new Stepper("flagged sentence", (index) => this.show(index));
    this.stepper.reset(this.flags.length, "");
    const items = this.flags.map((flag, index) => {
      const before = slicePoints(document.text, Math.max(0, flag.start - SHOWN_BEFORE), flag.start, offsets);
      const open = button(flag.label, () => this.stepper.to(index), { class: "entry-link" });
      // From the start of a word within the line of the flag.
      open.append(el("span", { class: "excerpt" }, ` … ${before.replace(/^.*\n/s, "").replace(/^\S*\s/, "")}`));
      return el("li", {}, open);
    });
    const summary = el("summary", {}, `${items.length} flagged ${items.length === 1 ? "sentence" : "sentences"}`);
    this.details = el("details", {}, summary, el("p", { class: "note" }, help(this.flags)), el("ol", {}, ...items));
    this.element = el("div", { class: "flags" }, this.details, this.stepper.element);
    this.element.hidden = items.length === 0;
  }

  /** @param {number} index */
  show(index) {
    this.shell.replace(withQuery({ flag: String(index + 1), at: null, cell: null }));
    if (!BESIDE.matches) this.details.open = false;
    const target = this.manuscript.element.querySelector(`[data-flag="${index + 1}"]`);
    this.manuscript.element.querySelector(".tag-now")?.classList.remove("tag-now");
    if (!(target instanceof HTMLElement)) return;
    target.classList.add("tag-now");
    reveal(target);
  }

  /** Show the flag with this number, counted from one; nothing where there is none. @param {number} number */
  open(number) {
    if (number >= 1 && number <= this.flags.length) this.stepper.to(number - 1);
  }
}

/** @param {{label: string}[]} flags */
function help(flags) {
  const counts = new Map();
  for (const { label } of flags) counts.set(label, (counts.get(label) ?? 0) + 1);
  return `Marked in the text itself: ${[...counts].map(([label, count]) => `${label} (${count})`).join(", ")}.`;
}
