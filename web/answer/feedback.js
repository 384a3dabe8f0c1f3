/** Asks whether an answer is right, and tells the server. */

import { keepsFeedback, sendFeedback, ServiceError } from "../lib/api.js";
import { button, el } from "../lib/dom.js";
import { problemNotice } from "../lib/notice.js";

/** @typedef {import("../lib/types.js").Answer} Answer */

const MOST_COMMENT = 2000;

/** What may be wrong with an answer, and with a refusal. @type {Record<string, [string, string][]>} */
const REASONS = {
  answered: [
    ["wrong_answer", "The answer is wrong"],
    ["wrong_citation", "The passage does not prove it"],
    ["incomplete", "Something is missing"],
    ["should_have_refused", "The text does not say this"],
    ["other", "Something else"],
  ],
  declined: [
    ["should_have_answered", "The text does say it"],
    ["other", "Something else"],
  ],
};

/** @param {Answer} answer @returns {HTMLElement} */
export function feedback(answer) {
  const place = el("div", { class: "feedback", role: "group", "aria-label": "Is this answer right?" });
  ask(place, answer);
  void keepsFeedback().then((keeps) => (place.hidden = !keeps));
  return place;
}

/** @param {HTMLElement} place @param {Answer} answer */
function ask(place, answer) {
  place.replaceChildren(
    el("span", {}, answer.status === "declined" ? "Is it right not to answer?" : "Is this answer right?"),
    button("Right", () => void send(place, answer, "right", null, null), { class: "quiet" }),
    button("Wrong", () => askWhy(place, answer), { class: "quiet" }),
  );
}

/** Ask once more, with the focus where it was. @param {HTMLElement} place @param {Answer} answer */
function askAgain(place, answer) {
  ask(place, answer);
  place.querySelector("button")?.focus();
}

/** @param {HTMLElement} place @param {Answer} answer */
function askWhy(place, answer) {
  const choices = REASONS[answer.status].map(([code, words]) => {
    const input = el("input", { type: "radio", name: `why-${answer.id}`, value: code, required: true });
    return el("label", {}, input, " ", words);
  });
  const comment = el("textarea", { rows: 2, maxlength: MOST_COMMENT, name: "comment" });
  const form = el(
    "form",
    { class: "why" },
    el("fieldset", {}, el("legend", {}, "What is wrong?"), ...choices),
    el("label", { class: "comment" }, "In your words (optional)", comment),
    el("p", { class: "keys" }, "Kept on this server, for whoever runs it, with the question and the answer."),
    el("button", { type: "submit", class: "plain" }, "Send"),
    button("Cancel", () => askAgain(place, answer), { class: "quiet" }),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const reason = String(new FormData(form).get("why-" + answer.id) ?? "other");
    void send(place, answer, "wrong", reason, comment.value.trim() || null);
  });
  place.replaceChildren(form);
  form.querySelector("input")?.focus();
}

/**
 * @param {HTMLElement} place
 * @param {Answer} answer
 * @param {"right" | "wrong"} verdict
 * @param {string | null} reason
 * @param {string | null} comment
 */
async function send(place, answer, verdict, reason, comment) {
  try {
    await sendFeedback({ answer_id: answer.id, verdict, reason, comment });
    const thanks = el("p", { tabindex: -1 }, "Thank you: noted for whoever runs this server.");
    place.replaceChildren(thanks);
    thanks.focus();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    place.querySelector(".problem")?.remove();
    const notice = problemNotice(error.problem, () => void send(place, answer, verdict, reason, comment));
    place.append(notice);
    notice.querySelector("button")?.focus();
  }
}
