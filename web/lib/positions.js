/** Remembers how far down each page of this tab's history was, so that "back" leads to the place one left. */

/** @type {Map<string, number>} by the key of an entry of the history */
const positions = new Map();

window.addEventListener("scroll", () => {
  const key = keyOfPage();
  if (key) positions.set(key, window.scrollY);
}, { passive: true });

/** @returns {number | null} null on a page that was not shown before, and in a browser that cannot tell */
export function rememberedPosition() {
  return positions.get(keyOfPage() ?? "") ?? null;
}

function keyOfPage() {
  // The types that tsc knows lack the Navigation API: https://developer.mozilla.org/docs/Web/API/Navigation_API
  const { navigation } = /** @type {{navigation?: {currentEntry: {key: string} | null}}} */ (/** @type {unknown} */ (window));
  return navigation?.currentEntry?.key;
}
