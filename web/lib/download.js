/** Gets data out of the page: into a file, or onto the clipboard. */

import { el } from "./dom.js";

/**
 * Offer data as a file to keep.
 *
 * @param {string} name
 * @param {Blob} blob
 */
export function saveBlob(name, blob) {
  const address = URL.createObjectURL(blob);
  const link = el("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads the address after this task.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** @param {string} name @param {string} csv */
export function saveCsv(name, csv) {
  // The mark of byte order tells spreadsheets that the file is UTF-8.
  saveBlob(name, new Blob(["\ufeff", csv], { type: "text/csv;charset=utf-8" }));
}

/**
 * Copy a text.
 *
 * @param {string} text
 * @returns {Promise<boolean>} whether the browser did it
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Refused, or not there at all: on the plain http of a local network only the older way works.
    return copySelected(text);
  }
}

/** @param {string} text */
function copySelected(text) {
  const focused = document.activeElement;
  const box = el("textarea", { class: "unseen", "aria-hidden": "true", tabindex: -1 });
  box.value = text;
  document.body.append(box);
  box.select();
  const copied = document.execCommand("copy");
  box.remove();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  return copied;
}

/**
 * Make a file name of a title.
 *
 * @param {string} title
 * @param {string} ending without the dot
 */
export function fileName(title, ending) {
  const words = title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ["figure"];
  return `${Array.from(words.join("-")).slice(0, 60).join("").replace(/-$/, "")}.${ending}`;
}
