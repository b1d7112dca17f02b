/** One socket to /ws/system that is always there or on its way: it opens, notices silence, and comes back.
 *
 * Law: an ask is answered, or fails with `offline` when its socket is gone; it is never sent twice from here. Whoever
 * may repeat an ask (a post, a subscription) does so after the next `onHello`.
 */

import { afterClose, jitter } from "./closes";
import { asFault, Fault, OFFLINE } from "./faults";
import type { AskFrame, ErrorFrame, Fact, HelloFrame, OkFrame, ReconnectFrame, ServerFrame } from "./frames";
import { Pacer } from "./pacer";

export type Status = "idle" | "connecting" | "online" | "reconnecting" | "offline" | "stopped";

export interface Report {
  readonly status: Status;
  readonly reason: string;
  /** When the next attempt is, by this machine's clock; null where none is planned. */
  readonly retryAt: number | null;
}

/** The part of a WebSocket that is used. */
export interface Socket {
  send(text: string): void;
  close(code?: number, reason?: string): void;
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number }) => void) | null;
}

export interface Surroundings {
  open(): Socket;
  /** After a handshake that failed, which a browser doesn't explain: asks over REST, and rejects with why. */
  probe(): Promise<void>;
  /** After 4500: gets a session that opens. Rejects with `unauthenticated` when it is over. */
  renew(): Promise<void>;
  random(): number;
}

export interface Listener {
  onReport(report: Report): void;
  onHello(hello: HelloFrame): void;
  onFact(fact: Fact): void;
  /** The session is over. */
  onSignedOut(): void;
}

const SETUP_MILLISECONDS = 12_000;
const SILENCE_MILLISECONDS = 20_000;
const ANSWER_MILLISECONDS = 8_000;
/** A socket that lived this long is a fresh start for the waits. */
const STEADY_MILLISECONDS = 10_000;
const UNEXPLAINED = 1006;

interface Waiting {
  resolve(ok: OkFrame): void;
  reject(fault: Fault): void;
}

export class Connection {
  readonly #around: Surroundings;
  readonly #listener: Listener;
  #report: Report = { status: "idle", reason: "", retryAt: null };
  #socket: Socket | null = null;
  #pacer: Pacer | null = null;
  readonly #asked = new Map<string, Waiting>();
  #refs = 0;
  #attempt = 0;
  #openedAt = 0;
  #askedUntil = 0;
  #isNetworkUp = true;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(around: Surroundings, listener: Listener) {
    this.#around = around;
    this.#listener = listener;
  }

  get report(): Report {
    return this.#report;
  }

  start(): void {
    if (this.#report.status === "idle" || this.#report.status === "stopped") this.#connect();
  }

  /** Leaves for good, until `start`. */
  stop(): void {
    this.#leave(1000);
    this.#attempt = 0;
    this.#tell("idle");
  }

  /** The page is looked at again, or somebody wants it now: don't wait any longer, and don't trust a silent socket. */
  wake(): void {
    const { status } = this.#report;
    if (status === "online") this.#check();
    else if (status === "reconnecting" && !this.#isDraining()) this.#connect();
  }

  retry(): void {
    this.#attempt = 0;
    if (this.#report.status !== "online" && this.#report.status !== "connecting") this.#connect();
  }

  /** What the browser believes of its network: a hint for when to try, never a reason to drop a socket that works. */
  network(isUp: boolean): void {
    const wasUp = this.#isNetworkUp;
    this.#isNetworkUp = isUp;
    const { status } = this.#report;
    if (status === "online") this.#check();
    else if (!isUp && status === "reconnecting") this.#tell("offline");
    else if (isUp && !wasUp && (status === "offline" || status === "reconnecting")) this.#connect();
  }

  /** Rejects with a Fault: `offline` if the socket is gone before the answer, when it is unknown what became of it. */
  ask(frame: AskFrame): Promise<OkFrame> {
    if (this.#report.status !== "online") return Promise.reject(new Fault(OFFLINE, "There is no connection."));
    const ref = (++this.#refs).toString(36);
    return new Promise((resolve, reject) => {
      this.#asked.set(ref, { resolve, reject });
      this.#pacer?.push(JSON.stringify({ ...frame, ref }));
    });
  }

  /** For what has no answer. Lost without a connection. */
  tell(frame: AskFrame): void {
    if (this.#report.status === "online") this.#pacer?.push(JSON.stringify(frame));
  }

  #connect(): void {
    clearTimeout(this.#timer);
    this.#leave(1000);
    this.#tell("connecting");
    let socket: Socket;
    try {
      socket = this.#around.open();
    } catch (error) {
      this.#tell("stopped", asFault(error).detail);
      return;
    }
    let isOpen = false;
    this.#socket = socket;
    this.#pacer = new Pacer((text) => socket.send(text));
    socket.onopen = () => {
      isOpen = true;
    };
    socket.onmessage = (event) => this.#hear(event.data);
    socket.onclose = (event) => this.#lost(event.code, isOpen);
    this.#timer = setTimeout(() => this.#drop(isOpen), SETUP_MILLISECONDS);
  }

  #hear(data: unknown): void {
    this.#listen();
    let frame: ServerFrame;
    try {
      frame = JSON.parse(String(data));
    } catch {
      return;
    }
    switch (frame.type) {
      case "hello":
        this.#greeted(frame as HelloFrame);
        break;
      case "ok":
      case "pong":
        this.#answered((frame as OkFrame).ref)?.resolve(frame as OkFrame);
        break;
      case "error":
        this.#refused(frame as ErrorFrame);
        break;
      case "reconnect":
        this.#askedUntil = Date.now() + (frame as ReconnectFrame).after_ms;
        break;
      default:
        this.#listener.onFact(frame as Fact);
    }
  }

  #greeted(hello: HelloFrame): void {
    clearTimeout(this.#timer);
    this.#openedAt = Date.now();
    this.#askedUntil = 0;
    this.#tell("online");
    this.#listener.onHello(hello);
  }

  #answered(ref: string | undefined): Waiting | undefined {
    const waiting = ref === undefined ? undefined : this.#asked.get(ref);
    if (ref !== undefined) this.#asked.delete(ref);
    return waiting;
  }

  #refused({ ref, code, detail, retry_after }: ErrorFrame): void {
    if (retry_after !== undefined && ref === undefined) this.#askedUntil = Date.now() + retry_after * 1000;
    this.#answered(ref)?.reject(new Fault(code, detail, { retryAfterSeconds: retry_after ?? null }));
  }

  /** Anything that comes shows that the other side is there; after a while without, it is asked. */
  #listen(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#check(), SILENCE_MILLISECONDS);
  }

  #check(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#drop(true), ANSWER_MILLISECONDS);
    this.tell({ type: "ping" });
  }

  /** Without waiting for the closing handshake, which a dead network would never finish. */
  #drop(wasOpen: boolean): void {
    this.#leave(4001);
    this.#lost(UNEXPLAINED, wasOpen);
  }

  #leave(code: number): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#silence);
    const socket = this.#socket;
    this.#socket = null;
    this.#pacer?.stop();
    this.#pacer = null;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close(code);
    }
    this.#failAll();
  }

  #failAll(): void {
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    for (const waiting of asked) waiting.reject(new Fault(OFFLINE, "The connection was lost."));
  }

  #lost(code: number, wasOpen: boolean): void {
    const isSteady = this.#report.status === "online" && Date.now() - this.#openedAt > STEADY_MILLISECONDS;
    const socket = this.#socket;
    if (socket) socket.onclose = null;
    this.#attempt = isSteady ? 0 : this.#attempt + 1;
    this.#socket = null;
    this.#leave(1000);
    if (!wasOpen) {
      this.#tell("reconnecting");
      void this.#settle(() => this.#around.probe());
      return;
    }
    const after = afterClose(
      { code, attempt: this.#attempt, askedMilliseconds: Math.max(0, this.#askedUntil - Date.now()) },
      () => this.#around.random(),
    );
    if (after.kind === "stop") this.#tell("stopped", after.reason);
    else if (after.kind === "again") this.#plan(after.milliseconds);
    else {
      this.#tell("reconnecting");
      void this.#settle(() => this.#around.renew(), isSteady);
    }
  }

  /** Asks what a browser's socket can't tell, then comes back, later, or not at all. */
  async #settle(question: () => Promise<void>, atOnce = false): Promise<void> {
    const report = this.#report;
    let pause = 0;
    try {
      await question();
    } catch (error) {
      const fault = asFault(error);
      if (this.#report !== report) return;
      if (fault.code === "unauthenticated") {
        this.#tell("idle");
        this.#listener.onSignedOut();
        return;
      }
      if (fault.code === "forbidden") {
        this.#tell("stopped", fault.detail);
        return;
      }
      pause = (fault.retryAfterSeconds ?? 0) * 1000;
    }
    if (this.#report !== report) return;
    if (atOnce && pause === 0) this.#connect();
    else this.#plan(Math.round(pause + jitter(this.#attempt, () => this.#around.random())));
  }

  #plan(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#tell(this.#isNetworkUp ? "reconnecting" : "offline", "", Date.now() + milliseconds);
    this.#timer = setTimeout(() => this.#connect(), milliseconds);
  }

  #isDraining(): boolean {
    return this.#askedUntil > Date.now();
  }

  #tell(status: Status, reason = "", retryAt: number | null = null): void {
    this.#report = { status, reason, retryAt };
    this.#listener.onReport(this.#report);
  }
}
