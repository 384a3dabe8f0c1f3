/** Brings a place of the text into view. */

/**
 * @param {HTMLElement} target
 * @param {ScrollLogicalPosition} [block]
 */
export function reveal(target, block = "center") {
  target.scrollIntoView({ block, inline: "center" });
  if (!target.hasAttribute("tabindex")) target.tabIndex = -1;
  target.focus({ preventScroll: true });
  // In a long document the browser only guesses heights of what it has not drawn yet; drawn, it may have moved.
  requestAnimationFrame(() => target.scrollIntoView({ block, inline: "center" }));
}

/** Scroll a range a third down the window, and a table sideways to it, without moving the focus. @param {Range} range */
export function showRange(range) {
  const scroll = () => {
    const box = range.getBoundingClientRect();
    window.scrollBy(0, box.top - window.innerHeight / 3);
    const table = range.startContainer.parentElement?.closest(".table-scroll");
    if (!table) return;
    const frame = table.getBoundingClientRect();
    table.scrollLeft += box.left - frame.left - frame.width / 2;
  };
  scroll();
  requestAnimationFrame(scroll);
}
