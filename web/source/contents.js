/** The outline of a document, with the section that is being read marked. */

import { el } from "../lib/dom.js";
import { BESIDE } from "../lib/layout.js";
import { sourceAddress } from "../lib/places.js";
import { reveal } from "./scrolling.js";
import { firstIndex } from "./textmap.js";

export class Contents {
  /**
   * @param {string} documentId
   * @param {import("./manuscript.js").Manuscript} manuscript
   * @param {import("../routes.js").Shell} shell
   */
  constructor(documentId, manuscript, shell) {
    /** @type {HTMLElement[]} */
    this.headings = [];
    /** @type {HTMLAnchorElement[]} */
    this.links = [];
    for (const heading of manuscript.ranges.headings) {
      const target = manuscript.headings.get(heading.start);
      if (!target) continue;
      const address = sourceAddress(documentId, { spans: [heading.span] });
      const link = el("a", { href: address }, heading.heading, heading.empty && el("span", { class: "empty" }, " (empty)"));
      link.addEventListener("click", (event) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        if (!BESIDE.matches) this.details.open = false;
        shell.replace(address);
        reveal(target, "start");
      });
      this.headings.push(target);
      this.links.push(link);
    }
    this.here = el("span", { class: "here" });
    this.list = el("ol", {}, ...this.links.map((link, index) => el("li", { class: this.headings[index].className }, link)));
    this.details = el("details", { open: BESIDE.matches }, el("summary", {}, "Contents ", this.here), this.list);
    this.element = el("nav", { class: "contents", "aria-label": "Contents" }, this.details);
    this.current = -1;
  }

  /** Mark the current section now and with each scroll, until the outline is taken off the page. */
  follow() {
    const stop = new AbortController();
    let asked = false;
    const update = () => {
      asked = false;
      if (this.element.isConnected) this.markCurrent();
      else stop.abort();
    };
    const ask = () => {
      if (!asked) requestAnimationFrame(update);
      asked = true;
    };
    addEventListener("scroll", ask, { passive: true, signal: stop.signal });
    BESIDE.addEventListener("change", () => (this.details.open = BESIDE.matches), { signal: stop.signal });
    update();
  }

  markCurrent() {
    const line = window.innerHeight / 2;
    const below = firstIndex(this.headings.length, (index) => this.headings[index].getBoundingClientRect().top > line);
    const current = Math.max(0, below - 1);
    if (current === this.current || this.links.length === 0) return;
    this.links[this.current]?.removeAttribute("aria-current");
    this.current = current;
    const link = this.links[current];
    link.setAttribute("aria-current", "true");
    this.here.textContent = this.headings[current].dataset.heading ?? "";
    // Not scrollIntoView, which would scroll the page, too.
    const [view, box] = [this.list.getBoundingClientRect(), link.getBoundingClientRect()];
    if (box.top < view.top || box.bottom > view.bottom) this.list.scrollTop += box.top - view.top - view.height / 2;
  }
}
