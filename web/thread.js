/** One entry of the conversation: a question, and what became of it. */

import { button, el, withCode } from "./dom.js";
import { clip } from "./words.js";

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
   * @param {import("./types.js").Problem} problem
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

/**
 * Show a problem and, where asking again may help, a button for it.
 *
 * @param {import("./types.js").Problem} problem
 * @param {() => void} retry
 */
export function problemNotice(problem, retry) {
  return el(
    "div",
    { class: "problem" },
    el("h3", {}, el("span", { class: "kicker" }, "Something went wrong"), " ", ...withCode(problem.what)),
    problem.remedy && el("p", { class: "remedy" }, ...withCode(problem.remedy)),
    problem.retry && button("Try again", retry, { class: "plain" }),
  );
}

/**
 * Say a problem in one string, for a single announcement.
 *
 * @param {import("./types.js").Problem} problem
 */
export function problemInWords(problem) {
  return ["Something went wrong:", problem.what, problem.remedy].filter(Boolean).join(" ");
}
