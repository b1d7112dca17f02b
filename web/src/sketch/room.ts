/** An open sketch: its board, its socket, and a copy in the browser that keeps what was drawn without a network. */

import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Sketch } from "../protocol/wire";
import { sketchStore } from "../state/sketch_storage";
import { Board } from "./board";
import { LocalCopy } from "./copy";
import { type Notice, SketchSocket } from "./socket";

/** `unkept` is offline, with something drawn that is in this tab alone. */
export type SaveStatus = "opening" | "saved" | "saving" | "offline" | "unkept" | "refused";

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
  readonly #copy: LocalCopy | null;

  /** `startOver` is called when the sketch was begun anew: open another room then. */
  constructor(sketch: Pick<Sketch, "id" | "epoch">, visitor: Visitor, startOver: () => void) {
    const { link, userId, renew } = visitor;
    this.board = new Board(userId, link === undefined);
    const { doc } = this.board.document;
    // The epoch is part of the name: what was drawn on another life of the sketch would come back as a double.
    const store = sketchStore(userId ?? 0, sketch.id, sketch.epoch);
    this.#copy = link === undefined ? new LocalCopy(store, doc) : null;
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
      const isAway = status.value === "offline" || (status.value === "connecting" && isSynced.value);
      if (isAway) return this.#copy?.isWhole.value === false ? "unkept" : "offline";
      if (!isSynced.value) return "opening";
      return isSaved.value && this.#copy?.isRead.value !== false ? "saved" : "saving";
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
    this.#copy?.close();
    this.board.close();
  }
}
