/** Makes DOM nodes. Text goes in as text nodes only: nothing in a question or a document can become mark-up. */

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * Make an element. Attribute values are set as text; false and null leave an attribute out, true sets it empty.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number | boolean | null>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter(isNode));
  return element;
}

/**
 * Make a button that runs `action`.
 *
 * @param {string} label
 * @param {() => void} action
 * @param {Record<string, string | number | boolean | null>} [attributes]
 */
export function button(label, action, attributes = {}) {
  const element = el("button", { type: "button", ...attributes }, label);
  element.addEventListener("click", action);
  return element;
}

/**
 * Make a link to another site, or plain text where the address is not one of the web (a sidecar file may say anything).
 *
 * @param {string} label
 * @param {string | null} address
 * @returns {HTMLElement}
 */
export function outsideLink(label, address) {
  if (!address || !/^https?:\/\//i.test(address)) return el("span", {}, label);
  // A new tab: the conversation lives in this page and would be lost by leaving it.
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, label);
}

/**
 * Split a text at its backquotes: what stands between two of them is a command or a file name.
 *
 * @param {string} text
 * @returns {(string | HTMLElement)[]}
 */
export function withCode(text) {
  return text.split(/`([^`]+)`/).map((piece, index) => (index % 2 ? el("code", {}, piece) : piece));
}

/**
 * Return the element of the page with this id.
 *
 * @template {HTMLElement} [E=HTMLElement]
 * @param {string} id
 * @returns {E}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return /** @type {E} */ (element);
}

/** @param {Child} child @returns {child is Node | string} */
function isNode(child) {
  return child !== null && child !== undefined && child !== false && child !== "";
}
