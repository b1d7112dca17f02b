/** Whether this device is told of calls while no page is open: a subscription of the browser's that the server knows.
 *
 * Law: it is the signed-in user's and nobody else's. Whoever signs out takes it along, and who signs in finds none.
 */

import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { Fault } from "../protocol/faults";
import type { Rest } from "../protocol/rest";
import type { Instance, PushSubscription as Subscription, Subscribe } from "../protocol/wire";
import type { DeviceState } from "./api_talk";
import type { KeptStorage } from "./surroundings";

const KEPT = "chalkline.device";

/** What a browser has of push messages. */
export interface Pusher {
  /** What stands in the way of it, for good. */
  readonly obstacle: "insecure" | "unsupported" | null;
  /** Whether somebody has allowed it: else `subscribe` would ask them. */
  isAllowed(): boolean;
  /** A subscription for the server's key: the one that is there, or a new one. Asks for the permission. */
  subscribe(key: string): Promise<Pick<Subscribe, "endpoint" | "keys">>;
  unsubscribe(): Promise<void>;
}

interface Kept {
  readonly user: number;
  readonly id: string;
  readonly showsText: boolean;
}

interface Around {
  readonly rest: Rest;
  readonly pusher: Pusher;
  readonly storage: KeptStorage | null;
  readonly instance: ReadonlySignal<Instance | null>;
  me(): number;
}

export class Device implements DeviceState {
  readonly isOn = signal(false);
  readonly showsText: Signal<boolean> = signal(true);
  readonly #around: Around;

  constructor(around: Around) {
    this.#around = around;
  }

  get obstacle(): DeviceState["obstacle"] {
    const { pusher, instance } = this.#around;
    if (pusher.obstacle) return pusher.obstacle;
    return instance.value && !instance.value.push_key ? "switched_off" : null;
  }

  /** Somebody is here: their subscription is told to the server again, since either side may have lost it. */
  async signedIn(): Promise<void> {
    const kept = this.#kept();
    this.isOn.value = kept?.user === this.#around.me();
    if (!kept) return;
    this.showsText.value = kept.showsText;
    if (!this.isOn.value) return this.#forget();
    if (this.obstacle || !this.#around.instance.value) return;
    if (!this.#around.pusher.isAllowed()) {
      // Taken back in the browser's own settings. Nobody is asked who has touched nothing.
      this.isOn.value = false;
      return;
    }
    try {
      await this.#subscribe(kept.showsText);
    } catch {
      // With the next sign-in or page, then.
    }
  }

  async turnOn(): Promise<void> {
    await this.#subscribe(this.showsText.peek());
  }

  async turnOff(): Promise<void> {
    const kept = this.#kept();
    await this.#forget();
    // The server would find out by itself: nobody has to wait for it.
    if (kept) await this.#around.rest.ask("DELETE", `/push/subscriptions/${kept.id}`).catch(() => {});
  }

  async setShowsText(showsText: boolean): Promise<void> {
    await this.#subscribe(showsText);
  }

  /** By one's own doing: the browser takes nothing more that is on its way to who was here. */
  signedOut(): void {
    void this.#forget();
  }

  async #subscribe(showsText: boolean): Promise<void> {
    const { rest, pusher, instance, storage } = this.#around;
    const key = instance.peek()?.push_key;
    if (!key) throw new Fault("unavailable", "This server tells no devices.");
    const user = this.#around.me();
    const { endpoint, keys } = await pusher.subscribe(key).catch((error: unknown) => {
      throw refusal(error);
    });
    const body: Subscribe = { endpoint, keys, shows_text: showsText };
    const { id } = await rest.ask<Subscription>("POST", "/push/subscriptions", { body });
    if (user !== this.#around.me()) return;
    this.isOn.value = true;
    this.showsText.value = showsText;
    storage?.setItem(KEPT, JSON.stringify({ user, id, showsText } satisfies Kept));
  }

  async #forget(): Promise<void> {
    this.isOn.value = false;
    this.#around.storage?.removeItem(KEPT);
    await this.#around.pusher.unsubscribe().catch(() => {});
  }

  #kept(): Kept | null {
    try {
      return JSON.parse(this.#around.storage?.getItem(KEPT) ?? "null") as Kept | null;
    } catch {
      return null;
    }
  }
}

function refusal(error: unknown): Fault {
  const isForbidden = error instanceof Error && error.name === "NotAllowedError";
  if (isForbidden) return new Fault("forbidden", "You have forbidden notifications in this browser.");
  return new Fault("unavailable", "This browser can’t reach its push service just now.");
}
