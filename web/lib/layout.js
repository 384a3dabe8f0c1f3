/** Where the page has two columns: what proves stands beside what is told. The style sheets have the same width. */

export const BESIDE = window.matchMedia("(min-width: 64rem)");
