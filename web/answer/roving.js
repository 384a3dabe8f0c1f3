/** One stop of the Tab key for a row of things, with the arrow keys to go from one to the next. */

/**
 * Make a row of elements one stop.
 *
 * @param {(HTMLElement | SVGElement)[]} items
 * @param {number} current index of the one that Tab reaches first
 * @param {(index: number) => void} [onMove] told which one has the focus now
 */
export function rove(items, current, onMove = () => {}) {
  for (const [at, item] of items.entries()) {
    item.setAttribute("tabindex", at === current ? "0" : "-1");
    item.addEventListener("focus", () => {
      for (const other of items) other.setAttribute("tabindex", other === item ? "0" : "-1");
      onMove(at);
    });
    item.addEventListener("keydown", (event) => {
      const next = target(/** @type {KeyboardEvent} */ (event).key, at, items.length);
      if (next === null) return;
      event.preventDefault();
      items[next].focus();
    });
  }
}

/** @param {string} key @param {number} at @param {number} length @returns {number | null} */
function target(key, at, length) {
  if (key === "ArrowRight" || key === "ArrowDown") return Math.min(at + 1, length - 1);
  if (key === "ArrowLeft" || key === "ArrowUp") return Math.max(at - 1, 0);
  if (key === "Home") return 0;
  return key === "End" ? length - 1 : null;
}
