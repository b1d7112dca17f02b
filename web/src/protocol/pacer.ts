/** Lets frames out no faster than the server takes them (docs/protocol.md, Limits): more would close the socket. */

/** Below the server's 400 in 4 seconds, with room for pings and for clocks that differ. */
export const MOST = 320;
export const WINDOW_MILLISECONDS = 4_000;

export class Pacer {
  readonly #send: (text: string) => void;
  readonly #waiting: string[] = [];
  #sentAt: number[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (text: string) => void) {
    this.#send = send;
  }

  push(text: string): void {
    this.#waiting.push(text);
    if (this.#timer === undefined) this.#drain();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#waiting.length = 0;
  }

  #drain(): void {
    this.#timer = undefined;
    const now = Date.now();
    this.#sentAt = this.#sentAt.filter((at) => at > now - WINDOW_MILLISECONDS);
    while (this.#waiting.length && this.#sentAt.length < MOST) {
      this.#sentAt.push(now);
      this.#send(this.#waiting.shift() as string);
    }
    const first = this.#sentAt[0];
    if (!this.#waiting.length || first === undefined) return;
    this.#timer = setTimeout(() => this.#drain(), first + WINDOW_MILLISECONDS - now + 1);
  }
}
