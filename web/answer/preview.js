/**
 * A small excerpt beside what one points at or focuses. It stays while the pointer is on it, Escape puts it away, and it
 * says nothing that does not stand on the page as well (WCAG 2.2, 1.4.13 "Content on Hover or Focus").
 */

import { el } from "../lib/dom.js";

// Long enough to pass over a chip without a flash, and to move from the chip into the excerpt.
const DELAY_MS = 120;
const GAP = 6;

const bubble = el("div", { id: "preview", class: "preview", role: "tooltip", popover: "manual" });
/** @type {HTMLElement | null} */
let anchor = null;
let timer = 0;

bubble.addEventListener("pointerenter", () => clearTimeout(timer));
bubble.addEventListener("pointerleave", () => later(hide));
window.addEventListener("scroll", hide, { passive: true });
document.addEventListener("keydown", (event) => event.key === "Escape" && hide());

/**
 * @param {HTMLElement} target
 * @param {() => (Node | string)[]} content made when it is first shown
 */
export function preview(target, content) {
  target.addEventListener("pointerenter", (event) => {
    // A finger does not hover: its tap opens the source.
    if (event.pointerType === "mouse") later(() => show(target, content));
  });
  target.addEventListener("pointerleave", () => later(hide));
  target.addEventListener("focus", () => target.matches(":focus-visible") && show(target, content));
  target.addEventListener("blur", hide);
  target.addEventListener("click", hide);
}

/** @param {() => void} action */
function later(action) {
  clearTimeout(timer);
  timer = window.setTimeout(action, DELAY_MS);
}

/** @param {HTMLElement} target @param {() => (Node | string)[]} content */
function show(target, content) {
  clearTimeout(timer);
  if (!target.isConnected) return;
  anchor?.removeAttribute("aria-describedby");
  anchor = target;
  // Inside a landmark; where it is drawn does not depend on where it stands.
  if (!bubble.isConnected) document.querySelector("main")?.append(bubble);
  bubble.replaceChildren(...content());
  target.setAttribute("aria-describedby", bubble.id);
  bubble.showPopover();
  place(target.getBoundingClientRect());
}

function hide() {
  clearTimeout(timer);
  anchor?.removeAttribute("aria-describedby");
  anchor = null;
  if (bubble.isConnected) bubble.hidePopover();
}

/** Below the target, above it where there is no room below; never past an edge. @param {DOMRect} target */
function place(target) {
  const { width, height } = bubble.getBoundingClientRect();
  const below = target.bottom + GAP;
  const fits = below + height <= window.innerHeight;
  bubble.style.top = `${Math.max(GAP, fits ? below : target.top - GAP - height)}px`;
  const middle = target.left + target.width / 2 - width / 2;
  bubble.style.left = `${Math.max(GAP, Math.min(middle, document.documentElement.clientWidth - width - GAP))}px`;
}
