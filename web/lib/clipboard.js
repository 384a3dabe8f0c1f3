/** Copies text, on addresses of any kind, and says so once. */

import { byId, el } from "./dom.js";

const SHOWN_MS = 3000;

/**
 * Copy a text and announce it.
 *
 * @param {string} text
 * @returns {Promise<boolean>} whether it is on the clipboard
 */
export async function copy(text) {
  const opener = document.activeElement;
  const copied = await copyText(text);
  const announcer = byId("announcer");
  // Emptied first, or the second "Copied" would be no change and go unsaid.
  announcer.textContent = "";
  setTimeout(() => (announcer.textContent = copied ? "Copied" : "This browser does not let the page copy."), 50);
  // For the eye, beside what was clicked.
  opener?.setAttribute("data-said", copied ? "Copied" : "Not copied");
  setTimeout(() => opener?.removeAttribute("data-said"), SHOWN_MS);
  return copied;
}

/**
 * Copy a text.
 *
 * @param {string} text
 * @returns {Promise<boolean>} whether it is on the clipboard
 */
export async function copyText(text) {
  return (await copyDirectly(text)) || copyBySelecting(text);
}

/** @param {string} text */
async function copyDirectly(text) {
  // Missing on plain-http addresses other than localhost; refused where the person or the browser forbids it.
  if (!navigator.clipboard) return false;
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** The way of older browsers, which also works on plain-http addresses. @param {string} text */
function copyBySelecting(text) {
  const before = document.activeElement;
  const box = el("textarea", { class: "unseen", readonly: true, "aria-hidden": "true", tabindex: -1 });
  box.value = text;
  // What is outside an open modal dialog can be neither focused nor selected.
  (document.querySelector("dialog:modal") ?? document.body).append(box);
  box.select();
  const copied = document.execCommand("copy");
  box.remove();
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  return copied;
}
