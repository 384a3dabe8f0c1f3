/** The dialog with the conversations that this browser keeps: a sheet at the left, over the whole page on a phone. */

import { button, el } from "../lib/dom.js";
import { dayInWords } from "../lib/dates.js";
import { nameOf } from "./conversation.js";
import { ImportError, matches, Shelf } from "./shelf.js";

/**
 * @typedef {import("./shelf.js").Kept} Kept
 * @typedef {import("../routes.js").Shell} Shell
 */

const MOST_NAME = 120;

export class HistoryDialog {
  /** @param {import("./keeper.js").Keeper} keeper @param {Shell} shell */
  constructor(keeper, shell) {
    this.keeper = keeper;
    this.shell = shell;
    this.shelf = new Shelf(keeper);
    /** @type {Kept[]} */
    this.kept = [];
    this.search = el("input", { type: "search", id: "history-search", autocomplete: "off", spellcheck: "false" });
    this.list = el("ol", { class: "history-list", "aria-labelledby": "history-title" });
    this.status = el("p", { class: "history-status", role: "status" });
    this.deleted = el("div", { class: "history-status", role: "status" });
    this.foot = el("div", { class: "history-foot" });
    this.file = el("input", { type: "file", accept: ".json,application/json", hidden: true });
    this.dialog = this.layOut();
    this.search.addEventListener("input", () => this.showList());
    this.file.addEventListener("change", () => void this.importFile());
    // A link leads to a conversation through the shell, as everywhere.
    this.list.addEventListener("click", (event) => {
      if (event.target instanceof Element && event.target.closest("a") && !isNewTab(event)) this.dialog.close();
    });
    // Escape closes this dialog only; the shell would also stop a question or close the source.
    this.dialog.addEventListener("keydown", (event) => event.key === "Escape" && event.stopPropagation());
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
  }

  layOut() {
    const close = button("Close", () => this.dialog.close(), { class: "plain" });
    const head = el("div", { class: "history-head" }, el("h2", { id: "history-title" }, "Conversations"), close);
    const label = el("label", { for: "history-search" }, "Search questions and answers");
    const body = el("div", { class: "history-body" }, label, this.search, this.status, this.deleted, this.list);
    const dialog = el("dialog", { class: "history", "aria-labelledby": "history-title" }, head, body, this.foot, this.file);
    document.body.append(dialog);
    return dialog;
  }

  async open() {
    this.search.value = "";
    this.deleted.replaceChildren();
    this.showFoot();
    this.dialog.showModal();
    await this.refresh();
    // Not on a touch screen, where it would bring up the keyboard over the list.
    if (window.matchMedia("(pointer: fine)").matches) this.search.focus();
  }

  async refresh() {
    const { kept, broken, lasting } = await this.shelf.list();
    this.kept = kept;
    this.showList();
    if (!lasting) this.say("This browser does not keep conversations: they are gone when the page is closed.");
    else if (broken > 0) this.say(`${count(broken, "conversation")} cannot be read, and ${broken === 1 ? "is" : "are"} left out.`);
  }

  showList() {
    const query = this.search.value.trim();
    const found = this.kept.filter((one) => matches(one, query));
    this.list.replaceChildren(...found.map((one) => this.row(one)));
    this.search.disabled = this.kept.length === 0;
    if (this.kept.length === 0) this.say("None yet. What you ask is kept here, in this browser only: the server keeps no conversations.");
    else if (query !== "") this.say(found.length === 0 ? `Nothing found for “${query}”.` : `${found.length} of ${this.kept.length}`);
    else this.say("");
  }

  /** @param {Kept} kept */
  row({ conversation, changed }) {
    const { id, entries } = conversation;
    const current = id === this.keeper.chat.conversation.id;
    const link = el("a", { href: `/c/${id}`, "aria-current": current && "page" }, nameOf(conversation));
    const head = el("div", { class: "history-name" }, link);
    const named = { class: "quiet", "aria-label": `Rename ${nameOf(conversation)}` };
    const rename = button("Rename", () => this.edit(id, head, rename), named);
    const remove = button("Delete", () => void this.remove(conversation), { ...named, "aria-label": `Delete ${nameOf(conversation)}` });
    const when = el("span", {}, `${dayInWords(changed)} · ${count(entries.length, "question")}`);
    return el("li", { "data-id": id }, head, el("p", { class: "history-line" }, when, rename, remove));
  }

  /** @param {string} id @param {HTMLElement} head @param {HTMLElement} opener */
  edit(id, head, opener) {
    const link = head.querySelector("a");
    if (!link) return;
    const box = el("input", { type: "text", "aria-label": "Name", maxlength: MOST_NAME, enterkeyhint: "done" });
    box.value = link.textContent ?? "";
    let done = false;
    /** @param {boolean} save */
    const finish = async (save) => {
      if (done) return;
      done = true;
      if (save && box.value !== link.textContent) {
        await this.shelf.rename(id, box.value);
        await this.refresh();
        this.focusRow(id);
      } else {
        box.replaceWith(link);
        opener.focus();
      }
    };
    box.addEventListener("keydown", (event) => {
      if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return;
      // Escape here gives up the name, not the dialog.
      event.preventDefault();
      void finish(event.key === "Enter");
    });
    box.addEventListener("blur", () => void finish(true));
    link.replaceWith(box);
    box.select();
  }

  /** @param {import("./conversation.js").Conversation} conversation */
  async remove(conversation) {
    const restore = await this.shelf.remove(conversation.id);
    await this.refresh();
    const undo = button("Undo", async () => {
      await restore();
      await this.refresh();
      this.deleted.replaceChildren("Put back.");
      this.focusRow(conversation.id);
    }, { class: "plain" });
    // It stays until the dialog is closed: no one has to hurry.
    this.deleted.replaceChildren(el("span", {}, `Deleted “${nameOf(conversation)}”.`), " ", undo);
    undo.focus();
  }

  showFoot() {
    const add = button("Import", () => this.file.click(), { class: "plain" });
    const forget = button("Forget everything", () => this.confirm(), { class: "plain" });
    this.foot.replaceChildren(add, forget);
  }

  confirm() {
    const keep = button("Keep them", () => {
      this.showFoot();
      this.foot.querySelector("button")?.focus();
    }, { class: "plain" });
    const forget = button("Forget everything", async () => {
      await this.shelf.forget();
      await this.refresh();
      this.showFoot();
      this.foot.querySelector("button")?.focus();
    }, { class: "plain danger" });
    const asked = "Forget all conversations kept in this browser? This cannot be undone.";
    this.foot.replaceChildren(
      el("div", { class: "history-confirm", role: "group", "aria-labelledby": "history-asked" },
        el("p", { id: "history-asked" }, asked), forget, keep),
    );
    keep.focus();
  }

  async importFile() {
    const file = this.file.files?.[0];
    // Emptied, so that the same file can be chosen again.
    if (!file) return;
    try {
      const { id } = await this.shelf.import(file);
      this.dialog.close();
      this.shell.go(`/c/${id}`);
    } catch (error) {
      if (error instanceof ImportError) this.say(error.message);
      else if (error instanceof DOMException) this.say(`“${file.name}” could not be kept: this browser has no room for it.`);
      else throw error;
    } finally {
      this.file.value = "";
    }
  }

  /** @param {string} id */
  focusRow(id) {
    /** @type {HTMLElement | null} */
    const link = this.list.querySelector(`[data-id="${id}"] a`);
    (link ?? this.search).focus();
  }

  /** @param {string} message */
  say(message) {
    this.status.textContent = message;
  }
}

/** @param {number} number @param {string} thing */
function count(number, thing) {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}

/** @param {MouseEvent} event */
function isNewTab(event) {
  return event.ctrlKey || event.metaKey || event.shiftKey;
}
