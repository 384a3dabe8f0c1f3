/** Says what went wrong, what to do about it, and offers to try again where that may help. */

import { button, el, withCode } from "./dom.js";

/**
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
