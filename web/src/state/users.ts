/** Who is who: fetched once, each when somebody asks for it. */

import { batch, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Rest } from "../protocol/rest";
import type { Page, User } from "../protocol/wire";
import { ASSISTANT } from "../words";
import type { UsersState } from "./api";
import { kept } from "./kept";

const AT_ONCE = 4;
const FIRST_PAGE = 200;
const AGAIN_MILLISECONDS = 30_000;

export class Users implements UsersState {
  readonly #rest: Rest;
  readonly #users = new Map<number, Signal<User | undefined>>();
  readonly #wanted = new Set<number>();
  readonly #askedAt = new Map<number, number>();
  #busy = 0;

  constructor(rest: Rest) {
    this.#rest = rest;
  }

  get(userId: number): ReadonlySignal<User | undefined> {
    const known = this.#of(userId);
    if (known.peek() === undefined) this.#want(userId);
    return known;
  }

  name(userId: number): string {
    if (userId === ASSISTANT) return "Assistant";
    const user = this.get(userId).value;
    return user?.display_name ?? `user ${userId}`;
  }

  search(q: string, cursor: string | null = null): Promise<Page<User>> {
    return this.#page({ q, cursor, limit: 50 });
  }

  put(users: readonly User[]): void {
    batch(() => {
      for (const user of users) this.#of(user.id).value = user;
    });
  }

  /** The first page of everyone: of most servers, all. */
  async warm(): Promise<void> {
    await this.#page({ limit: FIRST_PAGE });
  }

  clear(): void {
    this.#wanted.clear();
    this.#askedAt.clear();
    batch(() => {
      for (const user of this.#users.values()) user.value = undefined;
    });
  }

  async #page(query: Record<string, string | number | null>): Promise<Page<User>> {
    const page = await this.#rest.get<Page<User>>("/users", query);
    this.put(page.items);
    return page;
  }

  #of(userId: number): Signal<User | undefined> {
    return kept(this.#users, userId, () => signal<User | undefined>(undefined));
  }

  #want(userId: number): void {
    if (userId === ASSISTANT) return;
    if (Date.now() - (this.#askedAt.get(userId) ?? 0) < AGAIN_MILLISECONDS) return;
    this.#askedAt.set(userId, Date.now());
    this.#wanted.add(userId);
    // After the page of everyone, which may have it.
    setTimeout(() => this.#next(), 50);
  }

  #next(): void {
    for (const userId of this.#wanted) {
      if (this.#busy >= AT_ONCE) return;
      this.#wanted.delete(userId);
      if (this.#of(userId).peek() === undefined) void this.#fetch(userId);
    }
  }

  async #fetch(userId: number): Promise<void> {
    this.#busy += 1;
    try {
      this.put([await this.#rest.get<User>(`/users/${userId}`)]);
    } catch {
      // Asked for again, after a while, when it is shown again.
    } finally {
      this.#busy -= 1;
      this.#next();
    }
  }
}
