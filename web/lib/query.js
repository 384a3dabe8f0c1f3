/** The query part of this page's address: where filters and other states of a page live, so that each has its address. */

/**
 * Return the address of this page with some parts of its query changed; null and "" take a part out.
 *
 * @param {Record<string, string | null>} changes
 */
export function withQuery(changes) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  return query.size > 0 ? `${location.pathname}?${query}` : location.pathname;
}
