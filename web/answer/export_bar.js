/** The buttons that take the rows of a view along, and the line that says that it was done. */

import { copyText } from "../lib/clipboard.js";
import { toCsv } from "../lib/csv.js";
import { button, el } from "../lib/dom.js";
import { download, fileName } from "../lib/download.js";

/** @typedef {{label: string, run: () => Promise<string> | string}} Export `run` returns what is said when it is done */

/** @param {Export[]} exports */
export function exportBar(exports) {
  const said = el("span", { class: "said", role: "status" });
  const buttons = exports.map(({ label, run }) =>
    button(
      label,
      async () => {
        // Emptied first, so that the same words are announced a second time too.
        said.textContent = "";
        said.textContent = await run();
      },
      { class: "plain" },
    ),
  );
  return el("div", { class: "exports" }, ...buttons, said);
}

/**
 * @param {string} label
 * @param {() => string} text
 * @returns {Export}
 */
export function copying(label, text) {
  return { label, run: async () => ((await copyText(text())) ? "Copied." : "The browser does not allow copying.") };
}

/**
 * Return the two ways that every table has.
 *
 * @param {string} title
 * @param {() => (string | number | null)[][]} rows
 * @returns {Export[]}
 */
export function tableExports(title, rows) {
  return [
    copying("Copy as CSV", () => toCsv(rows())),
    {
      label: "Save CSV",
      run: () => {
        // The mark of byte order tells spreadsheets that the file is UTF-8.
        download(fileName(title, "csv"), "text/csv;charset=utf-8", `\ufeff${toCsv(rows())}`);
        return "Saved.";
      },
    },
  ];
}
