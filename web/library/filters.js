/** A form whose fields are parts of the address, above a list that follows them. */

import { ServiceError } from "../lib/api.js";
import { el } from "../lib/dom.js";
import { problemNotice } from "../lib/notice.js";
import { withQuery } from "../lib/query.js";

/**
 * @typedef {object} Field
 * @property {string} name of the part of the address
 * @property {string} label
 * @property {"text" | "year" | "choice" | "check"} kind
 * @property {[value: string, label: string][]} [choices] of a choice, without the first, "all"
 * @property {string} [hint] an example, shown in the empty field
 */

const PAUSE_MS = 300;

/**
 * Make a form and the place for its list; `fill` is called with the filters and gives what stands there.
 *
 * @param {Field[]} fields
 * @param {URLSearchParams} asked what the address says
 * @param {import("../routes.js").Shell} shell
 * @param {(query: URLSearchParams) => Promise<Node[]>} fill may throw ServiceError, which is shown in place of the list
 * @returns {Promise<HTMLElement>}
 */
export async function filteredList(fields, asked, shell, fill) {
  const form = el("form", { class: "filters", role: "search" }, ...fields.map((field) => fieldElement(field, asked.get(field.name) ?? "")));
  const list = el("div", { class: "filtered" });
  // A page further on is for these filters only.
  let query = chosen(fields, asked);
  const offset = asked.get("offset");
  if (offset && /^\d{1,9}$/.test(offset)) query.set("offset", offset);
  let turn = 0;
  let timer = 0;

  async function update() {
    const mine = ++turn;
    list.setAttribute("aria-busy", "true");
    /** @type {Node[]} */
    let content;
    try {
      content = await fill(query);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      content = [problemNotice(error.problem, () => void update())];
    }
    if (mine !== turn) return;
    list.replaceChildren(...content);
    list.setAttribute("aria-busy", "false");
  }
  const onChange = () => {
    clearTimeout(timer);
    const next = chosen(fields, new URLSearchParams(/** @type {any} */ (new FormData(form))));
    if (String(next) === String(query)) return;
    query = next;
    const changes = Object.fromEntries(fields.map(({ name }) => [name, query.get(name)]));
    shell.replace(withQuery({ ...changes, offset: null }));
    void update();
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(onChange, PAUSE_MS);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    onChange();
  });
  list.replaceChildren(...(await fill(query)));
  return el("div", {}, form, list);
}

/** @param {Field[]} fields @param {URLSearchParams} from */
function chosen(fields, from) {
  const query = new URLSearchParams();
  for (const { name, kind } of fields) {
    const value = from.get(name)?.trim();
    // Half a year ("19") would be refused while it is being typed.
    if (value && (kind !== "year" || /^[1-9]\d{3}$/.test(value))) query.set(name, value);
  }
  return query;
}

/** @param {Field} field @param {string} value */
function fieldElement({ name, label, kind, choices = [], hint }, value) {
  const id = `filter-${name}`;
  if (kind === "check") {
    const box = el("input", { type: "checkbox", id, name, value: "true", checked: value === "true" });
    return el("p", { class: "check" }, box, el("label", { for: id }, label));
  }
  const options = [["", "All"], ...choices].map(([code, words]) => el("option", { value: code, selected: code === value }, words));
  /** @type {Record<string, string | number>} */
  const year = kind === "year" ? { inputmode: "numeric", maxlength: 4, pattern: "[0-9]{4}", class: "short-field" } : {};
  const control =
    kind === "choice"
      ? el("select", { id, name }, ...options)
      : el("input", { type: "text", id, name, value, autocomplete: "off", placeholder: hint ?? null, ...year });
  return el("p", {}, el("label", { for: id }, label), control);
}
