/** What nkqa is, how it comes to an answer, what it cannot do, and under which licences everything stands. */

import { listDocuments } from "../lib/api.js";
import { el, outsideLink } from "../lib/dom.js";
import { colophon } from "./documents.js";
import { readAbout } from "./requests.js";

/** @typedef {string | Node} Part */

const STEPS = [
  ["Find.", "nkqa looks through the documents for the passages that are nearest to the question in meaning and in wording."],
  ["Read.", "A small model, trained to tell whether a sentence answers a question, reads the best of them. Figures, tables, lists and dates are looked up and computed by rule."],
  ["Decide.", "If nothing is likely enough to be an answer, nkqa says so, why, and what comes closest."],
  ["Prove.", "Every excerpt is compared with the source, letter by letter, before it is shown."],
];

const LIMITS = [
  "It does not write. Answers are sentences, list entries and cells of the documents, and numbers computed from cells that are shown.",
  "It knows nothing but these documents, and takes them at their word: a false sentence in the source is read like a true one.",
  "It finds most, not all. On 196 questions about its first article 9 in 10 got the right answer with the right citation; on 120 more by somebody who had not seen the program, 7 in 10.",
  "Questions far from the documents are refused, and most of those on their subject that they do not answer. Some still get the nearest sentence: read the citation.",
  "“Yes” and “No” are read off the words of the sentence beside them, and now and then wrongly.",
  "Questions are in English. Korean terms inside them work, and of wholly Korean ones those about terms and numbers.",
];

const KEYS = [
  ["Enter", "asks, or goes to the next match in a document"],
  ["Shift + Enter", "starts a new line, or goes to the previous match"],
  ["Esc", "stops a question, closes the source, or clears a search"],
  ["Tab", "goes to the next link or button; the first one skips to the text"],
];

/** @returns {Promise<import("../routes.js").Page>} */
export async function open() {
  const [{ documents }, about] = await Promise.all([listDocuments(), readAbout()]);
  const keep = about.limits.keep_answers;
  const element = el(
    "div",
    { class: "plain-page prose" },
    el("h1", {}, "About nkqa"),
    el("p", { class: "lead" }, "nkqa answers questions from a body of text and proves every word of the answer. It never says what it cannot point at."),
    ...part("How an answer is made", list("ol", STEPS.map(([name, words]) => [el("strong", {}, name), ` ${words}`]))),
    ...part("What it cannot do", list("ul", LIMITS.map((limit) => [limit]))),
    ...part(
      "What is kept of you",
      el("p", {}, "Conversations stay in this browser. There are no accounts, and nothing is fetched from or sent to other sites."),
      el("p", {}, keep > 0 ? `So that their links work, the server keeps the newest ${keep.toLocaleString("en")} answers with their questions. ` : "The server keeps no answers. ", "What you send as feedback is stored on the server."),
    ),
    ...part("Licences", el("h3", {}, "Documents"), ...colophon(documents), el("h3", {}, "Program and models"), ...programLicences()),
    ...part("Keys", el("dl", { class: "keys-list" }, ...KEYS.flatMap(([key, does]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, does)]))),
    ...part("For programs", el("p", {}, "All that these pages show can be had over HTTP, too: ", el("a", { href: "/api/docs" }, "the interface, to try"), ".")),
    ...part("What answers here", version(about)),
  );
  return { title: "About", element };
}

/** @param {string} title @param {...Node} content */
function part(title, ...content) {
  return [el("h2", {}, title), ...content];
}

/** @param {"ol" | "ul"} tag @param {Part[][]} items */
function list(tag, items) {
  return el(tag, {}, ...items.map((parts) => el("li", {}, ...parts)));
}

function programLicences() {
  return [
    el("p", {}, "nkqa is under the MIT licence."),
    el(
      "p",
      {},
      "The model that finds passages, all-MiniLM-L6-v2, is under the Apache licence 2.0. The one that reads them was trained from it for nkqa on SQuAD (",
      outsideLink("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
      "), QED (",
      outsideLink("CC BY-SA 3.0", "https://creativecommons.org/licenses/by-sa/3.0/"),
      ") and QAMR (MIT). Neither writes text.",
    ),
  ];
}

/** @param {import("./requests.js").About} about */
function version(about) {
  const rows = [
    ["Version", about.nkqa],
    ["State of the documents", about.generation],
    ["Documents", about.documents.toLocaleString("en")],
    ["Passages", about.passages.toLocaleString("en")],
    ["Facts", about.facts.toLocaleString("en")],
    ["Models", `${about.models.encoder}, ${about.models.reader}`],
  ];
  return el("dl", {}, ...rows.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}
