/** Keeps the session of this browser alive.
 *
 * Law: a refresh token opens once, and one that comes twice ends the session. So of all tabs and workers one refreshes
 * at a time, and whoever waited takes what that one got: the cookies are everybody's.
 */

import { asFault, Fault } from "./faults";
import type { SharedRecord } from "./shared_record";
import type { Session } from "./wire";

/** Longer than the refresh may take, so that nobody steals the lease of one who is still waiting for an answer. */
export const LEASE_MILLISECONDS = 20_000;
export const REFRESH_TIMEOUT_MILLISECONDS = 15_000;
const LOOK_AGAIN_MILLISECONDS = 100;
/** A token that runs out within this time counts as run out. */
const EARLY_MILLISECONDS = 5_000;
const REFRESH_AHEAD_MILLISECONDS = 90_000;

export interface Renewed {
  /** Pass it to `renew` to say which sign-in didn't open any more. */
  readonly generation: number;
  readonly expiresAt: number;
  /** The new access token; null where another tab did the refresh. */
  readonly token: string | null;
}

export class Keeper {
  readonly #record: SharedRecord;
  /** POST /auth/refresh; rejects with a Fault. */
  readonly #refresh: () => Promise<Session>;
  #current: Promise<Renewed> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  onRenewed: (renewed: Renewed) => void = () => {};
  /** The session is over, as a refresh has just shown. */
  onLost: () => void = () => {};

  constructor(record: SharedRecord, refresh: () => Promise<Session>) {
    this.#record = record;
    this.#refresh = refresh;
  }

  /** A session that was just signed in to. */
  async adopt(expiresInSeconds: number): Promise<Renewed> {
    const expiresAt = Date.now() + expiresInSeconds * 1000;
    const was = await this.#record.update((record) => ({
      generation: record.generation + 1,
      expiresAt,
      leaseUntil: 0,
    }));
    return this.#keep({ generation: was.generation + 1, expiresAt, token: null });
  }

  /** What is known of the session, without asking the server. */
  async peek(): Promise<Renewed> {
    const { generation, expiresAt } = await this.#record.update(() => null);
    return { generation, expiresAt, token: null };
  }

  /** A session newer than `mark`'s; refreshes if nobody has. Rejects with `unauthenticated` when it is over. */
  renew(mark: number): Promise<Renewed> {
    this.#current ??= this.#renew(mark).finally(() => {
      this.#current = null;
    });
    return this.#current;
  }

  /** Begins to refresh ahead of time, as long as the page is there. */
  async watch(): Promise<Renewed> {
    return this.#keep(await this.peek());
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async #renew(mark: number): Promise<Renewed> {
    for (;;) {
      let isMine = false;
      const now = Date.now();
      const { generation, expiresAt, leaseUntil } = await this.#record.update((record) => {
        isMine = !isNewer(record, mark, now) && record.leaseUntil <= now;
        return isMine ? { ...record, leaseUntil: now + LEASE_MILLISECONDS } : null;
      });
      if (isMine) return this.#refreshNow();
      if (leaseUntil <= now) return this.#keep({ generation, expiresAt, token: null });
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MILLISECONDS));
    }
  }

  async #refreshNow(): Promise<Renewed> {
    try {
      const session = await this.#refresh();
      return { ...(await this.adopt(session.expires_in)), token: session.access_token };
    } catch (error) {
      await this.#record.update((record) => ({ ...record, leaseUntil: 0 }));
      const fault = asFault(error);
      if (fault.code === "unauthenticated" || fault.code === "forbidden") {
        this.stop();
        this.onLost();
        throw new Fault("unauthenticated", fault.detail, { status: 401 });
      }
      throw fault;
    }
  }

  #keep(renewed: Renewed): Renewed {
    this.#plan(renewed);
    return renewed;
  }

  #plan({ generation, expiresAt }: Renewed): void {
    clearTimeout(this.#timer);
    // A part at random: of several tabs one comes first, and the others find it done.
    const ahead = REFRESH_AHEAD_MILLISECONDS * (0.5 + Math.random() / 2);
    this.#timer = setTimeout(() => this.#refreshAhead(generation), Math.max(1_000, expiresAt - Date.now() - ahead));
  }

  async #refreshAhead(generation: number): Promise<void> {
    try {
      this.onRenewed(await this.renew(generation));
    } catch (error) {
      if (asFault(error).code !== "unauthenticated")
        this.#timer = setTimeout(() => this.#refreshAhead(generation), LEASE_MILLISECONDS);
    }
  }
}

function isNewer(record: { generation: number; expiresAt: number }, mark: number, now: number): boolean {
  return record.generation > mark && record.expiresAt > now + EARLY_MILLISECONDS;
}
