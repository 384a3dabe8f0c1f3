/** Reads server-sent events from the body of a response. */

/** @typedef {{name: string, data: string}} ServerEvent */

/**
 * Give the events of a stream as they come in. An event that is cut off by the end of the stream is dropped, as the
 * standard says: https://html.spec.whatwg.org/multipage/server-sent-events.html
 *
 * @param {ReadableStream<Uint8Array>} body
 * @param {() => void} [alive] called whenever anything comes in, if only a comment that keeps the connection
 * @returns {AsyncGenerator<ServerEvent>}
 */
export async function* readEvents(body, alive) {
  const reader = body.getReader();
  // One decoder for all chunks: a character may be cut between two of them.
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      alive?.();
      const blocks = (rest + decoder.decode(value, { stream: true })).replaceAll("\r\n", "\n").split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = parseEvent(block);
        if (event) yield event;
      }
    }
  } finally {
    // The one who reads may stop in the middle; the connection must not stay open for that.
    await reader.cancel().catch(() => {});
  }
}

/** @param {string} block @returns {ServerEvent | null} null for a comment, which only keeps the connection alive */
function parseEvent(block) {
  let name = "message";
  /** @type {string[]} */
  const data = [];
  for (const line of block.split("\n")) {
    const [, field, value] = /^(event|data): ?(.*)$/.exec(line) ?? [];
    if (field === "event") name = value;
    else if (field === "data") data.push(value);
  }
  return data.length > 0 ? { name, data: data.join("\n") } : null;
}
