/** One entry of the conversation: a question, which can be put in other words, and what became of it. */

import { button, el } from "../lib/dom.js";
import { problemNotice } from "../lib/notice.js";
import { clip, stageInWords } from "../lib/words.js";

// A longer question is shown cut; it is sent, kept and asked again whole.
const MOST_SHOWN = 300;
const LONG = 120;
const SLOW_MS = 5000;

export class Entry {
  /**
   * @param {string} question
   * @param {(question: string) => boolean} askAgain called with the question in other words; tells whether it is asked
   */
  constructor(question, askAgain) {
    this.question = question;
    this.askAgain = askAgain;
    /** The question with its answer, once there is one. @type {import("./conversation.js").Exchange | null} */
    this.exchange = null;
    this.head = el("div", { class: "entry-head" });
    this.outcome = el("div", { class: "outcome" });
    this.element = el("article", { class: "entry" }, this.head, this.outcome);
    this.slow = 0;
    this.showQuestion();
    this.wait();
  }

  showQuestion() {
    const { question } = this;
    this.head.replaceChildren(
      el("h2", { class: question.length > LONG ? "question long" : "question" }, clip(question, MOST_SHOWN)),
      button("Edit", () => this.edit(question), { class: "quiet edit", "aria-label": "Edit the question" }),
    );
  }

  /** Open the question for another wording. @param {string} draft */
  edit(draft) {
    const box = el("textarea", { rows: 2, "aria-label": "Your question in other words" });
    box.value = draft;
    const close = () => {
      this.showQuestion();
      this.head.querySelector("button")?.focus();
    };
    const form = el(
      "form",
      { class: "rewording" },
      box,
      el("div", {}, el("button", { type: "submit", class: "plain" }, "Ask again"), " ", button("Cancel", close, { class: "quiet" })),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (box.value.trim() === "") return;
      // It stays open where the question cannot be asked now: the words are not lost.
      if (this.askAgain(box.value)) this.showQuestion();
    });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) {
        event.stopPropagation();
        close();
      } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    this.head.replaceChildren(form);
    box.focus();
    box.select();
  }

  wait() {
    this.element.setAttribute("aria-busy", "true");
    this.progress = el("p", { class: "waiting" }, stageInWords(""));
    /** The text so far. @type {HTMLElement | null} */
    this.partial = null;
    this.outcome.replaceChildren(this.progress);
    clearTimeout(this.slow);
    this.slow = window.setTimeout(() => this.outcome.append(el("p", { class: "slow" }, "This takes longer than usual.")), SLOW_MS);
  }

  /** @param {string} stage code of what the service is doing */
  stage(stage) {
    if (this.progress) this.progress.textContent = stageInWords(stage);
  }

  /** Append to the text of an answer that is coming in. @param {string} piece */
  text(piece) {
    if (!this.partial) {
      this.partial = el("p", { class: "text partial" });
      this.outcome.replaceChildren(this.partial);
    }
    this.partial.append(piece);
  }

  /** @param {HTMLElement} reply */
  show(reply) {
    this.finish(reply);
  }

  /**
   * @param {import("../lib/types.js").Problem} problem
   * @param {() => void} retry
   */
  fail(problem, retry) {
    this.finish(problemNotice(problem, retry));
  }

  /** @param {() => void} retry */
  stop(retry) {
    this.finish(el("p", { class: "stopped" }, "Stopped before an answer came. ", button("Ask again", retry, { class: "plain" })));
  }

  /** @param {HTMLElement} outcome */
  finish(outcome) {
    clearTimeout(this.slow);
    this.element.setAttribute("aria-busy", "false");
    this.outcome.replaceChildren(outcome);
  }
}
