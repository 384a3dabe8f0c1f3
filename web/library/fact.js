/** One fact on a page of its own, with the sentence that states it. */

import { el } from "../lib/dom.js";
import { slicePoints } from "../lib/offsets.js";
import { placeInWords } from "../lib/words.js";
import { factPlace, flagBadges, KINDS, valueInWords } from "./fact_words.js";
import { readFact } from "./requests.js";

/** @typedef {import("./requests.js").Fact} Fact */

/**
 * @param {URL} _
 * @param {string} parameter
 * @returns {Promise<import("../routes.js").Page>}
 */
export async function open(_, parameter) {
  const fact = await readFact(parameter);
  if (!fact) return missing();
  const { one, help } = KINDS[fact.kind];
  const rows = [
    ["When", fact.period?.text],
    ["Where", fact.where],
    ["Who says so", fact.claimant],
  ].filter(([, value]) => value);
  const element = el(
    "div",
    { class: "plain-page fact" },
    el("h1", { class: fact.value.length > 40 ? "long" : null }, ...valueInWords(fact)),
    el("p", { class: "kicker" }, one),
    el("p", { class: "about" }, fact.attribute.includes(fact.subject) ? fact.attribute : `${fact.subject} – ${fact.attribute}`),
    rows.length > 0 && el("dl", {}, ...rows.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
    el("h2", { class: "kicker" }, "The words that state it"),
    el("p", { class: "place" }, placeInWords(fact.document_title, fact.path)),
    el("blockquote", {}, ...quoted(fact)),
    fact.flags.length > 0 && el("p", {}, "The source itself marks this sentence:", ...flagBadges(fact.flags)),
    el("p", { class: "actions" }, el("a", { href: factPlace(fact) }, "Show it in the source"), " ", el("a", { href: `/facts?kind=${fact.kind}` }, `All ${KINDS[fact.kind].many.toLowerCase()}`)),
    el("p", { class: "help" }, help),
  );
  return { title: `${fact.subject}: ${fact.value}`, element };
}

/** The statement, with the value marked in it where it is found there exactly. @param {Fact} fact */
function quoted({ statement_text: text, statement, span, value }) {
  const [start, end] = [span.start - statement.start, span.end - statement.start];
  if (start < 0 || slicePoints(text, start, end) !== value) return [text];
  return [slicePoints(text, 0, start), el("mark", {}, value), slicePoints(text, end, statement.end - statement.start)];
}

function missing() {
  const element = el(
    "div",
    { class: "plain-page" },
    el("h1", {}, "There is no such fact any more"),
    el("p", {}, "The documents have changed since this address was made, or it was mistyped. ", el("a", { href: "/facts" }, "All facts there are now")),
  );
  return { title: "Fact not found", element };
}
