/** One entry of the conversation: a question, and what became of it. */

import { button, el } from "../lib/dom.js";
import { problemNotice } from "../lib/notice.js";
import { clip } from "../lib/words.js";

// A longer question is shown cut; it is sent, kept and asked again whole.
const MOST_SHOWN = 300;
const LONG = 120;

export class Entry {
  /** @param {string} question */
  constructor(question) {
    const heading = el("h2", { class: question.length > LONG ? "question long" : "question" }, clip(question, MOST_SHOWN));
    this.outcome = el("div", { class: "outcome" });
    this.element = el("article", { class: "entry" }, heading, this.outcome);
    this.wait();
  }

  wait() {
    this.outcome.replaceChildren(el("p", { class: "waiting" }, "Reading the documents"));
  }

  /** @param {HTMLElement} reply */
  show(reply) {
    this.outcome.replaceChildren(reply);
  }

  /**
   * @param {import("../lib/types.js").Problem} problem
   * @param {() => void} retry
   */
  fail(problem, retry) {
    this.outcome.replaceChildren(problemNotice(problem, retry));
  }

  /** @param {() => void} retry */
  stop(retry) {
    this.outcome.replaceChildren(
      el("p", { class: "stopped" }, "Stopped before an answer came. ", button("Ask again", retry, { class: "plain" })),
    );
  }
}
