/** Dates for people and for files, in the time zone of the browser. */

/**
 * Name a day: "today", "yesterday", else the date.
 *
 * @param {Date} date
 * @param {Date} [now]
 */
export function dayInWords(date, now = new Date()) {
  const days = Math.round((startOfDay(now) - startOfDay(date)) / 86_400_000);
  if (days === 0) return "today";
  if (days === 1) return "yesterday";
  return dateInWords(date);
}

/** @param {Date} date such as "24 November 2026" */
export function dateInWords(date) {
  return date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });
}

/** @param {Date} date such as "2026-11-24" */
export function isoDay(date) {
  const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  return parts.map((part) => String(part).padStart(2, "0")).join("-");
}

/** @param {Date} date */
function startOfDay(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
