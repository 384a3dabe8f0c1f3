/** Talks to the service. Every failure comes out as one ServiceError that says what happened and what to do. */

/** @typedef {import("./types.js").Problem} Problem */

// The largest value that the service's own limit can be set to: anything longer is refused for certain, and sending
// megabytes may end in a cut connection instead of the service's clear answer.
const MOST_CHARS = 100_000;
const TIMEOUT_MS = 60_000;

export class ServiceError extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.detail);
    this.problem = problem;
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
  if (question.length > MOST_CHARS) {
    throw failure("The question is too long", `It has ${question.length.toLocaleString("en")} characters.`, {
      remedy: "Shorten it and ask again.",
      retry: false,
    });
  }
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
 * @param {AbortSignal | null} stop
 * @param {RequestInit} [options]
 * @returns {Promise<any>}
 */
async function request(path, stop, options = {}) {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let response;
  let body;
  try {
    response = await fetch(path, { ...options, signal: stop ? AbortSignal.any([stop, timeout]) : timeout });
    body = await response.text();
  } catch {
    if (stop?.aborted) throw new Stopped();
    if (timeout.aborted) {
      throw failure("No answer in time", `The service did not answer within ${TIMEOUT_MS / 1000} seconds.`, {
        remedy: "Try again in a moment.",
      });
    }
    throw failure("The service cannot be reached", "The connection failed before an answer came.", {
      remedy: "Check that the server is running, then try again. Your question is kept.",
    });
  }
  const json = parse(body);
  if (response.ok) {
    if (json === null) throw unexpected();
    return json;
  }
  throw refused(response.status, json);
}

/**
 * Make the error of a response that is not a success: its problem+json where it has one, else words for its status.
 *
 * @param {number} status
 * @param {any} json
 */
function refused(status, json) {
  // A malformed or oversized request fails the same way again; a busy or broken server may not.
  const retry = status >= 500 || status === 429 || status === 408;
  if (typeof json?.title === "string") {
    const detail = typeof json.detail === "string" ? json.detail : "";
    return failure(json.title, detail, { remedy: typeof json.remedy === "string" ? json.remedy : null, retry });
  }
  if (status === 413) return failure("The question is too long", "", { remedy: "Shorten it and ask again.", retry });
  return failure("The service could not answer", `It replied with status ${status}.`, { remedy: "Try again.", retry });
}

function unexpected() {
  return failure("The reply could not be read", "It is not what this page expects.", {
    remedy: "Reload the page; the service may have been updated.",
  });
}

/**
 * @param {string} title
 * @param {string} detail
 * @param {{remedy?: string | null, retry?: boolean}} [more]
 */
function failure(title, detail, { remedy = null, retry = true } = {}) {
  return new ServiceError({ title, detail, remedy, retry });
}

/** @param {string} body @returns {any} null where it is not JSON */
function parse(body) {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
