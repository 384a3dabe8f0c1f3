/** A form that sends one request of the HTTP interface, shows it as a curl command, and what came back. */

import { el } from "../lib/dom.js";

/**
 * @typedef {import("./api_docs.js").Operation} Operation
 * @typedef {import("./api_docs.js").Parameter} Parameter
 */

/** More is cut off: a document may have millions of characters. */
const MOST_SHOWN = 20_000;
const JSON_TYPE = "application/json";

/**
 * @param {string} method
 * @param {string} path
 * @param {Operation} operation
 * @returns {HTMLElement[]}
 */
export function tryForm(method, path, operation) {
  const parameters = operation.parameters ?? [];
  const example = operation.requestBody?.content?.[JSON_TYPE]?.example;
  const form = el(
    "form",
    { class: "try" },
    ...parameters.map((parameter) => field(parameter, operation.operationId)),
    operation.requestBody ? bodyField(example, operation.operationId) : "",
    el("button", { type: "submit", class: "quiet" }, "Send"),
  );
  const command = el("pre", { class: "command", tabindex: "0", role: "group", "aria-label": "The request as a command" });
  const status = el("p", { role: "status" });
  const reply = el("pre", { class: "reply-text", tabindex: "0", role: "group", "aria-label": "The reply", hidden: true });
  const tell = () => {
    const { url, body } = read(form, path, parameters);
    command.textContent = curl(method, url, body);
  };
  form.addEventListener("input", tell);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { url, body } = read(form, path, parameters);
    void send(method, url, body, status, reply);
  });
  tell();
  return [el("h3", {}, "Try it"), form, command, status, reply];
}

/** @param {Parameter} parameter @param {string} operation */
function field(parameter, operation) {
  const id = `try-${operation}-${parameter.name}`;
  return el(
    "p",
    {},
    el("label", { for: id }, parameter.name, parameter.required ? "" : " (may be left out)"),
    el("input", { id, name: parameter.name, type: "text", required: Boolean(parameter.required), autocomplete: "off", "aria-describedby": `${id}-help` }),
    el("span", { class: "help", id: `${id}-help` }, parameter.description),
  );
}

/** @param {unknown} example @param {string} operation */
function bodyField(example, operation) {
  const id = `try-${operation}-body`;
  const area = el("textarea", { id, name: "body", rows: 5, spellcheck: "false", autocomplete: "off" });
  area.value = JSON.stringify(example ?? {}, null, 2);
  return el("p", {}, el("label", { for: id }, "Body, as JSON"), area);
}

/** @param {HTMLFormElement} form @param {string} path @param {Parameter[]} parameters */
function read(form, path, parameters) {
  const values = new FormData(form);
  const query = new URLSearchParams();
  let url = path;
  for (const { name, in: place } of parameters) {
    const value = String(values.get(name) ?? "");
    if (place === "path") url = url.replace(`{${name}}`, encodeURIComponent(value));
    else if (value) query.set(name, value);
  }
  const body = values.get("body");
  return { url: location.origin + url + (query.size ? `?${query}` : ""), body: body === null ? null : String(body) };
}

/** @param {string} method @param {string} url @param {string | null} body */
function curl(method, url, body) {
  const quoted = (/** @type {string} */ text) => `'${text.replaceAll("'", "'\\''")}'`;
  const data = body === null ? "" : ` -H ${quoted(`Content-Type: ${JSON_TYPE}`)} -d ${quoted(body)}`;
  return `curl -s${method === "GET" ? "" : ` -X ${method}`}${data} ${quoted(url)}`;
}

/**
 * @param {string} method
 * @param {string} url
 * @param {string | null} body
 * @param {HTMLElement} status
 * @param {HTMLElement} reply
 */
async function send(method, url, body, status, reply) {
  status.textContent = "Waiting for the reply";
  const begun = performance.now();
  try {
    const options = body === null ? { method } : { method, body, headers: { "Content-Type": JSON_TYPE, Accept: JSON_TYPE } };
    const response = await fetch(url, options);
    const text = indented(await response.text());
    status.textContent = `${response.status} ${response.statusText}, ${Math.round(performance.now() - begun)} ms`;
    reply.textContent = text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}\n... ${(text.length - MOST_SHOWN).toLocaleString("en")} more characters` : text;
    reply.hidden = false;
  } catch (error) {
    // What fetch throws when the connection fails; anything else is a fault of the page.
    if (!(error instanceof TypeError)) throw error;
    status.textContent = "The service cannot be reached. Check that the server is running, then try again.";
  }
}

/** @param {string} text JSON or anything else */
function indented(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
