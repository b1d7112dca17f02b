/** A sketch's socket: y-websocket's wire with the two messages of ours (docs/protocol.md, "Sketches").
 *
 * What is drawn while it is away stays in the document, and goes out with the first exchange after it is back. "Saved"
 * is what the server says, and nothing else: it counts the updates of this socket that are on its disk.
 */

import { signal } from "@preact/signals";
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import {
  type Awareness,
  applyAwarenessUpdate,
  encodeAwarenessUpdate,
  removeAwarenessStates,
} from "y-protocols/awareness";
import * as sync from "y-protocols/sync";
import type { Doc } from "yjs";
import { afterClose } from "../protocol/closes";

const SYNC = 0;
const AWARENESS = 1;
const QUERY_AWARENESS = 3;
const SAVED = 100;
const NOTICE = 101;

const SILENT = 4001;
const OTHER_EPOCH = 4503;
const STABLE_MILLISECONDS = 10_000;
const SILENCE_MILLISECONDS = 45_000;

export type SocketStatus = "connecting" | "online" | "offline" | "refused";

export interface Notice {
  readonly code: "invalid" | "forbidden" | "taken_back";
  readonly detail: string;
}

export interface SocketSurroundings {
  readonly url: () => string;
  readonly notice: (notice: Notice) => void;
  /** The sketch was begun anew, and what is here doesn't fit it. */
  readonly startOver: () => void;
  /** Renews the session; rejects where it is over. */
  readonly renew: () => Promise<void>;
  readonly open?: (url: string) => WebSocket;
  readonly random?: () => number;
}

export class SketchSocket {
  readonly status = signal<SocketStatus>("connecting");
  /** Everything of ours is on the server's disk. */
  readonly isSaved = signal(true);
  /** The document has been brought up to date at least once. */
  readonly isSynced = signal(false);
  readonly reason = signal("");
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #openedAt = 0;
  #sent = 0;
  #saved = 0;
  /** How often the server has asked what it lacks. */
  #asked = 0;
  #isClosed = false;
  readonly #doc: Doc;
  readonly #awareness: Awareness;
  readonly #around: SocketSurroundings;

  constructor(doc: Doc, awareness: Awareness, around: SocketSurroundings) {
    this.#doc = doc;
    this.#awareness = awareness;
    this.#around = around;
    doc.on("update", this.#onUpdate);
    awareness.on("update", this.#onAwareness);
    globalThis.addEventListener?.("online", this.#hurry);
    this.#connect();
  }

  close(): void {
    this.#isClosed = true;
    this.#doc.off("update", this.#onUpdate);
    this.#awareness.off("update", this.#onAwareness);
    globalThis.removeEventListener?.("online", this.#hurry);
    clearTimeout(this.#timer);
    clearTimeout(this.#silence);
    this.#socket?.close(1000);
  }

  /** Tries at once, and again where it had been given up. */
  retry(): void {
    if (this.#socket || this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#connect();
  }

  readonly #hurry = () => {
    if (this.status.value === "offline") this.retry();
  };

  #connect(): void {
    this.status.value = "connecting";
    const socket = (this.#around.open ?? ((url) => new WebSocket(url)))(this.#around.url());
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#opened();
    socket.onmessage = (event) => this.#hear(new Uint8Array(event.data as ArrayBuffer));
    socket.onclose = (event) => void this.#gone(event.code, event.reason);
  }

  #opened(): void {
    this.#openedAt = Date.now();
    this.#sent = this.#saved = this.#asked = 0;
    this.#listen();
    this.#send((encoder) => {
      encoding.writeVarUint(encoder, SYNC);
      sync.writeSyncStep1(encoder, this.#doc);
    });
    if (this.#awareness.getLocalState()) this.#tellAwareness([this.#awareness.clientID]);
  }

  /** A connection that says nothing for long is none: one's own cursor comes back, at the least. */
  #listen(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      const socket = this.#socket!;
      socket.onclose = null; // on a dead line it would come a minute late
      socket.close(SILENT);
      void this.#gone(SILENT, "");
    }, SILENCE_MILLISECONDS);
  }

  #hear(message: Uint8Array): void {
    this.#listen();
    const decoder = decoding.createDecoder(message);
    switch (decoding.readVarUint(decoder)) {
      case SYNC:
        this.#hearSync(decoder);
        break;
      case AWARENESS:
        applyAwarenessUpdate(this.#awareness, decoding.readVarUint8Array(decoder), this);
        break;
      case QUERY_AWARENESS:
        this.#tellAwareness([this.#awareness.clientID]);
        break;
      case SAVED:
        this.#saved = decoding.readVarUint(decoder);
        this.#judge();
        break;
      case NOTICE:
        this.#around.notice(JSON.parse(new TextDecoder().decode(decoding.readVarUint8Array(decoder))));
        break;
    }
  }

  #hearSync(decoder: decoding.Decoder): void {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, SYNC);
    const kind = sync.readSyncMessage(decoder, encoder, this.#doc, this);
    if (kind === sync.messageYjsSyncStep1) {
      // Asked once more, the server has left out the update before, which built on what it hadn't got.
      if (this.#asked++) this.#sent--;
      this.#sent++;
      this.#socket?.send(encoding.toUint8Array(encoder) as Uint8Array<ArrayBuffer>);
      this.#judge();
    } else if (kind === sync.messageYjsSyncStep2) {
      this.status.value = "online";
      this.isSynced.value = true;
      this.#judge();
    }
  }

  readonly #onUpdate = (update: Uint8Array, origin: unknown) => {
    if (origin === this) return;
    this.isSaved.value = false;
    if (!this.#asked) return; // the answer to the server's question will hold it
    this.#sent++;
    this.#send((encoder) => {
      encoding.writeVarUint(encoder, SYNC);
      sync.writeUpdate(encoder, update);
    });
  };

  #judge(): void {
    this.isSaved.value = this.status.value === "online" && this.#asked > 0 && this.#saved >= this.#sent;
  }

  readonly #onAwareness = ({ added, updated, removed }: Record<string, number[]>, origin: unknown) => {
    const changed = [...(added ?? []), ...(updated ?? []), ...(removed ?? [])];
    if (origin !== this && changed.includes(this.#awareness.clientID)) this.#tellAwareness([this.#awareness.clientID]);
  };

  #tellAwareness(clients: number[]): void {
    this.#send((encoder) => {
      encoding.writeVarUint(encoder, AWARENESS);
      encoding.writeVarUint8Array(encoder, encodeAwarenessUpdate(this.#awareness, clients));
    });
  }

  #send(write: (encoder: encoding.Encoder) => void): void {
    if (this.#socket?.readyState !== 1) return;
    const encoder = encoding.createEncoder();
    write(encoder);
    this.#socket.send(encoding.toUint8Array(encoder) as Uint8Array<ArrayBuffer>);
  }

  async #gone(code: number, reason: string): Promise<void> {
    clearTimeout(this.#silence);
    this.#socket = null;
    this.#asked = 0;
    this.isSaved.value = this.isSaved.value && this.isSynced.value;
    const others = Array.from(this.#awareness.getStates().keys()).filter((id) => id !== this.#awareness.clientID);
    removeAwarenessStates(this.#awareness, others, this);
    if (this.#isClosed) return;
    if (code === OTHER_EPOCH) {
      this.status.value = "refused";
      this.#around.startOver();
      return;
    }
    this.#attempt = this.#openedAt && Date.now() - this.#openedAt > STABLE_MILLISECONDS ? 0 : this.#attempt + 1;
    this.#openedAt = 0;
    const next = afterClose({ code, attempt: this.#attempt, askedMilliseconds: 0 }, this.#around.random ?? Math.random);
    if (next.kind === "again") {
      this.status.value = "offline";
      this.#timer = setTimeout(() => this.#connect(), next.milliseconds);
      return;
    }
    if (next.kind === "renew") await this.#renew();
    else this.#refuse(reason || next.reason);
  }

  async #renew(): Promise<void> {
    this.status.value = "offline";
    try {
      await this.#around.renew();
    } catch {
      this.#refuse("Sign in again.");
      return;
    }
    if (!this.#isClosed) this.#connect();
  }

  #refuse(reason: string): void {
    this.reason.value = reason;
    this.status.value = "refused";
  }
}
