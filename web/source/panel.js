/** The source panel: a document beside the answer, opened at the passage that a citation names. */

import { loadPart, readDocument, ServiceError } from "../lib/api.js";
import { byId, el } from "../lib/dom.js";
import { BESIDE } from "../lib/layout.js";
import { problemNotice } from "../lib/notice.js";
import { slicePoints } from "../lib/offsets.js";
import { citationAddress, sourceAddress } from "../lib/places.js";
import { placeInWords } from "../lib/words.js";

/**
 * @typedef {import("../lib/types.js").Citation} Citation
 * @typedef {import("../lib/types.js").DocumentText} DocumentText
 * @typedef {import("./manuscript.js").Manuscript} Manuscript
 */

export class SourcePanel {
  constructor() {
    /** @type {HTMLDialogElement} */
    this.dialog = byId("source");
    this.heading = byId("source-title");
    this.place = byId("source-place");
    this.body = byId("source-body");
    this.page = el("a", { class: "source-page" }, "Open on a page of its own");
    this.place.after(this.page);
    /** @type {Map<string, DocumentText>} */
    this.cache = new Map();
    /** @type {HTMLElement | null} */
    this.opener = null;
    /** Counts the times something was opened, so that a slow document does not replace a later one. */
    this.turn = 0;
    byId("source-close").addEventListener("click", () => this.close());
    // The browser's own Escape on the phone's sheet.
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
    BESIDE.addEventListener("change", () => this.isOpen && this.showDialog());
  }

  get isOpen() {
    return this.dialog.open;
  }

  get holdsFocus() {
    return this.dialog.contains(document.activeElement);
  }

  /** @param {Citation} citation @param {HTMLElement} opener */
  async openCitation(citation, opener) {
    const place = placeInWords("", citation.section).replace(/^ › /, "");
    const at = `characters ${count(citation.start_char_index)}–${count(citation.end_char_index)}`;
    this.begin(citation.document_title, place ? `${place} · ${at}` : at, opener);
    this.page.href = citationAddress(citation);
    await this.fill(citation.document_id, () => this.openCitation(citation, opener), async (document, Manuscript) => {
      const current = quotes(document, citation) ? document : await this.read(citation.document_id, true);
      const holds = quotes(current, citation);
      const span = { start: citation.start_char_index, end: citation.end_char_index };
      const highlight = { spans: [span], cells: citation.cells };
      const manuscript = new Manuscript(current, holds ? highlight : null);
      return { manuscript, before: holds ? null : changed(), target: manuscript.target };
    });
  }

  /** @param {string} documentId @param {string | null} heading @param {HTMLElement} opener */
  async openDocument(documentId, heading, opener) {
    this.begin(" ", heading ?? "", opener);
    this.page.href = sourceAddress(documentId);
    await this.fill(documentId, () => this.openDocument(documentId, heading, opener), async (document, Manuscript) => {
      this.heading.textContent = document.title;
      const manuscript = new Manuscript(document);
      return { manuscript, before: null, target: heading === null ? null : manuscript.headingElement(heading) };
    });
  }

  close() {
    if (!this.isOpen) return;
    this.turn++;
    const heldFocus = this.dialog.contains(document.activeElement) || document.activeElement === document.body;
    this.dialog.close();
    document.documentElement.classList.remove("source-open");
    this.opener?.removeAttribute("aria-current");
    if (heldFocus) this.opener?.focus();
  }

  /** @param {string} title @param {string} place @param {HTMLElement} opener */
  begin(title, place, opener) {
    this.turn++;
    this.opener?.removeAttribute("aria-current");
    this.opener = opener;
    opener.setAttribute("aria-current", "true");
    this.heading.textContent = title;
    this.place.textContent = place;
    this.body.setAttribute("aria-busy", "true");
    this.body.replaceChildren(el("p", { class: "waiting" }, "Opening the document"));
    this.showDialog();
    byId("source-close").focus({ preventScroll: true });
  }

  /**
   * Fetch a document and show what `lay` makes of it, or the problem.
   *
   * @param {string} documentId
   * @param {() => void} retry
   * @param {(document: DocumentText, layout: typeof import("./manuscript.js").Manuscript) =>
   *         Promise<{manuscript: Manuscript, before: HTMLElement | null, target: Element | null}>} lay
   */
  async fill(documentId, retry, lay) {
    const turn = this.turn;
    try {
      const { Manuscript } = await loadPart(() => import("./manuscript.js"));
      const { manuscript, before, target } = await lay(await this.read(documentId), Manuscript);
      if (turn !== this.turn) return;
      this.body.replaceChildren(...(before ? [before] : []), manuscript.element);
      this.reveal(target);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      if (turn !== this.turn) return;
      // The id of a document changes with its text.
      this.body.replaceChildren(error.status === 404 ? changed() : problemNotice(error.problem, retry));
    } finally {
      if (turn === this.turn) this.body.setAttribute("aria-busy", "false");
    }
  }

  /** @param {string} documentId @param {boolean} [again] fetch it even if it is at hand */
  async read(documentId, again = false) {
    const cached = again ? undefined : this.cache.get(documentId);
    const document = cached ?? (await readDocument(documentId));
    this.cache.set(documentId, document);
    return document;
  }

  /** Beside the conversation it leaves the page usable; as a sheet over it, it takes the page over. */
  showDialog() {
    if (this.dialog.open) this.dialog.close();
    document.documentElement.classList.add("source-open");
    if (BESIDE.matches) this.dialog.show();
    else this.dialog.showModal();
  }

  /**
   * Scroll the panel, and a table in it, to the target and focus it, without moving the page behind.
   *
   * @param {Element | null} target
   */
  reveal(target) {
    if (!(target instanceof HTMLElement)) {
      this.body.scrollTop = 0;
      this.body.focus({ preventScroll: true });
      return;
    }
    const box = target.getBoundingClientRect();
    const view = this.body.getBoundingClientRect();
    this.body.scrollTop += box.top - view.top - view.height / 4;
    const table = target.closest(".table-scroll");
    if (table) {
      const frame = table.getBoundingClientRect();
      table.scrollLeft += box.left - frame.left - frame.width / 2;
    }
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
  }
}

function changed() {
  return el("p", { class: "changed" }, "The document has changed since this answer was given, or was removed: ask again.");
}

/** @param {DocumentText} document @param {Citation} citation */
function quotes(document, citation) {
  return slicePoints(document.text, citation.start_char_index, citation.end_char_index) === citation.cited_text;
}

/** @param {number} offset */
function count(offset) {
  return offset.toLocaleString("en");
}
