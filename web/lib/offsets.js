/**
 * Converts offsets. The service counts Unicode code points, JavaScript counts UTF-16 units: a character outside the basic
 * plane (an emoji, a rare Hanja) is one of the former and two of the latter.
 */

export class Offsets {
  /** @param {string} text */
  constructor(text) {
    /** Code-point offsets of the characters that take two UTF-16 units, ascending. @type {number[]} */
    this.pairs = [];
    for (let unit = 0, point = 0; unit < text.length; unit++, point++) {
      if (/** @type {number} */ (text.codePointAt(unit)) > 0xffff) {
        this.pairs.push(point);
        unit++;
      }
    }
  }

  /**
   * Return the UTF-16 offset of a code-point offset: with "a🔥b", 2 (the "b") becomes 3.
   *
   * @param {number} point
   * @returns {number}
   */
  toUnits(point) {
    let low = 0;
    let high = this.pairs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.pairs[middle] < point) low = middle + 1;
      else high = middle;
    }
    return point + low;
  }

  /**
   * Return the code-point offset of a UTF-16 offset: the way back of `toUnits`.
   *
   * @param {number} unit
   * @returns {number}
   */
  toPoints(unit) {
    let low = 0;
    let high = this.pairs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      // Before the pair at `middle` stand as many units more than points as there are pairs before it.
      if (this.pairs[middle] + middle < unit) low = middle + 1;
      else high = middle;
    }
    return unit - low;
  }
}

/**
 * Slice a text by code-point offsets, as the service does.
 *
 * @param {string} text
 * @param {number} start
 * @param {number} end
 * @param {Offsets} [offsets] of this text, where they are at hand
 * @returns {string}
 */
export function slicePoints(text, start, end, offsets = new Offsets(text)) {
  return text.slice(offsets.toUnits(start), offsets.toUnits(end));
}
