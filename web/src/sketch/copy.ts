/** The browser's own copy of a sketch: it keeps what was drawn without a network, over a reload, too. */

import { type Signal, signal } from "@preact/signals";
import { IndexeddbPersistence } from "y-indexeddb";
import type { Doc } from "yjs";

const UPDATES = "updates";

/** A browser without storage, or without room in it, draws without a copy: then `isWhole` stays false. */
export class LocalCopy {
  /** It is in the document, or can't be had. */
  readonly isRead: Signal<boolean> = signal(false);
  /** All of the document is in it, on the disk and not only on the way there. */
  readonly isWhole: Signal<boolean> = signal(false);
  readonly #store: IndexeddbPersistence;
  readonly #doc: Doc;
  #isLooking = false;
  #isStale = false;

  constructor(name: string, doc: Doc) {
    this.#doc = doc;
    this.#store = new IndexeddbPersistence(name, doc);
    doc.on("update", this.#changed); // after the store's own listener: what it heard is on its way
    const read = () => {
      this.isRead.value = true;
    };
    this.#store.whenSynced.then(read).then(() => this.#look());
    this.#store._db.catch(read);
  }

  close(): void {
    this.#doc.off("update", this.#changed);
    void this.#store.destroy().catch(() => {});
  }

  readonly #changed = (_update: Uint8Array, origin: unknown) => {
    if (origin === this.#store) return;
    this.isWhole.value = false;
    this.#look();
  };

  /** A transaction that reads begins when all that were to write before it have ended, well or not: so it counts. */
  #look(): void {
    this.#isStale = true;
    const { db, synced } = this.#store;
    if (!db || !synced || this.#isLooking) return;
    this.#isStale = false;
    this.#isLooking = true;
    const reading = db.transaction(UPDATES, "readonly");
    const count = reading.objectStore(UPDATES).count();
    reading.oncomplete = () => {
      this.#isLooking = false;
      if (this.#store._destroyed) return;
      if (this.#isStale) this.#look();
      else this.isWhole.value = count.result >= this.#store._dbsize;
    };
    reading.onabort = () => {
      this.#isLooking = false;
    };
  }
}
