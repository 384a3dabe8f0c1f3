/**
 * Addresses of places in a document: /source/ID?at=120-188&cell=130-135, offsets in code points, end-exclusive. There may
 * be several `at` and several `cell`; both are highlighted, and the page opens at the first.
 */

/** @typedef {{start: number, end: number}} Span in code points */
/** @typedef {{spans: Span[], cells: Span[]}} Place */

/**
 * @param {string} documentId
 * @param {Partial<Place>} [place]
 * @returns {string}
 */
export function sourceAddress(documentId, { spans = [], cells = [] } = {}) {
  const query = new URLSearchParams();
  for (const { start, end } of spans) query.append("at", `${start}-${end}`);
  for (const { start, end } of cells) query.append("cell", `${start}-${end}`);
  const path = `/source/${encodeURIComponent(documentId)}`;
  return query.size > 0 ? `${path}?${query}` : path;
}

/**
 * @param {import("./types.js").Citation} citation
 * @returns {string}
 */
export function citationAddress(citation) {
  const { start_char_index: start, end_char_index: end, cells } = citation;
  return sourceAddress(citation.document_id, { spans: [{ start, end }], cells });
}

/**
 * Read the place that an address names; what is not a span is left out.
 *
 * @param {URL} address
 * @returns {Place}
 */
export function readPlace(address) {
  /** @param {string} name */
  const read = (name) => address.searchParams.getAll(name).flatMap(readSpan);
  return { spans: read("at"), cells: read("cell") };
}

/** @param {string} text @returns {Span[]} one span, or none */
function readSpan(text) {
  const found = /^(\d{1,9})-(\d{1,9})$/.exec(text);
  if (!found) return [];
  const [start, end] = [Number(found[1]), Number(found[2])];
  return start < end ? [{ start, end }] : [];
}
