/** A note that the source itself puts on a passage, such as "citation needed". */

import { el } from "../lib/dom.js";
import { flagInWords } from "../lib/words.js";

/** @param {string} flag */
export function badge(flag) {
  return el("strong", { class: "badge", title: flagInWords(flag) }, flag);
}
