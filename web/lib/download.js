/** Saves what the page made as a file. */

import { isoDay } from "./dates.js";
import { el } from "./dom.js";

// Long enough for a slow disk to begin; the content is held in memory until then.
const KEPT_MS = 60_000;
// Characters of a title in a file name.
const MOST_NAME = 60;

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
 * Name a file after what is in it: nkqa-How-many-came-2026-11-24.md.
 *
 * @param {string} title
 * @param {string} extension
 */
export function fileName(title, extension) {
  const words = Array.from(title.normalize("NFC").replace(/[^\p{L}\p{M}\p{N}]+/gu, "-")).slice(0, MOST_NAME).join("");
  return ["nkqa", words.replace(/^-+|-+$/g, ""), `${isoDay(new Date())}.${extension}`].filter(Boolean).join("-");
}
