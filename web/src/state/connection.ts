/** The state of the connection, as people read it. */

import { batch, type Signal, signal } from "@preact/signals";
import type { Report } from "../protocol/connection";
import type { ConnectionState, ConnectionStatus } from "./api";

const TICK_MILLISECONDS = 500;

export class ConnectionSignals implements ConnectionState {
  readonly status: Signal<ConnectionStatus> = signal("idle");
  readonly reason = signal("");
  readonly secondsLeft: Signal<number | null> = signal(null);
  readonly retry: () => void;
  #report: Report = { status: "idle", reason: "", retryAt: null };
  #waitingUntil: number | null = null;
  #retryAt: number | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(retry: () => void) {
    this.retry = retry;
  }

  /** What the hub says of its socket. */
  report(report: Report): void {
    this.#report = report;
    this.#show();
  }

  /** Until it is known who is signed in there is no socket to tell of: when the server is asked again; null when it was. */
  waiting(retryAt: number | null): void {
    this.#waitingUntil = retryAt;
    this.#show();
  }

  #show(): void {
    const waiting: Report = { status: "reconnecting", reason: "", retryAt: this.#waitingUntil };
    const { status, reason, retryAt } = this.#waitingUntil === null ? this.#report : waiting;
    this.#retryAt = retryAt;
    clearInterval(this.#timer);
    if (retryAt !== null) this.#timer = setInterval(() => this.#count(), TICK_MILLISECONDS);
    batch(() => {
      this.status.value = status;
      this.reason.value = reason;
      this.#count();
    });
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #count(): void {
    const left = this.#retryAt === null ? null : this.#retryAt - Date.now();
    this.secondsLeft.value = left === null ? null : Math.max(0, Math.ceil(left / 1000));
  }
}
