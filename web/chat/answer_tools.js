/** What can be done with an answer: copied with its citations, linked to, cited. */

import { loadPart, ServiceError } from "../lib/api.js";
import { catalogue } from "../lib/catalogue.js";
import { copy } from "../lib/clipboard.js";
import { button, byId, el } from "../lib/dom.js";
import { menu } from "../lib/menu.js";
import { problemInWords } from "../lib/notice.js";

/**
 * @param {import("../lib/types.js").Answer} answer
 * @param {import("./conversation.js").Exchange} exchange the one that the answer belongs to
 * @returns {HTMLElement} empty under a friendly line
 */
export function answerTools(answer, exchange) {
  if (answer.status === "smalltalk") return el("div", { hidden: true });
  const copyText = async () => {
    try {
      const { answerAsMarkdown } = await loadPart(() => import("./export_markdown.js"));
      await copy(answerAsMarkdown(exchange, await catalogue()));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      byId("announcer").textContent = problemInWords(error.problem);
    }
  };
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
