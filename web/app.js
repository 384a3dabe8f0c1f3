/** Wires the page: the question box, the conversation, the source panel and the list of documents. */

import { answerInWords, renderAnswer } from "./answer.js";
import { ask, listDocuments, ServiceError, Stopped } from "./api.js";
import { colophon, documentList, openers } from "./documents.js";
import { byId } from "./dom.js";
import { SourcePanel } from "./source.js";
import { Entry, problemInWords, problemNotice } from "./thread.js";
import { clip } from "./words.js";

// The service takes a bounded number of earlier questions into account (20 unless its operator says otherwise).
const MOST_HISTORY = 20;

const form = byId("ask");
/** @type {HTMLTextAreaElement} */
const box = byId("question");
const thread = byId("thread");
const source = new SourcePanel();

/** Earlier questions that got an answer, oldest first. @type {string[]} */
const history = [];
/** The request under way. @type {AbortController | null} */
let pending = null;

const actions = {
  openCitation: source.openCitation.bind(source),
  openDocument: source.openDocument.bind(source),
  ask: submit,
  /** @param {string} question */
  draft(question) {
    box.value = question;
    box.focus();
  },
};

/**
 * Ask a question in a new entry of the conversation, unless one is under way.
 *
 * @param {string} question
 */
function submit(question) {
  if (pending || question.trim() === "") return;
  box.value = "";
  document.documentElement.classList.add("asked");
  document.title = `${clip(question.trim(), 80)} – nkqa`;
  const entry = new Entry(question);
  thread.append(entry.element);
  void run(question, entry);
}

/**
 * @param {string} question
 * @param {Entry} entry
 */
async function run(question, entry) {
  if (pending) return;
  const request = new AbortController();
  if (box.value === question) box.value = "";
  begin(request);
  entry.wait();
  entry.element.scrollIntoView({ block: "start" });
  const again = () => void run(question, entry);
  try {
    const answer = await ask(question, history.slice(-MOST_HISTORY), request.signal);
    history.push(question);
    entry.show(renderAnswer(answer, actions));
    finish(answerInWords(answer));
  } catch (error) {
    if (error instanceof Stopped) {
      entry.stop(again);
      finish("Stopped.");
    } else if (error instanceof ServiceError) {
      entry.fail(error.problem, again);
      finish(problemInWords(error.problem));
    } else {
      finish("");
      throw error;
    }
    // Nothing is lost: the question is back in the box, unless another one is being typed there.
    if (box.value === "") box.value = question;
  }
}

/** @param {AbortController} request */
function begin(request) {
  pending = request;
  say("");
  showBusy(true);
}

/** @param {string} announcement */
function finish(announcement) {
  pending = null;
  showBusy(false);
  say(announcement);
}

/** @param {boolean} busy */
function showBusy(busy) {
  thread.setAttribute("aria-busy", String(busy));
  const [hide, show] = busy ? [byId("send"), byId("stop")] : [byId("stop"), byId("send")];
  const focused = document.activeElement === hide;
  hide.hidden = true;
  show.hidden = false;
  if (focused) show.focus();
}

/** @param {string} announcement */
function say(announcement) {
  byId("announcer").textContent = announcement;
}

async function showDocuments() {
  try {
    const { documents } = await listDocuments();
    byId("documents").replaceChildren(...documentList(documents, actions));
    byId("openers").replaceChildren(...openers(documents, actions));
    byId("colophon").replaceChildren(...colophon(documents));
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    byId("documents").replaceChildren(problemNotice({ ...error.problem, retry: true }, () => void showDocuments()));
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  submit(box.value);
});

box.addEventListener("keydown", (event) => {
  // While a syllable of Hangul is being composed, Enter ends the composition.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  submit(box.value);
});

byId("stop").addEventListener("click", () => pending?.abort());

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing) return;
  if (pending && !byId("source").contains(document.activeElement)) pending.abort();
  else source.close();
});

void showDocuments();
const asked = new URLSearchParams(location.search).get("q");
if (asked) submit(asked);
// Not on a touch screen, where it would bring up the keyboard over the page.
else if (window.matchMedia("(pointer: fine)").matches) box.focus({ preventScroll: true });
