/** "3 of 17" with buttons to the previous and the next place, from the first step on; behind the last comes the first. */

import { button, el } from "../lib/dom.js";

export class Stepper {
  /**
   * @param {string} what is stepped through, such as "match"
   * @param {(index: number) => void} onStep
   */
  constructor(what, onStep) {
    this.onStep = onStep;
    this.total = 0;
    /** Of the place now shown; -1 before the first step. */
    this.index = -1;
    this.status = el("span", { class: "step-status", role: "status" });
    this.previous = button("‹", () => this.step(-1), { class: "plain step", "aria-label": `Previous ${what}`, disabled: true });
    this.next = button("›", () => this.step(1), { class: "plain step", "aria-label": `Next ${what}`, disabled: true });
    this.element = el("span", { class: "stepper idle" }, this.status, this.previous, this.next);
  }

  /** @param {number} total @param {string} words what stands there before the first step */
  reset(total, words) {
    this.total = total;
    this.index = -1;
    this.status.textContent = words;
    this.element.classList.add("idle");
    this.previous.disabled = this.next.disabled = total === 0;
  }

  /** @param {1 | -1} by */
  step(by) {
    if (this.total > 0) this.to(this.index < 0 && by < 0 ? this.total - 1 : (this.index + by + this.total) % this.total);
  }

  /** @param {number} index */
  to(index) {
    this.index = index;
    this.element.classList.remove("idle");
    this.status.textContent = `${(index + 1).toLocaleString("en")} of ${this.total.toLocaleString("en")}`;
    this.onStep(index);
  }
}
