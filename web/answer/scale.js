/** The arithmetic of axes: round ticks, positions, and labels that do not overlap. */

/**
 * Return round numbers that cover the values from `low` to `high`, ascending, in steps of 1, 2 or 5 times a power of ten.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} most how many steps at most
 * @returns {number[]}
 */
export function niceTicks(low, high, most) {
  if (high === low) return low === 0 ? [0, 1] : niceTicks(Math.min(0, low), Math.max(0, high), most);
  const rough = (high - low) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  let step = /** @type {number} */ ([1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough * (1 - 1e-9)));
  // Rounding outwards may add steps.
  while (Math.ceil(high / step) - Math.floor(low / step) > most) step = widen(step);
  const [first, last] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
  // Through a short decimal, or 3 * 0.1 would be 0.30000000000000004.
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** @param {number} step the next of 1, 2, 5, 10, ... */
function widen(step) {
  const lead = Math.round(step / 10 ** Math.floor(Math.log10(step) + 1e-9));
  return lead === 2 ? step * 2.5 : step * 2;
}

/**
 * Return the lowest and highest value that an axis has to show. Bars start at zero, or their lengths would not compare.
 *
 * @param {number[]} values
 * @param {boolean} fromZero
 * @returns {[number, number]}
 */
export function domainOf(values, fromZero) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  // A line that would hardly leave the zero line's neighbourhood starts there too.
  return fromZero || (low > 0 && low < high / 2) ? [Math.min(0, low), Math.max(0, high)] : [low, high];
}

/**
 * @param {[number, number]} from
 * @param {[number, number]} to
 * @returns {(value: number) => number}
 */
export function linear([low, high], [first, last]) {
  return (value) => first + ((value - low) / (high - low || 1)) * (last - first);
}

/**
 * Estimate how wide a text is drawn, on the safe side; a letter of Chinese, Japanese or Korean is a full square.
 *
 * @param {string} text
 * @param {number} size of the font
 */
export function widthOf(text, size) {
  return Array.from(text).reduce((sum, letter) => sum + (letter > "\u2e80" ? 1 : 0.6) * size, 0);
}

/**
 * Return n such that every nth label has room.
 *
 * @param {number[]} widths of the labels
 * @param {number} band room for one label
 * @param {number} gap at least, between two
 */
export function labelStep(widths, band, gap) {
  return Math.max(1, Math.ceil((Math.max(...widths) + gap) / band));
}
