/** The shell: which page an address names, how one gets from one to another, and what stands on all of them. */

import { connectButtons } from "./chat/buttons.js";
import { Chat } from "./chat/chat.js";
import { Keeper } from "./chat/keeper.js";
import { listDocuments, loadPart, ServiceError } from "./lib/api.js";
import { byId, el } from "./lib/dom.js";
import { problemNotice } from "./lib/notice.js";
import { rememberedPosition } from "./lib/positions.js";
import { colophon, documentList, openers } from "./library/documents.js";
import { listSuggestions } from "./library/requests.js";
import { ROUTES } from "./routes.js";
import { SourcePanel } from "./source/panel.js";

/**
 * @typedef {import("./routes.js").Page} Page
 * @typedef {import("./routes.js").Route} Route
 * @typedef {import("./routes.js").Shell} Shell
 */

const skip = /** @type {HTMLElement} */ (document.querySelector(".skip"));
const source = new SourcePanel();
const chat = new Chat(source);
const keeper = new Keeper(chat);

const CONVERSATION = /^\/(?:c\/[^/]+)?$/;

/** The page at an address that no page has. @type {Route} */
const NOWHERE = {
  path: /^/,
  load: async () => ({
    open: async () => ({
      title: "No such page",
      element: el(
        "div",
        {},
        el("h1", {}, "There is no page here"),
        el("p", {}, "The address may be mistyped. ", el("a", { href: "/" }, "Ask a question"), " or read the ", el("a", { href: "/source" }, "source"), "."),
      ),
    }),
  }),
};

/** Counts the pages opened, so that a slow one does not replace a later one. */
let turn = 0;

/** @type {Shell} */
const shell = {
  go(path) {
    if (path !== location.pathname + location.search) history.pushState(null, "", path);
    void show();
  },
  replace(path) {
    history.replaceState(null, "", path);
  },
  ask(question) {
    if (location.pathname !== keeper.address) history.pushState(null, "", keeper.address);
    void show().then(() => chat.offer(question));
  },
  openCitation: source.openCitation.bind(source),
};

/** Show the page that the address names; focus moves to its heading, except on the first page. */
async function show(first = false) {
  const mine = ++turn;
  // Read now: what is about to be shown may be shorter, and scroll by itself.
  const position = first ? null : rememberedPosition();
  const address = new URL(location.href);
  const route = CONVERSATION.test(address.pathname) ? null : (ROUTES.find(({ path }) => path.test(address.pathname)) ?? NOWHERE);
  source.close();
  markCurrent(address);
  byId("chat").hidden = Boolean(route);
  byId("page").hidden = !route;
  document.documentElement.classList.toggle("on-page", Boolean(route));
  skip.textContent = route ? "Skip to the text" : "Skip to the question box";
  if (!route) {
    const entered = await keeper.enter(address);
    if (mine !== turn) return;
    if (entered) chat.enter(first);
    if (position !== null) window.scrollTo(0, position);
    return;
  }
  keeper.leave();
  const page = byId("page");
  page.setAttribute("aria-busy", "true");
  if (!first) page.replaceChildren(el("p", { class: "waiting" }, "Opening"));
  const found = await openPage(route, address, mine);
  if (mine !== turn) return;
  document.title = `${found.title} – nkqa`;
  page.replaceChildren(found.element);
  page.setAttribute("aria-busy", "false");
  if (!first) focusHeading(page);
  found.ready?.();
  if (position !== null) window.scrollTo(0, position);
}

/** @param {Route} route @param {URL} address @param {number} mine the turn of this page @returns {Promise<Page>} */
async function openPage(route, address, mine) {
  // What a page still does after it was left must not touch the address of the next one.
  /** @type {Shell} */
  const own = { ...shell, replace: (path) => void (mine === turn && shell.replace(path)) };
  try {
    const parameter = decoded(route.path.exec(address.pathname)?.[1]);
    const module = await loadPart((parameter === null ? NOWHERE : route).load);
    return await module.open(address, parameter ?? "", own);
  } catch (error) {
    if (!(error instanceof ServiceError)) {
      reportError(error);
      return failed({ what: "This page does not work.", remedy: "Reload it; if that does not help, nkqa has a fault here.", retry: true });
    }
    return failed(error.problem);
  }
}

/** @param {string | undefined} part of an address @returns {string | null} null where it is not well formed */
function decoded(part) {
  try {
    return decodeURIComponent(part ?? "");
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

/** @param {import("./lib/types.js").Problem} problem @returns {Page} */
function failed(problem) {
  const element = el("div", { class: "plain-page" }, el("h1", {}, "This page cannot be shown"), problemNotice(problem, () => void show()));
  return { title: "Something went wrong", element };
}

/** @param {HTMLElement} page */
function focusHeading(page) {
  window.scrollTo(0, 0);
  const heading = page.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus({ preventScroll: true });
}

/** @param {URL} address */
function markCurrent(address) {
  for (const link of document.querySelectorAll("#nav a")) {
    const path = link.getAttribute("href") ?? "";
    const current = link.id === "nav-ask" ? CONVERSATION.test(address.pathname) : address.pathname.startsWith(path);
    if (current) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

async function showDocuments() {
  const actions = { openDocument: source.openDocument.bind(source), draft: chat.draft.bind(chat), ask: chat.ask.bind(chat) };
  try {
    const [{ documents }, questions] = await Promise.all([listDocuments(), listSuggestions()]);
    byId("documents").replaceChildren(...documentList(documents, actions));
    byId("openers").replaceChildren(...openers(documents, questions, actions));
    byId("colophon").replaceChildren(...colophon(documents));
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    byId("documents").replaceChildren(problemNotice({ ...error.problem, retry: true }, () => void showDocuments()));
  }
}

// Links of the page open without a reload, so that the conversation stays; a new tab remains a new tab.
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link || link.origin !== location.origin || link.target || link.hasAttribute("download") || link.hash) return;
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  shell.go(link.pathname + link.search);
});
window.addEventListener("popstate", () => void show());
// Not by the address: a fragment would be a step of the history and open the page anew.
skip.addEventListener("click", (event) => {
  event.preventDefault();
  if (byId("page").hidden) byId("question").focus();
  else focusHeading(byId("page"));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing) return;
  if (chat.isBusy && !byId("chat").hidden && !source.holdsFocus) chat.stop();
  else source.close();
});

connectButtons(keeper, shell);
void showDocuments();
void show(true);
