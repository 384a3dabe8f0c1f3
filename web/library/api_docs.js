/** The HTTP interface as the service describes it (/openapi.json), each operation with a form to try it. */

import { request, unexpected } from "../lib/api.js";
import { el, withCode } from "../lib/dom.js";
import { tryForm } from "./try_request.js";

/**
 * @typedef {any} Schema JSON Schema
 * @typedef {{name: string, in: "path" | "query", required?: boolean, description?: string, schema: Schema}} Parameter
 * @typedef {{content?: Record<string, {schema?: Schema, example?: unknown}>, description?: string}} Body
 * @typedef {{operationId: string, tags: string[], summary: string, description?: string, parameters?: Parameter[],
 *            requestBody?: Body, responses: Record<string, Body>}} Operation
 * @typedef {{info: {title: string, version: string, description: string}, tags: {name: string, description: string}[],
 *            paths: Record<string, Record<string, Operation>>, components: {schemas: Record<string, Schema>}}} Description
 */

/** @returns {Promise<import("../routes.js").Page>} */
export async function open() {
  /** @type {Description} */
  const description = await request("/openapi.json");
  if (!description.paths || !Array.isArray(description.tags)) throw unexpected();
  const { info, tags, components } = description;
  const element = el(
    "div",
    { class: "plain-page api-docs" },
    el("h1", {}, "HTTP interface"),
    el("p", { class: "lead" }, ...withCode(info.description)),
    el("p", { class: "help" }, `Version ${info.version}. `, el("a", { href: "/openapi.json", download: "openapi.json" }, "OpenAPI description"), " for generators of clients."),
    ...tags.flatMap((tag) => area(tag, description)),
    el("h2", {}, "Types"),
    ...Object.entries(components.schemas).sort(([one], [other]) => one.localeCompare(other)).map(([name, schema]) => type(name, schema)),
  );
  return { title: "HTTP interface", element };
}

/** @param {{name: string, description: string}} tag @param {Description} description */
function area({ name, description: words }, { paths }) {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => (operation.tags.includes(name) ? [shown(method.toUpperCase(), path, operation)] : [])),
  );
  if (operations.length === 0) return [];
  return [el("h2", {}, name[0].toUpperCase() + name.slice(1)), el("p", { class: "help" }, words), ...operations];
}

/** @param {string} method @param {string} path @param {Operation} operation */
function shown(method, path, operation) {
  const details = el(
    "details",
    { class: "operation", id: operation.operationId },
    el("summary", {}, el("strong", {}, method), " ", el("code", {}, path), " ", el("span", {}, ...withCode(operation.summary))),
  );
  // Made when it is first opened: most never are.
  details.addEventListener("toggle", () => details.append(...content(method, path, operation)), { once: true });
  return details;
}

/** @param {string} method @param {string} path @param {Operation} operation */
function content(method, path, operation) {
  return [
    operation.description ? el("p", {}, ...withCode(operation.description)) : "",
    ...tryForm(method, path, operation),
    el("h3", {}, "Responses"),
    el(
      "ul",
      { class: "responses" },
      ...Object.entries(operation.responses).map(([status, body]) => el("li", {}, el("strong", {}, status), ` ${body.description ?? ""} `, ...contents(body))),
    ),
  ];
}

/** @param {Body} body */
function contents(body) {
  return Object.entries(body.content ?? {}).flatMap(([media, { schema }]) => [el("code", {}, media), " ", ...kind(schema), " "]);
}

/** @param {string} name @param {Schema} schema */
function type(name, schema) {
  const required = new Set(schema.required ?? []);
  const rows = Object.entries(schema.properties ?? {}).map(([field, one]) =>
    el("tr", {}, el("th", { scope: "row" }, el("code", {}, field)), el("td", {}, ...kind(one)), el("td", {}, required.has(field) ? "always" : "may be left out"), el("td", {}, ...withCode(one.description ?? ""))),
  );
  const head = el("thead", {}, el("tr", {}, ...["Field", "Type", "Given", "Meaning"].map((title) => el("th", { scope: "col" }, title))));
  return el(
    "details",
    { class: "type", id: `type-${name}` },
    el("summary", {}, el("code", {}, name)),
    el("p", {}, ...withCode(schema.description ?? "")),
    schema.enum ? el("p", {}, ...withCode(schema.enum.map((/** @type {unknown} */ one) => `\`${one}\``).join(", "))) : "",
    rows.length ? el("div", { class: "table-scroll", tabindex: "0", role: "group", "aria-label": `Fields of ${name}` }, el("table", {}, head, el("tbody", {}, ...rows))) : "",
  );
}

/** Name a type; what has a name of its own is a button that opens it. @param {Schema} schema @returns {(string | Node)[]} */
function kind(schema) {
  if (!schema) return [];
  if (schema.$ref) return [reference(schema.$ref.split("/").pop())];
  if (schema.anyOf) return schema.anyOf.flatMap((/** @type {Schema} */ one, /** @type {number} */ place) => [place ? " or " : "", ...kind(one)]);
  if (schema.type === "array") return ["list of ", ...kind(schema.items ?? {})];
  if (schema.type === "object" && typeof schema.additionalProperties === "object") return ["map to ", ...kind(schema.additionalProperties)];
  return [schema.const !== undefined ? JSON.stringify(schema.const) : (schema.enum?.join(", ") ?? schema.type ?? "any")];
}

/** @param {string} name */
function reference(name) {
  const link = el("button", { type: "button", class: "plain" }, name);
  link.addEventListener("click", () => {
    const details = /** @type {HTMLDetailsElement | null} */ (document.getElementById(`type-${name}`));
    if (!details) return;
    details.open = true;
    details.querySelector("summary")?.focus();
  });
  return link;
}
