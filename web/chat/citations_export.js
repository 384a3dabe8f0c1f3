/** The cited passages for reference managers: one entry for each distinct passage, as BibTeX and as CSL-JSON. */

/**
 * @typedef {import("../lib/types.js").Citation} Citation
 * @typedef {import("./conversation.js").Exchange} Exchange
 * @typedef {import("./export_markdown.js").Documents} Documents
 *
 * @typedef {object} Reference
 * @property {string} key the same for the same passage, whenever it is exported
 * @property {Citation} citation
 * @property {import("../lib/types.js").Source | null} source
 * @property {[number, number?, number?]} accessed year, month, day: when the document was retrieved, else when the answer was given
 */

const KEY_LETTERS = 24;

/**
 * @param {Exchange[]} entries
 * @param {Documents} documents
 * @returns {Reference[]} in the order of first use
 */
export function referencesOf(entries, documents) {
  /** @type {Map<string, Reference>} */
  const found = new Map();
  const keys = new Set();
  for (const { answer, asked } of entries) {
    for (const citation of answer.citations) {
      const passage = [citation.document_id, citation.start_char_index, citation.end_char_index, citation.cited_text].join("\n");
      if (found.has(passage)) continue;
      const source = documents.get(citation.document_id)?.source ?? null;
      const key = freeKey(keyOf(citation), keys);
      found.set(passage, { key, citation, source, accessed: readDate(source?.retrieved) ?? dayOf(new Date(asked)) });
    }
  }
  return [...found.values()];
}

/** @param {Reference[]} references */
export function asBibtex(references) {
  return references.map(bibtexEntry).join("\n");
}

/** @param {Reference[]} references */
export function asCsl(references) {
  return `${JSON.stringify(references.map(cslItem), null, 2)}\n`;
}

/** @param {Reference} reference */
function bibtexEntry({ key, citation, source, accessed }) {
  const fields = {
    title: `{${latex(citation.document_title)}}`,
    // In braces of its own: a name of an organisation is not to be turned round.
    author: source?.author && `{${latex(source.author)}}`,
    howpublished: source?.source && latex(source.source),
    url: source?.url && address(source.url),
    urldate: accessed.map((part) => String(part).padStart(2, "0")).join("-"),
    year: String(accessed[0]),
    note: latex(noteOf(citation, source)),
  };
  const lines = Object.entries(fields).flatMap(([name, value]) => (value ? [`  ${name} = {${value}},`] : []));
  return [`@misc{${key},`, ...lines, "}", ""].join("\n");
}

/** @param {Reference} reference */
function cslItem({ key, citation, source, accessed }) {
  return {
    id: key,
    type: source?.url ? "webpage" : "document",
    title: citation.document_title,
    ...(source?.author && { author: [{ literal: source.author }] }),
    ...(source?.source && { "container-title": source.source }),
    ...(citation.section.length > 0 && { section: citation.section.join(" › ") }),
    ...(source?.url && { URL: source.url }),
    accessed: { "date-parts": [accessed] },
    ...(source?.licence && { license: source.licence }),
    note: noteOf(citation, source),
  };
}

/** @param {Citation} citation @param {import("../lib/types.js").Source | null} source */
function noteOf(citation, source) {
  return [
    citation.section.length > 0 && `Section: ${citation.section.join(" › ")}.`,
    `Characters ${citation.start_char_index}–${citation.end_char_index}: “${citation.cited_text}”`,
    citation.flags.length > 0 && `Flagged in the source: ${citation.flags.join(", ")}.`,
    source?.licence && `Licence: ${source.licence}.`,
  ]
    .filter(Boolean)
    .join(" ");
}

/** @param {Citation} citation such as "north-korean-defectors-97e517b12df8-120-188" */
function keyOf({ document_title, document_id, start_char_index, end_char_index }) {
  const ascii = (/** @type {string} */ text) => text.normalize("NFD").toLowerCase().replace(/\p{M}/gu, "").replace(/[^a-z0-9]+/g, "-");
  const title = ascii(document_title).slice(0, KEY_LETTERS).replace(/^-+|-+$/g, "");
  return [title || "document", ascii(document_id), start_char_index, end_char_index].join("-");
}

/** @param {string} key @param {Set<string>} taken */
function freeKey(key, taken) {
  let free = key;
  for (let number = 2; taken.has(free); number++) free = `${key}-${number}`;
  taken.add(free);
  return free;
}

/** @type {{[character: string]: string}} */
const LATEX = {
  "\\": "\\textbackslash{}",
  // Not \{ and \}: BibTeX counts those, too, and an unmatched one would run on past the end of the field.
  "{": "\\textbraceleft{}",
  "}": "\\textbraceright{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
};

/**
 * Escape a text for LaTeX; other scripts stay as they are. Line breaks become spaces, as BibTeX reads them anyway.
 *
 * @param {string} text
 */
function latex(text) {
  return text.replace(/\s+/g, " ").trim().replace(/[\\{}~^<>|#$%&_]/g, (character) => LATEX[character] ?? `\\${character}`);
}

/** What could end a field or begin a command has no place in an address anyway. @param {string} url */
function address(url) {
  return url.replace(/[\\{}\s"<>^`|]/g, (character) => encodeURIComponent(character));
}

/** @param {string | null | undefined} text such as "2024-05-12" or "2024" @returns {[number, number?, number?] | null} */
function readDate(text) {
  const found = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?/.exec(text ?? "");
  if (!found) return null;
  return /** @type {[number, number?, number?]} */ (found.slice(1).filter(Boolean).map(Number));
}

/** @param {Date} date @returns {[number, number, number]} */
function dayOf(date) {
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()];
}
