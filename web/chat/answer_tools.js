/** What can be done with an answer: copied with its citations, linked to, cited. */

import { catalogue } from "../lib/catalogue.js";
import { copy } from "../lib/clipboard.js";
import { button, el } from "../lib/dom.js";
import { menu } from "../lib/menu.js";
import { answerAsMarkdown } from "./export_markdown.js";

/**
 * @param {import("../lib/types.js").Answer} answer
 * @param {import("./conversation.js").Exchange} exchange the one that the answer belongs to
 * @returns {HTMLElement} empty under a friendly line
 */
export function answerTools(answer, exchange) {
  if (answer.status === "smalltalk") return el("div", { hidden: true });
  // Asked for now, so that it is there on a click: a browser lets the page copy only shortly after one.
  void catalogue();
  const copyText = async () => void copy(answerAsMarkdown(exchange, await catalogue()));
  const copyLink = () => void copy(`${location.origin}/answers/${encodeURIComponent(answer.id)}`);
  const cited = answer.citations.length > 0;
  return el(
    "div",
    { class: "answer-tools", role: "group", "aria-label": "Use this answer" },
    button(cited || answer.closest.length > 0 ? "Copy with citations" : "Copy", () => void copyText(), { class: "quiet" }),
    button("Copy link", copyLink, { class: "quiet" }),
    cited && menu("Cite", async () => (await import("./export_menu.js")).citeLines(exchange)),
  );
}
