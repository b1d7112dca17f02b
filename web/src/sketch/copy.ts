/** The browser's own copy of a sketch: it keeps what was drawn without a network, over a reload, too. */

import { type Signal, signal } from "@preact/signals";
import { IndexeddbPersistence, PREFERRED_TRIM_SIZE, storeState } from "y-indexeddb";
import { type Doc, encodeStateAsUpdate } from "yjs";

const UPDATES = "updates";
const TRIM_MILLISECONDS = 1000;

/**
 * y-indexeddb reads the copy and makes it short again; the writing is here, since it tells nobody how a write has ended.
 * A browser without storage, or without room in it, draws without a copy: then `isWhole` stays false.
 */
export class LocalCopy {
  /** It is in the document, or can't be had. */
  readonly isRead: Signal<boolean> = signal(false);
  /** All of the document is on the browser's disk, and not only on the way there. */
  readonly isWhole: Signal<boolean> = signal(false);
  readonly #store: IndexeddbPersistence;
  readonly #doc: Doc;
  #writing = 0;
  /** Something isn't on the disk, and no write under way will bring it there. */
  #isBehind = false;
  #trimming: ReturnType<typeof setTimeout> | undefined;

  constructor(name: string, doc: Doc) {
    this.#doc = doc;
    this.#store = new IndexeddbPersistence(name, doc);
    doc.off("update", this.#store._storeUpdate);
    doc.on("update", this.#changed);
    this.#store.whenSynced.then(() => this.#opened());
    this.#store._db.catch(() => {
      this.isRead.value = true;
    });
  }

  close(): void {
    clearTimeout(this.#trimming);
    this.#doc.off("update", this.#changed);
    void this.#store.destroy().catch(() => {});
  }

  #opened(): void {
    this.isRead.value = true;
    if (this.#isBehind) this.#write();
    else this.#judge();
  }

  readonly #changed = (update: Uint8Array, origin: unknown) => {
    if (origin === this.#store) return;
    this.isWhole.value = false;
    if (this.#store.synced) this.#write(this.#isBehind ? undefined : update);
    else this.#isBehind = true;
  };

  /** An update, or all there is. */
  #write(update?: Uint8Array): void {
    if (!update) this.#isBehind = false;
    let writing: IDBTransaction;
    try {
      writing = this.#store.db!.transaction(UPDATES, "readwrite");
      writing.objectStore(UPDATES).add(update ?? encodeStateAsUpdate(this.#doc));
    } catch {
      this.#isBehind = true; // closed under the page: the site's data were cleared
      return;
    }
    this.#writing++;
    writing.oncomplete = () => this.#written();
    writing.onabort = () => {
      this.#isBehind = true;
      this.#written();
    };
    this.#trim();
  }

  #written(): void {
    this.#writing--;
    this.#judge();
  }

  #judge(): void {
    this.isWhole.value = this.#writing === 0 && !this.#isBehind;
  }

  #trim(): void {
    if (++this.#store._dbsize < PREFERRED_TRIM_SIZE) return;
    clearTimeout(this.#trimming);
    this.#trimming = setTimeout(() => storeState(this.#store, false), TRIM_MILLISECONDS);
  }
}
