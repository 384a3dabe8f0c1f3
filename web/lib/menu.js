/** A small menu of buttons under a word: `<details>`, so that it needs no script to open and a reader knows its state. */

import { el } from "./dom.js";

/**
 * @param {string} label
 * @param {() => Promise<Node[]>} content made when the menu is first opened
 * @returns {HTMLDetailsElement}
 */
export function menu(label, content) {
  const summary = el("summary", {}, label);
  const sheet = el("div", { class: "menu-sheet" });
  const menu = el("details", { class: "menu" }, summary, sheet);
  let filled = false;
  /** @param {PointerEvent} event */
  const closeFromOutside = (event) => {
    if (!(event.target instanceof Node && menu.contains(event.target))) menu.open = false;
  };
  menu.addEventListener("toggle", async () => {
    if (menu.open) document.addEventListener("pointerdown", closeFromOutside);
    else document.removeEventListener("pointerdown", closeFromOutside);
    if (!menu.open || filled) return;
    try {
      sheet.replaceChildren(...(await content()));
      filled = true;
    } catch (error) {
      // A module that did not come is a TypeError.
      if (!(error instanceof TypeError)) throw error;
      sheet.replaceChildren("The service cannot be reached. Close this and open it again.");
    }
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    // This Escape is for the menu; the shell would also stop a question or close the source.
    event.stopPropagation();
    menu.open = false;
    summary.focus();
  });
  return menu;
}
