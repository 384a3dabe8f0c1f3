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

/**
 * Make a file name of a title.
 *
 * @param {string} title
 * @param {string} ending without the dot
 */
export function fileName(title, ending) {
  const words = title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ["nkqa"];
  return `${Array.from(words.join("-")).slice(0, 60).join("").replace(/-$/, "")}.${ending}`;
}
