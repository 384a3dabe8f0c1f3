/** The kinds of facts in words, and the marks that stand beside a fact. */

import { el } from "../lib/dom.js";
import { sourceAddress } from "../lib/places.js";
import { flagInWords } from "../lib/words.js";

/**
 * @typedef {import("./requests.js").Fact} Fact
 * @typedef {import("./requests.js").FactKind} FactKind
 */

/** @type {Record<FactKind, {one: string, many: string, help: string}>} */
export const KINDS = {
  cell: { one: "Table cell", many: "Table cells", help: "A cell of a table: the row and the column it stands in, and the value as written." },
  quantity: {
    one: "Figure",
    many: "Figures",
    help: "A figure in a sentence: what is counted, and the rest of the clause with … where the figure stands. “Around” and the like stand before it.",
  },
  event: { one: "Dated event", many: "Dated events", help: "Something with a date: who, what happened, and how many or when." },
  definition: { one: "Definition", many: "Definitions", help: "A term, and its meaning, other name or role in the words of the text." },
  list_item: {
    one: "List entry",
    many: "List entries",
    help: "An entry of a list, such as a book or a film, and one thing that is said of it: its title, creator, year, kind …",
  },
  relation: { one: "Relation", many: "Relations", help: "Two names and the verb that joins them." },
};

/** @param {Fact} fact */
export function factPlace({ doc_id, statement, span }) {
  return sourceAddress(doc_id, { spans: [statement], cells: [span] });
}

/** The value with the word that hedges it before it, and its unit where the value does not say it. @param {Fact} fact */
export function valueInWords({ value, hedge, unit, kind }) {
  // For definitions and list entries the unit is a remark on the value (docs/facts.md).
  const said = unit && (kind === "cell" || kind === "quantity") && !value.includes(unit) && !isCurrency(unit, value);
  return [hedge && el("span", { class: "hedge" }, `${hedge} `), el("span", { class: "value" }, value), said && ` ${unit}`];
}

/** A currency is written as a sign and named by a code. @param {string} unit @param {string} value */
function isCurrency(unit, value) {
  return /^[A-Z]{3}$/.test(unit) && /\p{Sc}/u.test(value);
}

/** @param {string[]} flags */
export function flagBadges(flags) {
  return flags.flatMap((flag) => [" ", el("strong", { class: "badge", title: flagInWords(flag) }, flag)]);
}
