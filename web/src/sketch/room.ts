/** An open sketch: its board, its socket, and a copy in the browser that keeps what was drawn without a network. */

import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { IndexeddbPersistence } from "y-indexeddb";
import type { Sketch } from "../protocol/wire";
import type { State } from "../state";
import { sketchStore } from "../state/sketch_storage";
import { Board } from "./board";
import { SketchSocket, type Notice } from "./socket";

export type SaveStatus = "opening" | "saved" | "saving" | "offline" | "refused";

export class SketchRoom {
  readonly board: Board;
  readonly status: ReadonlySignal<SaveStatus>;
  readonly notice: Signal<Notice | null> = signal(null);
  readonly #socket: SketchSocket;
  readonly #copy: IndexeddbPersistence;

  /** `startOver` is called when the sketch was begun anew: open another room then. */
  constructor(sketch: Sketch, state: State, startOver: () => void) {
    const user = state.session.me.value;
    this.board = new Board(user?.id ?? null, true);
    const { doc } = this.board.document;
    // The epoch is part of the name: what was drawn on another life of the sketch would come back as a double.
    this.#copy = new IndexeddbPersistence(sketchStore(user?.id ?? 0, sketch.id, sketch.epoch), doc);
    this.#copy.whenSynced.catch(() => {}); // a browser without storage draws without a copy
    this.#socket = new SketchSocket(doc, this.board.presence.awareness, {
      url: () => `${location.origin.replace(/^http/, "ws")}/ws/sketches/${sketch.id}?notices=1&epoch=${sketch.epoch}`,
      notice: (notice) => {
        this.notice.value = notice;
      },
      startOver,
      renew: async () => void (await state.sketches.get(sketch.id)),
    });
    this.status = computed(() => {
      const { status, isSynced, isSaved } = this.#socket;
      if (status.value === "refused") return "refused";
      if (status.value === "offline" || (status.value === "connecting" && isSynced.value)) return "offline";
      if (!isSynced.value) return "opening";
      return isSaved.value ? "saved" : "saving";
    });
  }

  get reason(): ReadonlySignal<string> {
    return this.#socket.reason;
  }

  /** It has been brought up to date, or there is a copy to go on with. */
  get isReady(): ReadonlySignal<boolean> {
    return computed(() => this.#socket.isSynced.value || this.board.version.value > 0);
  }

  retry(): void {
    this.#socket.retry();
  }

  close(): void {
    this.#socket.close();
    void this.#copy.destroy().catch(() => {});
    this.board.close();
  }
}
