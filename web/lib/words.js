/** The words that stand for the codes of the service, all in one place. */

/** @type {Record<string, string>} */
const REASONS = {
  off_topic: "Not what these documents are about",
  not_in_corpus: "The text does not say",
  section_empty: "The section is empty",
  mentioned_not_stated: "Mentioned, but not stated",
  false_premise: "The question assumes what the text contradicts",
};

/** @type {Record<string, string>} */
const FLAGS = {
  "citation needed": "the source itself says that a reference is missing here",
  "failed verification": "the source itself says that the reference given does not support this",
};

/** @type {Record<string, string>} */
const STAGES = {
  question: "Reading the question",
  facts: "Looking through tables and facts",
  search: "Searching the documents",
  read: "Reading the closest passages",
  compose: "Putting the answer together",
};

/** Say what the service is doing. @param {string} stage */
export function stageInWords(stage) {
  return STAGES[stage] ?? "Reading the documents";
}

/** @param {string | null} reason */
export function reasonInWords(reason) {
  return REASONS[reason ?? ""] ?? "No answer found";
}

/** @param {string} flag */
export function flagInWords(flag) {
  return FLAGS[flag.toLowerCase()] ?? "a note that the source itself puts on this passage";
}

/**
 * Say how sure an answer is. The figure is calibrated: of answers at 0.8, about 80 % are right.
 *
 * @param {number} confidence in [0, 1]
 */
export function confidenceInWords(confidence) {
  if (confidence >= 0.8) return "High confidence";
  if (confidence >= 0.5) return "Fair confidence: compare it with the passage";
  return "Low confidence: read the passage before you rely on it";
}

/**
 * Name the place of a passage.
 *
 * @param {string} title
 * @param {string[]} section
 */
export function placeInWords(title, section) {
  return [title, ...section].join(" › ");
}

/**
 * Cut a text for display, by characters.
 *
 * @param {string} text
 * @param {number} most
 */
export function clip(text, most) {
  const head = Array.from(text.slice(0, 2 * most + 2));
  return head.length > most ? `${head.slice(0, most).join("")}…` : text;
}
