/**
 * Where conversations are kept: in this browser, never on the server. What is read is returned as found; record.js checks
 * it. Each change is one transaction, so that two tabs never undo each other's.
 */

/**
 * @typedef {import("./record.js").Record} Record
 *
 * @typedef {object} Store every method but `lasting` may reject with a DOMException, as when there is no room left
 * @property {boolean} lasting false where all is forgotten with the page
 * @property {() => Promise<unknown[]>} all in no order
 * @property {(id: string) => Promise<unknown>} get undefined where there is none
 * @property {(id: string, change: (found: unknown) => Record | null) => Promise<Record | null>} put keeps what `change`
 * makes of what is there under `id`, perhaps under another id; null changes nothing. Drops the oldest beyond MOST
 * @property {(id: string) => Promise<void>} remove
 * @property {() => Promise<void>} clear
 */

export const MOST = 500;

/** @returns {Promise<Store>} */
export async function openStore() {
  try {
    return databaseStore(await openDatabase());
  } catch (error) {
    // No IndexedDB, or the browser refuses it to this page.
    if (error instanceof DOMException || error instanceof ReferenceError || error instanceof TypeError) return memoryStore();
    throw error;
  }
}

/** @returns {Promise<IDBDatabase>} */
function openDatabase() {
  const request = indexedDB.open("nkqa", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("conversations", { keyPath: "id" }).createIndex("changed", "changed");
  };
  return result(request);
}

/** @param {IDBDatabase} database @returns {Store} */
function databaseStore(database) {
  // A later version of the page, in another tab, may want to change the form of the database.
  database.onversionchange = () => database.close();
  /**
   * @template T
   * @param {IDBTransactionMode} mode
   * @param {(records: IDBObjectStore) => Promise<T>} work
   * @returns {Promise<T>} once the transaction is complete
   */
  const transact = async (mode, work) => {
    const transaction = database.transaction("conversations", mode);
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(null);
      transaction.onabort = () => reject(transaction.error ?? new DOMException("Aborted", "AbortError"));
    });
    const [made] = await Promise.all([work(transaction.objectStore("conversations")), done]);
    return made;
  };
  return {
    lasting: true,
    all: () => transact("readonly", (records) => result(records.getAll())),
    get: (id) => transact("readonly", (records) => result(records.get(id))),
    put: (id, change) =>
      transact("readwrite", async (records) => {
        const record = change(await result(records.get(id)));
        if (!record) return null;
        await result(records.put(record));
        await trim(records, record.id);
        return record;
      }),
    remove: (id) => transact("readwrite", (records) => result(records.delete(id))),
    clear: () => transact("readwrite", (records) => result(records.clear())),
  };
}

/** @param {IDBObjectStore} records @param {string} spared the id of a record that stays, however old */
async function trim(records, spared) {
  const surplus = (await result(records.count())) - MOST;
  if (surplus <= 0) return;
  const oldest = await result(records.index("changed").getAllKeys(null, surplus + 1));
  for (const key of oldest.filter((id) => id !== spared).slice(0, surplus)) records.delete(key);
}

/** @returns {Store} */
function memoryStore() {
  /** @type {Map<string, Record>} */
  const records = new Map();
  return {
    lasting: false,
    all: async () => [...records.values()],
    get: async (id) => records.get(id),
    put: async (id, change) => {
      const record = structuredClone(change(records.get(id)));
      if (record) records.set(record.id, record);
      return record;
    },
    remove: async (id) => void records.delete(id),
    clear: async () => records.clear(),
  };
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function result(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
