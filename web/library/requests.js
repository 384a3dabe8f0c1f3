/** The requests of the pages beside the conversation, and the JSON that answers them. */

import { request, ServiceError, unexpected } from "../lib/api.js";

/**
 * @typedef {import("../lib/places.js").Span} Span in code points
 * @typedef {"cell" | "quantity" | "event" | "definition" | "list_item" | "relation"} FactKind
 *
 * @typedef {object} Fact docs/facts.md says what each part means for each kind
 * @property {string} id
 * @property {FactKind} kind
 * @property {string} subject
 * @property {string} attribute
 * @property {string} value the document's text at `span`
 * @property {string | null} unit
 * @property {string | null} where
 * @property {{text: string, start: string | null, end: string | null, precision: string} | null} period
 * @property {string | null} claimant
 * @property {string | null} hedge
 * @property {string[]} flags
 * @property {string} doc_id
 * @property {Span} span
 * @property {Span} statement the sentence or row that states it
 * @property {string[]} path the headings above it
 * @property {string} document_title
 * @property {string} statement_text the document's text at `statement`
 *
 * @typedef {{generation: string, total: number, offset: number, facts: Fact[]}} FactList
 * @typedef {{text: string, again: string | null, event: Fact}} TimelineRow
 * @typedef {{kind: string, severity: string, document: string, document_title: string, message: string, passed: boolean,
 *            spans: (Span & {text: string, section: string[]})[]}} Finding
 * @typedef {{failed: number, passed: number, findings: Finding[]}} Audit
 * @typedef {{nkqa: string, generation: string, models: {encoder: string, reader: string}, documents: number,
 *            passages: number, facts: number, limits: {keep_answers: number}}} About
 */

/** @param {URLSearchParams} query @returns {Promise<FactList>} */
export async function listFacts(query) {
  const list = await request(`/api/facts?${query}`);
  if (!Array.isArray(list?.facts)) throw unexpected();
  return list;
}

/** @param {string} id @returns {Promise<Fact | null>} null where there is no fact with this id */
export async function readFact(id) {
  const found = await orNull(request(`/api/facts/${encodeURIComponent(id)}`));
  if (found !== null && typeof found.fact?.value !== "string") throw unexpected();
  return found?.fact ?? null;
}

/** @param {URLSearchParams} query @returns {Promise<TimelineRow[]>} */
export async function listIncidents(query) {
  const list = await request(`/api/timeline?${query}`);
  if (!Array.isArray(list?.rows)) throw unexpected();
  return list.rows;
}

/** @returns {Promise<Audit>} */
export async function readAudit() {
  const audit = await request("/api/audit");
  if (!Array.isArray(audit?.findings)) throw unexpected();
  return audit;
}

/** @returns {Promise<About>} */
export async function readAbout() {
  const about = await request("/api/about");
  if (typeof about?.generation !== "string") throw unexpected();
  return about;
}

/** @returns {Promise<string[]>} questions that the documents answer; none where there are none or they cannot be had */
export async function listSuggestions() {
  try {
    const list = await request("/api/suggestions");
    return Array.isArray(list?.questions) ? list.questions : [];
  } catch (error) {
    // The page works without them.
    if (!(error instanceof ServiceError)) throw error;
    return [];
  }
}

/** @template T @param {Promise<T>} reply @returns {Promise<T | null>} null where the service knows nothing of it (404) */
async function orNull(reply) {
  try {
    return await reply;
  } catch (error) {
    if (error instanceof ServiceError && error.status === 404) return null;
    throw error;
  }
}
