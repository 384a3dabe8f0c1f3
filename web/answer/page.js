/** An answer on a page of its own, as the server keeps it: /answers/ID. */

import { readAnswer } from "../lib/api.js";
import { download } from "../lib/download.js";
import { button, el } from "../lib/dom.js";
import { clip } from "../lib/words.js";
import { renderAnswer } from "./answer.js";

/**
 * @param {URL} _address
 * @param {string} id
 * @param {import("../routes.js").Shell} shell
 * @returns {Promise<import("../routes.js").Page>}
 */
export async function open(_address, id, shell) {
  const receipt = await readAnswer(id);
  const { answer } = receipt;
  const title = clip(answer.question.trim(), 80);
  const element = el(
    "article",
    { class: "entry kept" },
    el("h1", { class: "question" }, clip(answer.question, 300)),
    el("p", { class: "by" }, "A kept answer. The passages below are as they stood when it was given."),
    el("h2", { class: "unseen" }, "Answer"),
    await renderAnswer(answer, { openCitation: shell.openCitation, ask: shell.ask }),
    el(
      "p",
      { class: "receipt" },
      button("Ask this again", () => shell.ask(answer.interpreted_as ?? answer.question), { class: "plain" }),
      " ",
      button("Save the receipt", () => save(receipt), { class: "plain" }),
      " The receipt can be proved without this server: ",
      el("code", {}, "nkqa verify receipt.json"),
      ".",
    ),
  );
  return { title, element };
}

/** @param {import("../lib/types.js").Receipt} receipt */
function save(receipt) {
  download(`nkqa-receipt-${receipt.answer.id}.json`, "application/json", JSON.stringify(receipt, null, 1));
}
