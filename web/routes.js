/** The pages beside the conversation: their addresses, and the module of each, fetched when it is first opened. */

/**
 * @typedef {object} Page
 * @property {string} title
 * @property {HTMLElement} element begins with the page's own <h1>
 * @property {() => void} [ready] called once the element is in the document
 *
 * @typedef {object} Shell what a page may ask of the shell
 * @property {(path: string) => void} go opens another page, as a link does
 * @property {(path: string) => void} replace puts another address on this page, without opening anything
 * @property {(question: string) => void} ask goes to the conversation and asks there
 * @property {(citation: import("./lib/types.js").Citation, opener: HTMLElement) => void} openCitation in the panel
 *
 * @typedef {{open: (address: URL, parameter: string, shell: Shell) => Promise<Page>}} PageModule `parameter` is
 * what the parentheses of the path matched, decoded, or ""; `open` may throw ServiceError, which the shell shows
 * @typedef {{path: RegExp, load: () => Promise<PageModule>}} Route
 */

/** @type {Route[]} */
export const ROUTES = [
  { path: /^\/answers\/([^/]+)$/, load: () => import("./answer/page.js") },
  { path: /^\/source$/, load: () => import("./source/list.js") },
  { path: /^\/source\/([^/]+)$/, load: () => import("./source/page.js") },
  { path: /^\/facts$/, load: () => import("./library/facts.js") },
  { path: /^\/facts\/([^/]+)$/, load: () => import("./library/fact.js") },
  { path: /^\/timeline$/, load: () => import("./library/timeline.js") },
  { path: /^\/audit$/, load: () => import("./library/audit.js") },
  { path: /^\/about$/, load: () => import("./library/about.js") },
  { path: /^\/api\/docs$/, load: () => import("./library/api_docs.js") },
];
