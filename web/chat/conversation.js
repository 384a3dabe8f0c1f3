/** A conversation as data: what is kept in the browser, listed, exported and shown again. */

import { byId } from "../lib/dom.js";
import { clip } from "../lib/words.js";

/**
 * @typedef {{question: string, answer: import("../lib/types.js").Answer, asked: string}} Exchange `asked`: ISO 8601 time
 *
 * @typedef {object} Conversation
 * @property {string} id
 * @property {string | null} name given by the person, else null
 * @property {string} created ISO 8601 time
 * @property {Exchange[]} entries oldest first
 */

/** @returns {Conversation} */
export function newConversation() {
  // randomUUID exists on secure addresses only; a server on a local network is none.
  const bytes = crypto.getRandomValues(new Uint8Array(9));
  const id = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return { id, name: null, created: new Date().toISOString(), entries: [] };
}

/**
 * Return the title of a conversation: the name it was given, else its first question.
 *
 * @param {Conversation} conversation
 */
export function nameOf(conversation) {
  return conversation.name ?? clip(conversation.entries[0]?.question.trim() ?? "", 80);
}

/** @param {Conversation} conversation */
function titleOf(conversation) {
  const name = nameOf(conversation);
  return name ? `${name} – nkqa` : "nkqa";
}

/** Put the title of a conversation on the window, unless another page is shown. @param {Conversation} conversation */
export function showTitle(conversation) {
  if (!byId("chat").hidden) document.title = titleOf(conversation);
}
