/** Finds the place of an offset of the text among the nodes that show it, and back. Offsets are UTF-16 units. */

export class TextMap {
  /** @param {HTMLElement} root whose text nodes hold a text completely and in order, apart from what is `data-note` */
  constructor(root) {
    /** @type {Text[]} */
    this.nodes = [];
    /** Where the text of each node begins. @type {number[]} */
    this.starts = [];
    this.length = 0;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
      node instanceof Element && node.hasAttribute("data-note") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
    );
    while (walker.nextNode()) {
      if (!(walker.currentNode instanceof Text)) continue;
      this.nodes.push(walker.currentNode);
      this.starts.push(this.length);
      this.length += walker.currentNode.length;
    }
  }

  /**
   * Return a stretch of the text as a range of the document.
   *
   * @param {number} start
   * @param {number} end
   */
  range(start, end) {
    const range = new Range();
    const [first, last] = [this.nodeAt(start), this.nodeAt(Math.max(start, end - 1))];
    range.setStart(this.nodes[first], start - this.starts[first]);
    range.setEnd(this.nodes[last], end - this.starts[last]);
    return range;
  }

  /**
   * Return the offset of a boundary of a selection, which may stand anywhere in the page: what is before the text counts
   * as its beginning, what is after it as its end, and a note as the text that follows it.
   *
   * @param {Node} container
   * @param {number} offset
   */
  offsetOf(container, offset) {
    const boundary = new Range();
    boundary.setStart(container, offset);
    const next = firstIndex(this.nodes.length, (index) => boundary.comparePoint(this.nodes[index], 0) >= 0);
    // The boundary stands within the node before: its start comes before the boundary.
    if (next > 0 && this.nodes[next - 1] === container) return this.starts[next - 1] + offset;
    return next < this.nodes.length ? this.starts[next] : this.length;
  }

  /** @param {number} offset */
  nodeAt(offset) {
    return Math.max(0, firstIndex(this.starts.length, (index) => this.starts[index] > offset) - 1);
  }
}

/**
 * Return the first index from which on a test holds, `length` where it never does.
 *
 * @param {number} length
 * @param {(index: number) => boolean} holds
 */
export function firstIndex(length, holds) {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
