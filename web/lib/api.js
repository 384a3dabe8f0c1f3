/** Talks to the service. Every failure comes out as one ServiceError that says what happened and what to do. */

import { readEvents } from "./stream.js";

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
 * @typedef {object} Listener what to do with the parts of an answer as they come in
 * @property {(stage: string) => void} stage
 * @property {(piece: string) => void} text
 */

/**
 * Ask a question. The answer comes in parts, of which `listener` is told; the whole of it is returned.
 *
 * @param {string} question
 * @param {string[]} history earlier questions, oldest first
 * @param {AbortSignal} stop
 * @param {Listener} listener
 * @returns {Promise<import("./types.js").Answer>}
 */
export async function ask(question, history, stop, listener) {
  if (question.length > MOST_UNITS) throw new ServiceError("The question is too long.", "Shorten it and ask again.", false);
  const answer = await send("/api/ask", stop, post({ question, history }, "text/event-stream"), async (response, alive) => {
    const streamed = response.headers.get("Content-Type")?.startsWith("text/event-stream");
    return streamed && response.body ? fromStream(response.body, listener, alive) : parse(await response.text());
  });
  if (typeof answer?.text !== "string" || !Array.isArray(answer.citations)) throw unexpected();
  return answer;
}

/**
 * @param {ReadableStream<Uint8Array>} body
 * @param {Listener} listener
 * @param {() => void} alive
 */
async function fromStream(body, listener, alive) {
  let answer = null;
  // Read to its end, so that the connection can serve the next request.
  for await (const { name, data } of readEvents(body, alive)) {
    const content = parse(data);
    if (name === "done") answer = content;
    if (name === "error") throw refused(content?.status ?? 500, content);
    if (name === "stage") listener.stage(String(content?.stage));
    if (name === "delta") listener.text(String(content?.text));
  }
  if (!answer) throw new ServiceError("The connection was cut before the answer was complete.", "Try again.");
  return answer;
}

/**
 * Tell the server whether an answer is right; it is kept there, for whoever runs it.
 *
 * @param {{answer_id: string, verdict: "right" | "wrong", reason: string | null, comment: string | null}} feedback
 */
export async function sendFeedback(feedback) {
  return request("/api/feedback", null, post(feedback));
}

/** Whether the server keeps feedback; asked once. @type {Promise<boolean> | null} */
let kept = null;

/** @returns {Promise<boolean>} whether the server keeps what people say of its answers; true where it cannot be asked */
export function keepsFeedback() {
  kept ??= request("/api/about").then(
    ({ limits }) => limits?.keep_feedback !== 0 && limits?.keep_answers !== 0,
    () => true,
  );
  return kept;
}

/**
 * Fetch an answer that the server keeps, with its receipt.
 *
 * @param {string} id
 * @returns {Promise<import("./types.js").Receipt>}
 */
export async function readAnswer(id) {
  const receipt = await request(`/api/answers/${encodeURIComponent(id)}`, null);
  if (typeof receipt?.answer?.text !== "string") throw unexpected();
  return receipt;
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
 * Load a part of the page that was not loaded with it.
 *
 * @template T
 * @param {() => Promise<T>} load
 * @returns {Promise<T>}
 */
export async function loadPart(load) {
  try {
    return await load();
  } catch (error) {
    // What a module throws that did not come; anything else is a fault in it.
    if (!(error instanceof TypeError)) throw error;
    throw new ServiceError("A part of this page could not be loaded.", "Check that the server is running, then reload the page.");
  }
}

/**
 * @param {object} body
 * @param {string} [accept]
 * @returns {RequestInit}
 */
function post(body, accept = "application/json") {
  return { method: "POST", headers: { "Content-Type": "application/json", Accept: accept }, body: JSON.stringify(body) };
}

/**
 * Fetch JSON.
 *
 * @param {string} path
 * @param {AbortSignal | null} [stop]
 * @param {RequestInit} [options]
 */
export async function request(path, stop = null, options = {}) {
  const json = await send(path, stop, options, async (response) => parse(await response.text()));
  if (json === null) throw unexpected();
  return json;
}

/**
 * Send a request and return what `read` makes of its response. It fails when nothing has come in for TIMEOUT_MS.
 *
 * @param {string} path
 * @param {AbortSignal | null} stop
 * @param {RequestInit} options
 * @param {(response: Response, alive: () => void) => Promise<any>} read calls `alive` as parts of the response come in
 * @returns {Promise<any>}
 */
async function send(path, stop, options, read) {
  const silence = new AbortController();
  let timer = 0;
  const alive = () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => silence.abort(), TIMEOUT_MS);
  };
  alive();
  try {
    const response = await fetch(path, { ...options, signal: stop ? AbortSignal.any([stop, silence.signal]) : silence.signal });
    if (!response.ok) throw refused(response.status, parse(await response.text()));
    return await read(response, alive);
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    if (stop?.aborted) throw new Stopped();
    if (silence.signal.aborted) {
      throw new ServiceError(`Nothing came from the service for ${TIMEOUT_MS / 1000} seconds.`, "Try again in a moment.");
    }
    // What fetch and a body throw when the connection fails; anything else is a fault of the page.
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    throw new ServiceError("The service cannot be reached.", "Check that the server is running, then try again.");
  } finally {
    clearTimeout(timer);
  }
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
