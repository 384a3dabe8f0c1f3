/** The conversation: the question box, its entries, and the request under way. */

import { answerInWords, renderAnswer } from "../answer/answer.js";
import { ask, ServiceError, Stopped } from "../lib/api.js";
import { byId } from "../lib/dom.js";
import { problemInWords } from "../lib/notice.js";
import { clip } from "../lib/words.js";
import { answerTools } from "./answer_tools.js";
import { newConversation, showTitle } from "./conversation.js";
import { Entry } from "./entry.js";

/**
 * @typedef {import("./conversation.js").Conversation} Conversation
 * @typedef {import("./conversation.js").Exchange} Exchange
 */

// The service takes a bounded number of earlier questions into account (20 unless its operator says otherwise).
const MOST_HISTORY = 20;
const FAULT = { what: "The page could not show the answer.", remedy: "Reload the page; if that does not help, nkqa has a fault here.", retry: true };

export class Chat {
  /** @param {import("../source/panel.js").SourcePanel} source */
  constructor(source) {
    this.source = source;
    this.form = byId("ask");
    /** @type {HTMLTextAreaElement} */
    this.box = byId("question");
    this.thread = byId("thread");
    /** The request under way. @type {AbortController | null} */
    this.pending = null;
    this.conversation = newConversation();
    /** Called with the conversation after each answer. @type {((conversation: Conversation) => void) | null} */
    this.onChange = null;
    this.actions = {
      openCitation: source.openCitation.bind(source),
      ask: this.offer.bind(this),
    };
    this.listen();
  }

  get isBusy() {
    return this.pending !== null;
  }

  /**
   * Called when the page with the conversation is opened.
   *
   * @param {boolean} first whether it is the first page since loading
   */
  enter(first) {
    showTitle(this.conversation);
    const asked = first ? new URLSearchParams(location.search).get("q") : null;
    if (asked) this.ask(asked);
    // Not on a touch screen, where it would bring up the keyboard over the page.
    else if (window.matchMedia("(pointer: fine)").matches) this.box.focus({ preventScroll: true });
  }

  /**
   * Show a conversation as it was; nothing is asked again.
   *
   * @param {Conversation} conversation
   */
  show(conversation) {
    this.stop();
    this.conversation = conversation;
    this.thread.replaceChildren();
    for (const exchange of conversation.entries) void this.showAnswer(this.append(exchange.question, exchange), exchange);
    document.documentElement.classList.toggle("asked", conversation.entries.length > 0);
    showTitle(conversation);
  }

  /** Put a question into the box without asking it. @param {string} question */
  draft(question) {
    this.box.value = question;
    this.box.focus();
  }

  /** Ask a question; while another one is under way, it waits in the box. @param {string} question */
  offer(question) {
    if (!this.ask(question) && this.box.value === "") this.box.value = question;
  }

  /**
   * Ask a question in a new entry.
   *
   * @param {string} question
   * @param {Exchange | null} [reworded] the exchange whose question this one puts in other words: read against what came
   *   before that one, which stays
   */
  ask(question, reworded = null) {
    if (question.trim() === "") return false;
    if (this.isBusy) {
      this.say("Another question is under way: wait for its answer, or stop it.");
      return false;
    }
    this.box.value = "";
    document.documentElement.classList.add("asked");
    if (this.conversation.entries.length === 0) document.title = `${clip(question.trim(), 80)} – nkqa`;
    const { entries } = this.conversation;
    const earlier = reworded ? entries.slice(0, entries.indexOf(reworded)) : [...entries];
    void this.run(question, earlier, this.append(question, null));
    return true;
  }

  /**
   * @param {string} question
   * @param {Exchange | null} exchange null before there is an answer
   */
  append(question, exchange) {
    const entry = new Entry(question, (words) => {
      const asked = this.ask(words, entry.exchange);
      if (asked && !entry.exchange) entry.element.remove();
      return asked;
    });
    entry.exchange = exchange;
    this.thread.append(entry.element);
    return entry;
  }

  /** @param {Entry} entry @param {Exchange} exchange */
  async showAnswer(entry, exchange) {
    const { answer } = exchange;
    entry.exchange = exchange;
    const correct = () => entry.edit(answer.interpreted_as ?? exchange.question);
    entry.show(await renderAnswer(answer, { ...this.actions, correct, tools: answerTools(answer, exchange) }));
  }

  stop() {
    this.pending?.abort();
  }

  /**
   * @param {string} question
   * @param {Exchange[]} earlier what it is read against
   * @param {Entry} entry
   */
  async run(question, earlier, entry) {
    if (this.isBusy) return;
    const request = new AbortController();
    const conversation = this.conversation;
    if (this.box.value === question) this.box.value = "";
    this.begin(request);
    entry.wait();
    entry.element.scrollIntoView({ block: "start" });
    const again = () => void this.run(question, earlier, entry);
    try {
      const history = earlier.slice(-MOST_HISTORY).map((exchange) => exchange.question);
      const answer = await ask(question, history, request.signal, {
        stage: (stage) => entry.stage(stage),
        text: (piece) => entry.text(piece),
      });
      const exchange = { question, answer, asked: new Date().toISOString() };
      await this.showAnswer(entry, exchange);
      conversation.entries.push(exchange);
      entry.element.scrollIntoView({ block: "start" });
      this.finish(answerInWords(answer));
      this.onChange?.(conversation);
    } catch (error) {
      if (error instanceof Stopped) {
        entry.stop(again);
        this.finish("Stopped.");
      } else if (error instanceof ServiceError) {
        entry.fail(error.problem, again);
        this.finish(problemInWords(error.problem));
      } else {
        entry.fail(FAULT, again);
        this.finish(problemInWords(FAULT));
        reportError(error);
      }
      // Nothing is lost: the question is back in the box, unless another one is being typed there.
      if (this.box.value === "" && conversation === this.conversation) this.box.value = question;
    }
  }

  /** @param {AbortController} request */
  begin(request) {
    this.pending = request;
    this.say("");
    this.showBusy(true);
  }

  /** @param {string} announcement */
  finish(announcement) {
    this.pending = null;
    this.showBusy(false);
    this.say(announcement);
  }

  /** @param {boolean} busy */
  showBusy(busy) {
    this.thread.setAttribute("aria-busy", String(busy));
    const [hide, show] = busy ? [byId("send"), byId("stop")] : [byId("stop"), byId("send")];
    const focused = document.activeElement === hide;
    hide.hidden = true;
    show.hidden = false;
    if (focused) show.focus();
  }

  /** @param {string} announcement */
  say(announcement) {
    byId("announcer").textContent = announcement;
  }

  listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask(this.box.value);
    });
    this.box.addEventListener("keydown", (event) => {
      // While a syllable of Hangul is being composed, Enter ends the composition.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.ask(this.box.value);
    });
    byId("stop").addEventListener("click", () => this.stop());
  }
}
