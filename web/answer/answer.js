/** Turns the JSON of an answer into DOM: an answer, a refusal, or a friendly line. */

import { button, el } from "../lib/dom.js";
import { confidenceInWords, reasonInWords } from "../lib/words.js";
import { badge } from "./badge.js";
import { closestPassages, proofs } from "./citations.js";
import { feedback } from "./feedback.js";
import { answerText } from "./text.js";
import { replacesShort, replacesText, viewsOf } from "./views.js";

/**
 * @typedef {import("../lib/types.js").Answer} Answer
 * @typedef {import("../lib/types.js").Citation} Citation
 *
 * @typedef {object} Actions what the buttons of an answer do
 * @property {(citation: Citation, opener: HTMLElement) => void} openCitation
 * @property {(question: string) => void} ask
 * @property {HTMLElement | null} [tools] what else can be done with the answer
 * @property {(() => void) | null} [correct] opens the question for another wording; null where it cannot be asked again
 */

// A longer bare answer is set smaller.
const SHORT_FIGURE = 40;

/**
 * @param {Answer} answer
 * @param {Actions} actions
 * @returns {Promise<HTMLElement>}
 */
export async function renderAnswer(answer, actions) {
  const views = answer.status === "answered" ? await viewsOf(answer, actions) : [];
  const { telling, proving } = ({ answered, declined, smalltalk }[answer.status] ?? declined)(answer, actions, views);
  return el(
    "div",
    { class: `reply ${answer.status}` },
    el("div", { class: "telling" }, answer.interpreted_as && reading(answer.interpreted_as, actions), ...telling),
    proving.length > 0 && el("div", { class: "proving" }, ...proving),
    el(
      "div",
      { class: "after" },
      answer.status !== "smalltalk" && el("div", { class: "use" }, actions.tools, feedback(answer)),
      answer.suggestions?.length > 0 && suggestions(answer.suggestions, actions),
    ),
  );
}

/**
 * Say an answer in one string, for a single announcement.
 *
 * @param {Answer} answer
 */
export function answerInWords(answer) {
  const text = answer.text.replace(/\s*\[\d+\]/g, "");
  if (answer.status === "declined") return `No answer. ${reasonInWords(answer.reason)}. ${text}`;
  if (answer.status === "smalltalk") return text;
  const count = answer.citations.length;
  const short = answer.short ? `${answer.short}. ` : "";
  return `Answer: ${short}${text} ${count} ${count === 1 ? "citation" : "citations"}.`;
}

/** @param {string} interpretedAs @param {Actions} actions */
function reading(interpretedAs, actions) {
  return el(
    "p",
    { class: "reading" },
    "Read as: ",
    el("q", {}, interpretedAs),
    actions.correct && " ",
    actions.correct && button("Not what you meant?", actions.correct, { class: "quiet" }),
  );
}

/** @typedef {{telling: import("../lib/dom.js").Child[], proving: HTMLElement[]}} Parts what it says, and what proves it */

/** @param {Answer} answer @param {Actions} actions @param {HTMLElement[]} views @returns {Parts} */
function answered(answer, actions, views) {
  const { short, citations } = answer;
  const flags = [...new Set(citations.flatMap((citation) => citation.flags))];
  const text = answerText(answer.text, citations, actions, short);
  const retold = views.length > 0 && replacesText(answer);
  const figure = short && !(retold && replacesShort(answer));
  const telling = [
    figure && el("p", { class: short.length > SHORT_FIGURE ? "short long" : "short" }, short),
    !retold && text,
    ...views,
    retold && el("details", { class: "retold" }, el("summary", {}, "The answer as text"), text),
    el("p", { class: "confidence" }, confidenceInWords(answer.confidence), ...flags.flatMap((flag) => [" ", badge(flag)])),
  ];
  return { telling, proving: proofs(citations, actions) };
}

/** @param {Answer} answer @param {Actions} actions @returns {Parts} */
function declined(answer, actions) {
  const { citations, closest } = answer;
  const telling = [
    el("h3", { class: "no-answer" }, el("span", { class: "kicker" }, "No answer"), " ", reasonInWords(answer.reason)),
    answerText(answer.text, citations, actions),
  ];
  const proving = [
    ...(citations.length > 0 ? proofs(citations, actions) : []),
    ...(closest.length > 0 ? closestPassages(closest, actions) : []),
  ];
  return { telling, proving };
}

/** @param {Answer} answer @returns {Parts} */
function smalltalk(answer) {
  return { telling: [el("p", { class: "text" }, answer.text)], proving: [] };
}

/** @param {string[]} questions @param {Actions} actions */
function suggestions(questions, actions) {
  const items = questions.map((question) =>
    el("li", {}, button(question, () => actions.ask(question), { class: "chip" })),
  );
  return el("div", { class: "suggestions" }, el("h3", { class: "kicker" }, "You can ask"), el("ul", {}, ...items));
}
