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
  #retryAt: number | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(retry: () => void) {
    this.retry = retry;
  }

  report({ status, reason, retryAt }: Report): void {
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
