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
 * @property {string | null} [author] of the document, like what follows; missing in answers kept by an older page
 * @property {string | null} [date]
 * @property {string | null} [url] http or https
 * @property {string | null} [licence]
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
 * @property {Estimate[]} estimates figures that the corpus gives for the same thing, newest first
 * @property {Computation | null} computation
 * @property {Chart | null} chart
 * @property {Listing | null} listing the entries of a list, complete
 * @property {Incident[]} timeline incidents by date
 * @property {Side[]} sides what is compared, in the order of the question
 * @property {string[]} suggestions
 * @property {string} generation
 *
 * In all of these `citation` is the number of a citation of the answer, and `start` and `end` are a span in that citation's
 * document: of a table cell or of the figure as written; null where a figure is itself computed.
 *
 * @typedef {{value: string, low: number | null, high: number | null, unit: string | null, what: string,
 *            where: string | null, period: string | null, claimant: string | null, hedge: string | null,
 *            flags: string[], citation: number, start: number | null, end: number | null}} Estimate
 * @typedef {{label: string, value: string, citation: number, start: number | null, end: number | null}} Operand
 * @typedef {{operation: string, formula: string, operands: Operand[], result: string, caveats: string[]}} Computation
 * @typedef {{kind: string, title: string, x: string[], y: number[], series: string, unit: string | null,
 *            citation: number, cells: {start: number, end: number}[]}} Chart `kind` is "bar" or "line"; as many cells as x
 *
 * @typedef {{text: string, short: string, citation: number}} ListEntry `short` is the name of the entry
 * @typedef {{heading: string, total: number, filter: string | null, unstated: number, entries: ListEntry[]}} Listing
 * `entries` are those of `total` that pass the filter; for `unstated` of them the text does not state what it asks for
 *
 * @typedef {{date: string, start_date: string | null, end_date: string | null, text: string, again: string | null,
 *            where: string | null, flags: string[], citation: number}} Incident `text` without the date; `again` are the
 * words that name people of an earlier row
 *
 * @typedef {{label: string, value: string, unit: string | null, period: string | null, citation: number,
 *            start: number | null, end: number | null}} Side
 *
 * @typedef {{answer: Answer, generation: string, nkqa: string,
 *            documents: {id: string, name: string, title: string, sha256: string}[]}} Receipt proves an answer again
 *
 * @typedef {object} Source what the sidecar file or the document says; null where neither does
 * @property {string | null} author
 * @property {string | null} date
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
