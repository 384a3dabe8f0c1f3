/** Saves what the page made as a file. */

import { el } from "./dom.js";

// Long enough for a slow disk to begin; the content is held in memory until then.
const KEPT_MS = 60_000;

/**
 * @param {string} name of the file
 * @param {string} type media type
 * @param {string | Blob} content
 */
export function download(name, type, content) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  el("a", { href: address, download: name }).click();
  window.setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}
