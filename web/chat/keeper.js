/** Keeps the conversation on the page in step with its address and with what this browser has kept. */

import { dateInWords } from "../lib/dates.js";
import { button, byId, el } from "../lib/dom.js";
import { menu } from "../lib/menu.js";
import { nameOf, newConversation, showTitle } from "./conversation.js";
import { asRecord, keyOf, readRecord, settle } from "./record.js";
import { openStore } from "./store.js";

/** @typedef {import("./conversation.js").Conversation} Conversation */

const ADDRESS = /^\/c\/([^/]+)$/;
const NO_ROOM = "There is no room to keep this conversation in this browser: delete some, or export this one.";
const NOT_KEPT = "This conversation could not be kept in this browser: export it if you need it.";
const NOT_LASTING = "This browser does not keep conversations: they are gone when the page is closed.";
const CONTINUED = "This conversation went on in another tab. From here on it is kept as one of its own.";
const DELETED = "This conversation was deleted in another tab. Only what is new is kept.";

export class Keeper {
  /** @param {import("./chat.js").Chat} chat */
  constructor(chat) {
    this.chat = chat;
    this.store = openStore();
    /** The keys of all entries that this page has kept or found. @type {Set<string>} */
    this.saved = new Set();
    /** The id of the conversation that has had the address. @type {string | null} */
    this.addressed = null;
    /** Saving, one after the other. @type {Promise<void>} */
    this.saving = Promise.resolve();
    this.warned = false;
    this.turn = 0;
    /** Whether a conversation is being fetched that the address already names. */
    this.opening = false;
    this.notes = el("div", { role: "status" });
    this.unknown = el("section", { class: "unknown", "aria-labelledby": "unknown-title", hidden: true });
    /** Title and date, on paper only. */
    this.paperHead = el("p", { class: "paper-head", "aria-hidden": "true" });
    this.exportMenu = menu("Export this conversation", async () =>
      (await import("./export_menu.js")).exportLines(() => chat.conversation),
    );
    this.exportMenu.id = "export";
    byId("ask").prepend(this.notes);
    byId("intro").before(this.paperHead, this.unknown);
    byId("thread").after(this.exportMenu);
    this.noteChange();
    chat.onChange = (conversation) => {
      // An error must not keep what comes later from being kept.
      this.saving = this.saving.then(() => this.save(conversation)).catch(reportError);
    };
  }

  /** The address of the conversation on the page. */
  get address() {
    const { id, entries } = this.chat.conversation;
    return entries.length > 0 ? `/c/${id}` : "/";
  }

  /**
   * Show what the address names: "/" an empty conversation, /c/ID a kept one.
   *
   * @param {URL} address
   * @returns {Promise<boolean>} whether it is on the page: not where it is unknown, or where another address was opened meanwhile
   */
  async enter(address) {
    const turn = ++this.turn;
    this.opening = false;
    const id = ADDRESS.exec(address.pathname)?.[1] ?? null;
    const current = this.chat.conversation;
    this.unknown.hidden = true;
    if (id === current.id) return true;
    if (id === null) {
      if (current.entries.length === 0) return true;
      // The first answer came while another page was open: this place in the history is that conversation's.
      if (this.addressed !== current.id) this.takeAddress();
      else this.show(newConversation());
      return true;
    }
    // Already now, so that the empty page does not flash up.
    document.documentElement.classList.add("asked");
    this.opening = true;
    const found = await this.find(id);
    if (turn !== this.turn) return false;
    this.opening = false;
    this.show(found ?? newConversation());
    if (!found) this.showUnknown();
    return found !== null;
  }

  /** Another page is opened: what is still being fetched for this one comes too late. */
  leave() {
    this.turn++;
    this.opening = false;
  }

  /** Begin an empty conversation, whatever is on the page. */
  startOver() {
    this.show(newConversation());
    if (isChatAddress()) history.replaceState(null, "", "/");
  }

  /** @param {Conversation} conversation */
  show(conversation) {
    this.notes.replaceChildren();
    this.unknown.hidden = true;
    for (const entry of conversation.entries) this.saved.add(keyOf(entry));
    this.chat.show(conversation);
    this.addressed = conversation.entries.length > 0 ? conversation.id : null;
    this.noteChange();
  }

  /** @param {string} id @returns {Promise<Conversation | null>} */
  async find(id) {
    try {
      return readRecord(await (await this.store).get(id));
    } catch (error) {
      if (error instanceof DOMException) return null;
      throw error;
    }
  }

  /** @param {Conversation} conversation */
  async save(conversation) {
    this.unknown.hidden = true;
    try {
      const store = await this.store;
      const kept = await store.put(conversation.id, (found) => {
        const settled = settle(readRecord(found), conversation, this.saved, newConversation().id);
        return settled && asRecord(settled);
      });
      if (kept) this.adopt(conversation, kept);
      if (!store.lasting && !this.warned) this.note(NOT_LASTING);
      this.warned = !store.lasting;
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      this.note(error.name === "QuotaExceededError" ? NO_ROOM : NOT_KEPT);
    }
    if (conversation === this.chat.conversation) this.takeAddress();
  }

  /**
   * Make the conversation on the page what has been kept of it.
   *
   * @param {Conversation} conversation
   * @param {Conversation} kept
   */
  adopt(conversation, kept) {
    const forked = kept.id !== conversation.id;
    const shortened = forked && kept.entries.length < conversation.entries.length;
    // Not `kept.entries`: another answer may have come while this was being kept.
    if (shortened) conversation.entries = conversation.entries.filter((entry) => !this.saved.has(keyOf(entry)));
    conversation.id = kept.id;
    conversation.name = kept.name;
    for (const entry of kept.entries) this.saved.add(keyOf(entry));
    if (conversation !== this.chat.conversation) return;
    if (shortened) this.chat.show(conversation);
    showTitle(conversation);
    if (forked) this.note(shortened ? DELETED : CONTINUED);
  }

  takeAddress() {
    // While another conversation is being fetched, the address is already that one's.
    if (isChatAddress() && !this.opening) {
      history.replaceState(null, "", this.address);
      this.addressed = this.chat.conversation.id;
    }
    this.noteChange();
  }

  noteChange() {
    // The link to the conversation leads back to it from the other pages.
    byId("nav-ask").setAttribute("href", this.address);
    const { entries, created } = this.chat.conversation;
    this.exportMenu.hidden = entries.length === 0;
    this.paperHead.textContent = `${nameOf(this.chat.conversation)} · nkqa, ${dateInWords(new Date(created))}`;
  }

  /** @param {string} id @param {string | null} name */
  renamed(id, name) {
    if (id !== this.chat.conversation.id) return;
    this.chat.conversation.name = name;
    showTitle(this.chat.conversation);
    this.noteChange();
  }

  /** @param {string} message */
  note(message) {
    const line = el("p", { class: "kept-note" }, message, " ", button("Dismiss", () => line.remove(), { class: "quiet" }));
    this.notes.replaceChildren(line);
  }

  showUnknown() {
    this.unknown.replaceChildren(
      el("h2", { id: "unknown-title", tabindex: -1 }, "This conversation is not here"),
      el(
        "p",
        {},
        "Conversations are kept in the browser that they were held in, and nowhere else. Open this address there, or ",
        el("a", { href: "/" }, "begin a new conversation"),
        ".",
      ),
    );
    this.unknown.hidden = false;
    document.title = "This conversation is not here – nkqa";
    byId("unknown-title").focus();
  }
}

function isChatAddress() {
  return location.pathname === "/" || ADDRESS.test(location.pathname);
}
