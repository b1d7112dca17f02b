/** One small record that all tabs and workers of this origin see, changed by one of them at a time.
 *
 * IndexedDB, because it is there in pages and workers, and also on http:// in a local network, where the Web Locks are
 * not. Its read-write transactions run one after the other. No token is ever kept in it.
 */

export interface SessionRecord {
  /** Counts sign-ins and refreshes of this browser. */
  readonly generation: number;
  /** When the access token runs out, by this machine's clock, in milliseconds. */
  readonly expiresAt: number;
  /** Until when somebody is busy refreshing; 0 when nobody is. */
  readonly leaseUntil: number;
}

export const NO_SESSION: SessionRecord = { generation: 0, expiresAt: 0, leaseUntil: 0 };

export interface SharedRecord {
  /** Gives what the record was, after `change` of it was saved; null from `change` saves nothing. */
  update(change: (record: SessionRecord) => SessionRecord | null): Promise<SessionRecord>;
}

const DATABASE = "chalkline";
const STORE = "shared";
const KEY = "session";

/** For one tab alone: where a browser forbids its storage, and for tests. */
export class MemoryRecord implements SharedRecord {
  #record = NO_SESSION;

  async update(change: (record: SessionRecord) => SessionRecord | null): Promise<SessionRecord> {
    const was = this.#record;
    this.#record = change(was) ?? was;
    return was;
  }
}

export class IndexedRecord implements SharedRecord {
  #database: Promise<IDBDatabase> | null = null;
  readonly #fallback = new MemoryRecord();

  async update(change: (record: SessionRecord) => SessionRecord | null): Promise<SessionRecord> {
    try {
      this.#database ??= open();
      return await inTransaction(await this.#database, change);
    } catch {
      // Forbidden, full, or closed for a later version of the page. Opened anew the next time.
      this.#database = null;
      return this.#fallback.update(change);
    }
  }
}

function inTransaction(
  database: IDBDatabase,
  change: (record: SessionRecord) => SessionRecord | null,
): Promise<SessionRecord> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, "readwrite");
    const store = transaction.objectStore(STORE);
    let was = NO_SESSION;
    const read = store.get(KEY);
    read.onsuccess = () => {
      was = (read.result as SessionRecord | undefined) ?? NO_SESSION;
      const changed = change(was);
      if (changed) store.put(changed, KEY);
    };
    transaction.oncomplete = () => resolve(was);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => {
      // A later version of the page may want to change the database: don't stand in its way.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}
