/**
 * A kept conversation as it lies in the browser or in an exported file. Whatever is read is checked here first: it may come
 * from another version of the page, a damaged store or somebody's editor.
 */

/**
 * @typedef {import("./conversation.js").Conversation} Conversation
 * @typedef {import("./conversation.js").Exchange} Exchange
 * @typedef {Conversation & {schema: number, changed: string}} Record `changed`: ISO 8601 time of the newest entry
 * @typedef {(value: any) => boolean} Check
 */

export const SCHEMA = 1;

/** @type {Check} */
const text = (value) => typeof value === "string";
/** @type {Check} */
const number = (value) => Number.isFinite(value);
/** @type {Check} */
const time = (value) => text(value) && !Number.isNaN(Date.parse(value));
/** @param {Check} check @returns {Check} */
const maybe = (check) => (value) => value === null || value === undefined || check(value);
/** @param {Check} check @returns {Check} */
const list = (check) => (value) => Array.isArray(value) && value.every(check);
/** @param {{[name: string]: Check}} fields @returns {Check} */
const object = (fields) => (value) =>
  typeof value === "object" && value !== null && Object.entries(fields).every(([name, check]) => check(value[name]));

const span = { start: maybe(number), end: maybe(number) };
const citation = object({
  number,
  cited_text: text,
  document_id: text,
  document_title: text,
  start_char_index: number,
  end_char_index: number,
  section: list(text),
  flags: list(text),
  cells: list(object({ row: text, column: text, value: text, start: number, end: number })),
  author: maybe(text),
  date: maybe(text),
  url: maybe(text),
  licence: maybe(text),
});
const estimate = object({
  value: text,
  what: text,
  hedge: maybe(text),
  claimant: maybe(text),
  period: maybe(text),
  where: maybe(text),
  unit: maybe(text),
  flags: list(text),
  citation: number,
  ...span,
});
const operand = object({ label: text, value: text, citation: number, ...span });
const chart = object({ kind: text, title: text, x: list(text), y: list(number), series: text, unit: maybe(text) });
const incident = object({ date: text, text, again: maybe(text), where: maybe(text), flags: list(text), citation: number });
const listing = object({
  heading: text,
  total: number,
  filter: maybe(text),
  unstated: number,
  entries: list(object({ text, short: text, citation: number })),
});
const answer = object({
  id: text,
  question: text,
  interpreted_as: maybe(text),
  status: (value) => ["answered", "declined", "smalltalk"].includes(value),
  reason: maybe(text),
  kind: text,
  text,
  short: maybe(text),
  confidence: number,
  citations: list(citation),
  closest: list(citation),
  estimates: maybe(list(estimate)),
  computation: maybe(object({ operation: text, formula: text, operands: list(operand), result: text, caveats: list(text) })),
  chart: maybe(chart),
  listing: maybe(listing),
  timeline: maybe(list(incident)),
  sides: maybe(list(object({ label: text, value: text, unit: maybe(text), period: maybe(text), citation: number, ...span }))),
  suggestions: maybe(list(text)),
  generation: text,
});
const conversation = object({
  id: (value) => text(value) && /^[0-9a-f]{8,64}$/.test(value),
  name: maybe(text),
  created: time,
  entries: list(object({ question: text, answer, asked: time })),
});

// Fields that older answers may lack.
const ABSENT = { estimates: [], computation: null, chart: null, listing: null, timeline: [], sides: [], suggestions: [] };

/**
 * Read what is said to be a conversation.
 *
 * @param {any} value
 * @returns {Conversation | null} null where it is none, or has no entries
 */
export function readConversation(value) {
  if (!conversation(value) || value.entries.length === 0) return null;
  const entries = value.entries.map((/** @type {Exchange} */ entry) => ({ ...entry, answer: complete(entry.answer) }));
  return { id: value.id, name: value.name ?? null, created: value.created, entries };
}

/** Give an answer the fields that it lacks, or that a file says are null. @param {any} answer */
function complete(answer) {
  const given = Object.entries(answer).filter(([, value]) => value !== null && value !== undefined);
  const empty = Object.fromEntries(Object.keys(answer).map((name) => [name, null]));
  return { ...empty, ...ABSENT, ...Object.fromEntries(given) };
}

/** @param {any} value @returns {Conversation | null} */
export function readRecord(value) {
  return value?.schema === SCHEMA ? readConversation(value) : null;
}

/** @param {Conversation} kept @returns {Record} */
export function asRecord({ id, name, created, entries }) {
  return { schema: SCHEMA, changed: entries[entries.length - 1].asked, id, name, created, entries };
}

/** Tell entries apart: the same question asked twice has two answers at two times. @param {Exchange} entry */
export function keyOf({ asked, answer }) {
  return `${asked} ${answer.id}`;
}

/**
 * Decide how a conversation is kept when the store may have changed behind the page's back, in another tab:
 *
 * - it was continued there: this one goes on under an id of its own, so that neither loses an entry and no follow-up
 *   ends up below a question that it did not follow;
 * - it was deleted there: what was deleted stays so, and only what is new is kept, under an id of its own;
 * - there is nothing new: null.
 *
 * @param {Conversation | null} stored
 * @param {Conversation} current
 * @param {Set<string>} saved the keys of the entries that this page has kept before
 * @param {string} freshId
 * @returns {Conversation | null}
 */
export function settle(stored, current, saved, freshId) {
  if (!stored) {
    const entries = current.entries.filter((entry) => !saved.has(keyOf(entry)));
    if (entries.length === current.entries.length) return current;
    return entries.length > 0 ? { ...current, id: freshId, entries, created: entries[0].asked } : null;
  }
  if (holdsAll(stored, current)) return null;
  return holdsAll(current, stored) ? { ...current, name: stored.name } : { ...current, id: freshId };
}

/** @param {Conversation} larger @param {Conversation} smaller */
function holdsAll(larger, smaller) {
  const keys = new Set(larger.entries.map(keyOf));
  return smaller.entries.every((entry) => keys.has(keyOf(entry)));
}
