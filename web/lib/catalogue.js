/** The documents by their id, asked for once: who wrote them, where they come from, under which licence. */

import { listDocuments, ServiceError } from "./api.js";

/** @typedef {Map<string, import("./types.js").DocumentInfo>} Catalogue */

/** @type {Promise<Catalogue> | null} */
let known = null;

/** @returns {Promise<Catalogue>} empty where the service cannot be reached: what is exported then names titles only */
export function catalogue() {
  known ??= read();
  return known;
}

async function read() {
  try {
    const { documents } = await listDocuments();
    return new Map(documents.map((document) => [document.id, document]));
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    // Asked for again the next time.
    known = null;
    return new Map();
  }
}
