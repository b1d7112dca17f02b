/** Who is signed in: found out at the start, changed by forms, ended from here or from anywhere. */

import { type Signal, signal } from "@preact/signals";
import { jitter } from "../protocol/closes";
import { asFault } from "../protocol/faults";
import type { Rest } from "../protocol/rest";
import type { Page, SessionInfo, Session as SignedIn, User } from "../protocol/wire";
import type { SessionState } from "./api";

export interface SessionListener {
  /** `expiresIn`: seconds, from a sign-in that has just been; null where the cookie was there already. */
  onSignedIn(user: User, expiresIn: number | null): void;
  /** By one's own doing, which the server is about to be told. */
  onLeaving(): void;
  onSignedOut(isOwnDoing: boolean): void;
  /** Tells when it is tried again to reach the server; null when it was reached. */
  onWaiting(retryAt: number | null): void;
}

export class Session implements SessionState {
  readonly status: Signal<"starting" | "signed_out" | "signed_in"> = signal("starting");
  readonly me: Signal<User | null> = signal(null);
  readonly notice: Signal<"" | "expired" | "revoked"> = signal("");
  readonly #rest: Rest;
  readonly #listener: SessionListener;
  #isLeaving = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(rest: Rest, listener: SessionListener) {
    this.#rest = rest;
    this.#listener = listener;
  }

  /** Whether the cookie still opens; tried until there is an answer. */
  async start(attempt = 0): Promise<void> {
    clearTimeout(this.#timer);
    try {
      this.#entered(await this.#rest.get<User>("/users/me"), null);
      this.#listener.onWaiting(null);
    } catch (error) {
      const fault = asFault(error);
      if (fault.code === "unauthenticated" || fault.code === "forbidden") {
        this.#listener.onWaiting(null);
        if (this.status.value === "starting") this.status.value = "signed_out";
        else this.left("expired");
        return;
      }
      const pause = Math.max((fault.retryAfterSeconds ?? 0) * 1000, jitter(attempt, Math.random));
      this.#listener.onWaiting(Date.now() + pause);
      this.#timer = setTimeout(() => void this.start(attempt + 1), pause);
    }
  }

  async register(form: Parameters<SessionState["register"]>[0]): Promise<void> {
    await this.#enter("/auth/register", form);
  }

  async signIn(form: Parameters<SessionState["signIn"]>[0]): Promise<void> {
    await this.#enter("/auth/login", form);
  }

  async signOut(): Promise<void> {
    this.#isLeaving = true;
    this.#listener.onLeaving();
    try {
      await this.#rest.ask("POST", "/auth/logout");
    } catch (error) {
      // Only the server can take the cookie away; where it can't be reached, one is still signed in.
      if (asFault(error).code !== "unauthenticated") throw error;
    } finally {
      this.#isLeaving = false;
    }
    this.#leave("", true);
  }

  async updateMe(change: Parameters<SessionState["updateMe"]>[0]): Promise<void> {
    this.updated(await this.#rest.ask<User>("PATCH", "/users/me", { body: change }));
  }

  /** Changed on another device. */
  async refresh(): Promise<void> {
    try {
      this.updated(await this.#rest.get<User>("/users/me"));
    } catch {
      // The next connection tells it.
    }
  }

  async changePassword(change: Parameters<SessionState["changePassword"]>[0]): Promise<void> {
    await this.#rest.ask("PATCH", "/users/me", { body: change });
  }

  async list(): Promise<SessionInfo[]> {
    return [...(await this.#rest.get<Page<SessionInfo>>("/auth/sessions")).items];
  }

  async revoke(sessionId: string): Promise<void> {
    await this.#rest.ask("POST", "/auth/revoke", { body: { session_id: sessionId } });
  }

  async revokeAll(): Promise<void> {
    await this.#rest.ask("POST", "/auth/revoke", { body: { all: true } });
    this.#leave("", true);
  }

  /** Told by the hub: the session is over, or another tab signed out. */
  left(notice: "" | "expired" | "revoked"): void {
    // The socket may hear of one's own sign-out before its answer is here.
    if (this.status.value !== "signed_out" && !this.#isLeaving) this.#leave(notice, false);
  }

  updated(user: User): void {
    this.me.value = user;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  async #enter(path: string, form: object): Promise<void> {
    const { user, expires_in } = await this.#rest.ask<SignedIn>("POST", path, { body: form, isSigningIn: true });
    this.#entered(user, expires_in);
  }

  #entered(user: User, expiresIn: number | null): void {
    const isOther = this.me.value !== null && this.me.value.id !== user.id;
    if (isOther) this.#listener.onSignedOut(false);
    this.me.value = user;
    this.notice.value = "";
    this.#listener.onSignedIn(user, expiresIn);
    this.status.value = "signed_in";
  }

  #leave(notice: "" | "expired" | "revoked", isOwnDoing: boolean): void {
    clearTimeout(this.#timer);
    this.#listener.onSignedOut(isOwnDoing);
    this.me.value = null;
    this.notice.value = notice;
    this.status.value = "signed_out";
  }
}
