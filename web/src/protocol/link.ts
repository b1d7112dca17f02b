/** A tab's way to the hub: in a SharedWorker where there is one, else in the tab itself.
 *
 * A worker that doesn't answer (it crashed, or couldn't be loaded) is replaced by a hub in the tab, and `onRestart`
 * lets the tab say again what it wants. The worker's name carries the build, so old code never serves a new page.
 */

import { asFault, Fault, OFFLINE } from "./faults";
import type { AskFrame, OkFrame } from "./frames";
import type { FromHub, Port, ToHub } from "./ports";
import type { Renew } from "./rest";

export interface HubPort extends Port<ToHub, FromHub> {
  close?(): void;
}

export interface LinkSurroundings {
  /** Null where there are no shared workers. `onError`: it could not be loaded. */
  shared(onError: () => void): HubPort | null;
  own(): HubPort;
  /** Holds a lock of this name as long as the tab lives; null where there are none. */
  hold(name: string): Promise<void> | null;
}

const ANSWER_MILLISECONDS = 8_000;
const ALIVE_MILLISECONDS = 30_000;

interface Waiting {
  resolve(ok: OkFrame & { generation: number }): void;
  reject(fault: Fault): void;
}

export class Link {
  readonly #around: LinkSurroundings;
  readonly #waiting = new Map<number, Waiting>();
  readonly #lock = `chalkline-tab-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
  #held: string | null = null;
  #port: HubPort;
  #isOwn = false;
  #ids = 0;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #beat: ReturnType<typeof setInterval>;
  onMessage: (message: FromHub) => void = () => {};
  onRestart: () => void = () => {};

  constructor(around: LinkSurroundings) {
    this.#around = around;
    this.#port = around.shared(() => this.#replace()) ?? this.#own();
    this.#listen();
    this.attach();
    void around.hold(this.#lock)?.then(() => {
      this.#held = this.#lock;
      this.attach();
    });
    this.#beat = setInterval(() => this.check(), ALIVE_MILLISECONDS);
  }

  attach(): void {
    this.send({ type: "attach", lock: this.#held });
  }

  send(message: ToHub): void {
    this.#port.postMessage(message);
  }

  /** Rejects with a Fault. */
  ask(frame: AskFrame): Promise<OkFrame> {
    return this.#question((id) => ({ type: "ask", id, frame }));
  }

  readonly renew: Renew = (mark) => this.#question((id) => ({ type: "renew", id, mark }));

  /** Whether the worker is still there. */
  check(): void {
    if (this.#isOwn || this.#silence !== undefined) return;
    const askedAt = Date.now();
    this.#silence = setTimeout(() => this.#silent(askedAt), ANSWER_MILLISECONDS);
    this.send({ type: "alive" });
  }

  close(): void {
    clearInterval(this.#beat);
    clearTimeout(this.#silence);
    this.send({ type: "detach" });
    this.#port.close?.();
  }

  #question(make: (id: number) => ToHub): Promise<OkFrame & { generation: number }> {
    const id = ++this.#ids;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.send(make(id));
    });
  }

  #listen(): void {
    this.#port.onmessage = ({ data }) => {
      clearTimeout(this.#silence);
      this.#silence = undefined;
      if (data.type === "reply") this.#answered(data);
      else if (data.type !== "alive") this.onMessage(data);
    };
  }

  #answered({ id, ok, fault }: Extract<FromHub, { type: "reply" }>): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (fault) waiting?.reject(new Fault(fault.code, fault.detail, fault));
    else waiting?.resolve(ok as OkFrame & { generation: number });
  }

  #own(): HubPort {
    this.#isOwn = true;
    return this.#around.own();
  }

  /** The machine may have slept meanwhile: then the answer had no time to come. */
  #silent(askedAt: number): void {
    this.#silence = undefined;
    if (Date.now() - askedAt > 2 * ANSWER_MILLISECONDS) this.check();
    else this.#replace();
  }

  #replace(): void {
    if (this.#isOwn) return;
    this.#port.onmessage = null;
    this.send({ type: "detach" });
    this.#port.close?.();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#port = this.#own();
    this.#listen();
    this.attach();
    this.onRestart();
    for (const one of waiting) one.reject(asFault(new Fault(OFFLINE, "The connection was lost.")));
  }
}
