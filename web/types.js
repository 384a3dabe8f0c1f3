/**
 * The JSON of the service, as types; nothing here runs. Offsets are Unicode code points, 0-based, end-exclusive.
 *
 * @typedef {{row: string, column: string, value: string, start: number, end: number}} Cell
 *
 * @typedef {object} Citation
 * @property {number} number
 * @property {string} cited_text exactly the document's text from start_char_index to end_char_index
 * @property {string} document_id
 * @property {string} document_title
 * @property {number} start_char_index
 * @property {number} end_char_index
 * @property {string[]} section
 * @property {string[]} flags
 * @property {Cell[]} cells
 *
 * @typedef {object} Answer
 * @property {string} id
 * @property {string} question
 * @property {string | null} interpreted_as
 * @property {"answered" | "declined" | "smalltalk"} status
 * @property {string | null} reason
 * @property {string} kind
 * @property {string} text
 * @property {string | null} short
 * @property {number} confidence
 * @property {Citation[]} citations
 * @property {Citation[]} closest
 * @property {string[]} suggestions
 * @property {string} generation
 *
 * @typedef {object} Source what the sidecar file says; null where it does not say
 * @property {string | null} author
 * @property {string | null} source
 * @property {string | null} url
 * @property {string | null} licence
 * @property {string | null} licence_url
 * @property {string | null} retrieved
 *
 * @typedef {{id: string, name: string, title: string, sha256: string, chars: number, source: Source,
 *            headings: string[]}} DocumentInfo
 * @typedef {{generation: string, documents: DocumentInfo[]}} DocumentList
 *
 * @typedef {{heading: string, level: number, path: string[], start: number, end: number, heading_start: number,
 *            heading_end: number, empty: boolean}} Heading
 * @typedef {{value: string, start: number, end: number}} TableCell
 * @typedef {{label: string, start: number, end: number, cells: TableCell[]}} TableRow
 * @typedef {{caption: string | null, start: number, end: number, columns: string[], rows: TableRow[]}} Table
 *
 * @typedef {object} DocumentText
 * @property {string} generation
 * @property {string} id
 * @property {string} name
 * @property {string} title
 * @property {string} text
 * @property {Source} source
 * @property {Heading[]} outline
 * @property {{start: number, end: number, reason: string}[]} ignored
 * @property {{label: string, start: number, end: number}[]} flags
 * @property {Table[]} tables
 *
 * @typedef {{what: string, remedy: string | null, retry: boolean}} Problem for people: what happened (a sentence), what to
 * do, and whether asking again may help
 */

export {};
