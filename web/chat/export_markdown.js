/** A conversation, or one answer of it, as Markdown: every claim with its marker, every marker with its exact excerpt. */

import { dateInWords } from "../lib/dates.js";
import { inline, lines, quote, table } from "../lib/markdown.js";
import { confidenceInWords, flagInWords, placeInWords, reasonInWords } from "../lib/words.js";
import { nameOf } from "./conversation.js";

/**
 * @typedef {import("../lib/types.js").Answer} Answer
 * @typedef {import("../lib/types.js").Citation} Citation
 * @typedef {import("../lib/types.js").DocumentInfo} DocumentInfo
 * @typedef {import("./conversation.js").Conversation} Conversation
 * @typedef {import("./conversation.js").Exchange} Exchange
 * @typedef {Map<string, DocumentInfo>} Documents by id; one may be missing, and then only its title is known
 */

/**
 * @param {Conversation} conversation
 * @param {Documents} documents
 * @param {Date} now
 */
export function conversationAsMarkdown(conversation, documents, now) {
  const { entries } = conversation;
  const generations = [...new Set(entries.map(({ answer }) => answer.generation))];
  return page([
    `# ${inline(nameOf(conversation))}`,
    `Answers of nkqa, saved on ${dateInWords(now)}. Index ${generations.map(inline).join(", ")}.`,
    ...entries.flatMap((exchange) => blocksOf(exchange, documents)),
    ...sourcesOf(entries, documents),
  ]);
}

/** @param {Exchange} exchange @param {Documents} documents */
export function answerAsMarkdown(exchange, documents) {
  return page([...blocksOf(exchange, documents), ...sourcesOf([exchange], documents)]);
}

/** @param {(string | null | false)[]} blocks */
function page(blocks) {
  return `${blocks.filter((block) => typeof block === "string" && block !== "").join("\n\n")}\n`;
}

/** @param {Exchange} exchange @param {Documents} documents */
function blocksOf({ question, answer, asked }, documents) {
  const declined = answer.status === "declined";
  return [
    `## ${inline(question)}`,
    answer.interpreted_as && `Read as: ${inline(answer.interpreted_as)}`,
    declined && `**No answer.** ${inline(reasonInWords(answer.reason))}.`,
    !declined && answer.short && `**${inline(answer.short)}**`,
    withMarkers(answer),
    ...figuresOf(answer),
    answer.status === "answered" && `${inline(confidenceInWords(answer.confidence))}.`,
    answer.status !== "smalltalk" && `Asked on ${dateInWords(new Date(asked))}; answer ${inline(answer.id)}.`,
    ...citationsOf("Citations", answer.citations, documents),
    ...citationsOf("Closest passages (not an answer)", answer.closest, documents, false),
  ];
}

/**
 * The text of an answer; its markers stay as they are where they stand for a citation.
 *
 * @param {Answer} answer
 */
function withMarkers({ text, citations }) {
  const numbers = new Set(citations.map(({ number }) => String(number)));
  // Before "(" or ":" an unescaped marker could become a link.
  return lines(text).join("\n").replace(/\\\[(\d+)\\\](?![(:])/g, (escaped, number) => (numbers.has(number) ? `[${number}]` : escaped));
}

/** @param {string} heading @param {Citation[]} citations @param {Documents} documents @param {boolean} [numbered] */
function citationsOf(heading, citations, documents, numbered = true) {
  if (citations.length === 0) return [];
  return [`### ${heading}`, ...citations.flatMap((citation) => citationBlocks(citation, documents, numbered))];
}

/** @param {Citation} citation @param {Documents} documents @param {boolean} numbered */
function citationBlocks(citation, documents, numbered) {
  const place = inline(placeInWords(citation.document_title, citation.section));
  const at = `characters ${citation.start_char_index}–${citation.end_char_index}`;
  const licence = documents.get(citation.document_id)?.source.licence;
  return [
    [numbered ? `**[${citation.number}]** ${place}` : place, at, licence && inline(licence)].filter(Boolean).join(" · "),
    quote(citation.cited_text),
    ...citation.flags.map((flag) => `**${inline(flag)}**: ${inline(flagInWords(flag))}.`),
    citation.cells.length > 0 &&
      table(["Row", "Column", "Value"], citation.cells.map(({ row, column, value }) => [row, column, value])),
  ];
}

/**
 * What an answer says in figures, as tables and lists.
 *
 * @param {Answer} answer
 */
function figuresOf({ computation, estimates = [], timeline = [], listing, sides = [] }) {
  /** @param {number} number */
  const mark = (number) => `[${number}]`;
  return [
    computation && `Computed: ${inline(computation.formula)}`,
    computation && table(["Operand", "Value", "Citation"], computation.operands.map(({ label, value, citation }) => [label, value, mark(citation)])),
    ...(computation?.caveats ?? []).map((caveat) => `Note: ${inline(caveat)}`),
    estimates.length > 0 &&
      table(
        ["Figure", "Of what", "Where", "When", "According to", "Flags", "Citation"],
        estimates.map((one) => [
          [one.hedge, one.value, unitBeside(one.value, one.unit)].filter(Boolean).join(" "), one.what, one.where, one.period, one.claimant,
          one.flags.join(", "), mark(one.citation),
        ]),
      ),
    sides.length > 0 &&
      table(
        ["Compared", "Value", "When", "Citation"],
        sides.map(({ label, value, unit, period, citation }) => [label, [value, unitBeside(value, unit)].filter(Boolean).join(" "), period, mark(citation)]),
      ),
    timeline.length > 0 &&
      table(
        ["Date", "Incident", "Where", "Counted before", "Flags", "Citation"],
        timeline.map(({ date, text, where, again, flags, citation }) => [date, text, where, again, flags.join(", "), mark(citation)]),
      ),
    listing && `${inline(listing.heading)}: ${counted(listing)}`,
    listing && listing.entries.map(({ text, citation }) => `- ${inline(text)} ${mark(citation)}`).join("\n"),
  ];
}

/** @param {import("../lib/types.js").Listing} listing */
function counted({ entries, total, filter, unstated }) {
  const shown = filter ? `${entries.length} of ${total} (${inline(filter)})` : `all ${total}`;
  return unstated > 0 ? `${shown}; for ${unstated} the text does not say` : shown;
}

/** @param {Exchange[]} entries @param {Documents} documents */
function sourcesOf(entries, documents) {
  const cited = entries.flatMap(({ answer }) => [...answer.citations, ...answer.closest]);
  const titles = new Map(cited.map(({ document_id, document_title }) => [document_id, document_title]));
  if (titles.size === 0) return [];
  return ["## Sources", [...titles].map(([id, title]) => `- ${sourceLine(title, documents.get(id))}`).join("\n")];
}

/** @param {string} title @param {DocumentInfo | undefined} document */
function sourceLine(title, document) {
  const { author, source, url, licence, licence_url, retrieved } = document?.source ?? {};
  const about = [
    author && `by ${inline(author)}`,
    source && inline(source),
    url && inline(url),
    retrieved && `retrieved ${inline(retrieved)}`,
    licence && `licence ${inline(licence)}${licence_url ? ` (${inline(licence_url)})` : ""}`,
  ].filter(Boolean);
  return [`**${inline(title)}**`, ...about].join("; ");
}

/** A figure as written often holds its unit: "71%", "$390", "12 weeks". @param {string} value @param {string | null} unit */
function unitBeside(value, unit) {
  return unit && !value.includes(unit) ? unit : null;
}
