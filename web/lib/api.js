/** Talks to the service. Every failure comes out as one ServiceError that says what happened and what to do. */

// The service's own limit cannot be set higher than 100,000 characters, each of at most two UTF-16 units. Anything longer
// is refused for certain, and sending megabytes may end in a cut connection instead of the service's clear answer.
const MOST_UNITS = 200_000;
const TIMEOUT_MS = 60_000;

export class ServiceError extends Error {
  /**
   * @param {string} what happened, as a sentence
   * @param {string | null} remedy
   * @param {boolean} retry whether the same request may succeed later
   * @param {number | null} status of the response; null where none came
   */
  constructor(what, remedy, retry = true, status = null) {
    super(what);
    this.status = status;
    /** @type {import("./types.js").Problem} */
    this.problem = { what, remedy, retry };
  }
}

/** The person stopped the request: not a failure. */
export class Stopped extends Error {}

/**
 * Ask a question.
 *
 * @param {string} question
 * @param {string[]} history earlier questions, oldest first
 * @param {AbortSignal} stop
 * @returns {Promise<import("./types.js").Answer>}
 */
export async function ask(question, history, stop) {
  if (question.length > MOST_UNITS) throw new ServiceError("The question is too long.", "Shorten it and ask again.", false);
  const answer = await request("/api/ask", stop, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ question, history }),
  });
  if (typeof answer?.text !== "string" || !Array.isArray(answer.citations)) throw unexpected();
  return answer;
}

/** @returns {Promise<import("./types.js").DocumentList>} */
export async function listDocuments() {
  const list = await request("/api/documents", null);
  if (!Array.isArray(list?.documents)) throw unexpected();
  return list;
}

/**
 * @param {string} id
 * @returns {Promise<import("./types.js").DocumentText>}
 */
export async function readDocument(id) {
  const text = await request(`/api/documents/${encodeURIComponent(id)}`, null);
  if (typeof text?.text !== "string") throw unexpected();
  return text;
}

/**
 * @param {string} path
 * @param {AbortSignal | null} [stop]
 * @param {RequestInit} [options]
 * @returns {Promise<any>}
 */
export async function request(path, stop = null, options = {}) {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let response;
  let body;
  try {
    response = await fetch(path, { ...options, signal: stop ? AbortSignal.any([stop, timeout]) : timeout });
    body = await response.text();
  } catch {
    if (stop?.aborted) throw new Stopped();
    if (timeout.aborted) {
      throw new ServiceError(`The service did not answer within ${TIMEOUT_MS / 1000} seconds.`, "Try again in a moment.");
    }
    throw new ServiceError("The service cannot be reached.", "Check that the server is running, then try again.");
  }
  const json = parse(body);
  if (response.ok) {
    if (json === null) throw unexpected();
    return json;
  }
  throw refused(response.status, json);
}

/**
 * Make the error of a response that is not a success: from its problem+json where it has one, else from its status.
 *
 * @param {number} status
 * @param {any} json
 */
function refused(status, json) {
  // A malformed or oversized request fails the same way again; a busy or broken server may not.
  const retry = status >= 500 || status === 429 || status === 408;
  const what = text(json?.detail) ?? text(json?.title) ?? `The service could not answer (status ${status}).`;
  const remedy = text(json?.remedy) ?? (status === 413 ? "Shorten the question and ask again." : null);
  return new ServiceError(what, remedy, retry, status);
}

export function unexpected() {
  return new ServiceError("The reply is not what this page expects.", "Reload the page: nkqa may have been updated.");
}

/** @param {unknown} value @returns {string | null} */
function text(value) {
  return typeof value === "string" && value !== "" ? value : null;
}

/** @param {string} body @returns {any} null where it is not JSON */
function parse(body) {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
