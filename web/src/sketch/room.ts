/** An open sketch: its board, its socket, and a copy in the browser that keeps what was drawn without a network. */

import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { IndexeddbPersistence } from "y-indexeddb";
import type { Sketch } from "../protocol/wire";
import { sketchStore } from "../state/sketch_storage";
import { Board } from "./board";
import { type Notice, SketchSocket } from "./socket";

export type SaveStatus = "opening" | "saved" | "saving" | "offline" | "refused";

/** Who comes in: a member, who draws, or whoever has a link, who looks on. */
export interface Visitor {
  readonly userId: number | null;
  /** The token of a link. */
  readonly link?: string;
  /** Renews the session; rejects where it is over. */
  readonly renew: () => Promise<void>;
}

export class SketchRoom {
  readonly board: Board;
  readonly status: ReadonlySignal<SaveStatus>;
  /** It has been brought up to date, or there is a copy to go on with. */
  readonly isReady: ReadonlySignal<boolean>;
  readonly notice: Signal<Notice | null> = signal(null);
  readonly #socket: SketchSocket;
  readonly #copy: IndexeddbPersistence | null;

  /** `startOver` is called when the sketch was begun anew: open another room then. */
  constructor(sketch: Pick<Sketch, "id" | "epoch">, visitor: Visitor, startOver: () => void) {
    const { link, userId, renew } = visitor;
    this.board = new Board(userId, link === undefined);
    const { doc } = this.board.document;
    // The epoch is part of the name: what was drawn on another life of the sketch would come back as a double.
    const store = sketchStore(userId ?? 0, sketch.id, sketch.epoch);
    this.#copy = link === undefined ? new IndexeddbPersistence(store, doc) : null;
    const hasCopy = signal(this.#copy === null);
    const settle = () => {
      hasCopy.value = true;
    };
    this.#copy?.whenSynced.then(settle);
    this.#copy?._db.catch(settle); // a browser without storage draws without a copy
    const protocols = link === undefined ? [] : ["chalkline.v1", `link.${link}`];
    this.#socket = new SketchSocket(doc, this.board.presence.awareness, {
      url: () => `${location.origin.replace(/^http/, "ws")}/ws/sketches/${sketch.id}?notices=1&epoch=${sketch.epoch}`,
      open: (url) => new WebSocket(url, protocols),
      notice: (notice) => {
        this.notice.value = notice;
      },
      startOver,
      renew,
    });
    this.isReady = computed(() => this.#socket.isSynced.value || this.board.count.value > 0);
    this.status = computed(() => {
      const { status, isSynced, isSaved } = this.#socket;
      if (status.value === "refused") return "refused";
      if (status.value === "offline" || (status.value === "connecting" && isSynced.value)) return "offline";
      if (!isSynced.value) return "opening";
      return isSaved.value && hasCopy.value ? "saved" : "saving";
    });
  }

  get reason(): ReadonlySignal<string> {
    return this.#socket.reason;
  }

  retry(): void {
    this.#socket.retry();
  }

  close(): void {
    this.#socket.close();
    void this.#copy?.destroy().catch(() => {});
    this.board.close();
  }
}
