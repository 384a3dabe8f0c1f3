/** The kept conversations as a collection: listed, searched, renamed, deleted, forgotten, imported. */

import { nameOf, newConversation } from "./conversation.js";
import { asRecord, readConversation, readRecord, SCHEMA, settle } from "./record.js";

/**
 * @typedef {import("./conversation.js").Conversation} Conversation
 * @typedef {{conversation: Conversation, changed: Date, words: string}} Kept `words`: all that is searched, folded
 */

const FORMAT = "nkqa conversation";
// Far above the largest conversation; a larger file is something else, and reading it could stop the page.
const MOST_BYTES = 50_000_000;

/** A file that cannot be imported; the message is for people. */
export class ImportError extends Error {}

export class Shelf {
  /** @param {import("./keeper.js").Keeper} keeper */
  constructor(keeper) {
    this.keeper = keeper;
  }

  /** @returns {Promise<{kept: Kept[], broken: number, lasting: boolean}>} newest first; `broken` ones cannot be read */
  async list() {
    const store = await this.keeper.store;
    const records = await store.all();
    const read = records.map(readRecord).filter((conversation) => conversation !== null);
    const kept = read.map(describe).sort((one, other) => other.changed.getTime() - one.changed.getTime());
    return { kept, broken: records.length - read.length, lasting: store.lasting };
  }

  /** @param {string} id @param {string} name empty for none */
  async rename(id, name) {
    const given = name.trim() || null;
    const store = await this.keeper.store;
    await store.put(id, (found) => {
      const conversation = readRecord(found);
      return conversation && asRecord({ ...conversation, name: given });
    });
    this.keeper.renamed(id, given);
  }

  /** @param {string} id @returns {Promise<() => Promise<void>>} puts it back */
  async remove(id) {
    const store = await this.keeper.store;
    const found = /** @type {import("./record.js").Record | undefined} */ (await store.get(id));
    await store.remove(id);
    if (this.keeper.chat.conversation.id === id) this.keeper.startOver();
    return async () => void (found && (await store.put(id, () => found)));
  }

  async forget() {
    await (await this.keeper.store).clear();
    this.keeper.startOver();
  }

  /**
   * Keep a conversation from a file that `exported` made.
   *
   * @param {File} file
   * @returns {Promise<Conversation>} as it is now kept
   */
  async import(file) {
    if (file.size > MOST_BYTES) throw new ImportError(`“${file.name}” is too large to be a conversation.`);
    const json = parse(await file.text());
    if (json?.format !== FORMAT) throw new ImportError(`“${file.name}” is not a conversation exported from nkqa.`);
    if (json.schema > SCHEMA) throw new ImportError(`“${file.name}” was exported by a newer nkqa: reload the page, or update it.`);
    const conversation = readConversation(json.conversation);
    if (!conversation) throw new ImportError(`“${file.name}” is damaged: parts of the conversation are missing or changed.`);
    const store = await this.keeper.store;
    const kept = await store.put(conversation.id, (found) => {
      const settled = settle(readRecord(found), conversation, new Set(), newConversation().id);
      return settled && asRecord(settled);
    });
    return kept ?? conversation;
  }
}

/**
 * Write a conversation so that it can be imported again.
 *
 * @param {Conversation} current
 * @param {string | null} version of nkqa
 * @param {Date} now
 */
export function exported(current, version, now) {
  const generations = [...new Set(current.entries.map((entry) => entry.answer.generation))];
  const conversation = readConversation(current);
  const file = { format: FORMAT, schema: SCHEMA, nkqa: version, generations, exported: now.toISOString(), conversation };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/**
 * Fold a text for searching: case and diacritics make no difference.
 *
 * @param {string} text
 */
export function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Whether all words of a query occur. @param {Kept} kept @param {string} query */
export function matches(kept, query) {
  return fold(query).split(/\s+/).every((word) => kept.words.includes(word));
}

/** @param {Conversation} conversation @returns {Kept} */
function describe(conversation) {
  const { entries } = conversation;
  const texts = entries.flatMap(({ question, answer }) => [question, answer.short ?? "", answer.text]);
  const changed = new Date(entries[entries.length - 1].asked);
  return { conversation, changed, words: fold([nameOf(conversation), ...texts].join("\n")) };
}

/** @param {string} text @returns {any} null where it is not JSON */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
