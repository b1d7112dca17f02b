/** Unsent text, by channel: kept in localStorage at every change, so that a reload loses nothing. */

import { effect, type Signal, signal } from "@preact/signals";
import { kept } from "./kept";

type Kept = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

export class Drafts {
  readonly #storage: Kept | null;
  readonly #drafts = new Map<string, Signal<string>>();

  constructor(storage: Kept | null) {
    this.#storage = storage;
  }

  of(me: number, channelId: number, thread: number | null = null): Signal<string> {
    const name = `chalkline:draft:${me}:${channelId}${thread === null ? "" : `/${thread}`}`;
    return kept(this.#drafts, name, () => this.#open(name));
  }

  /** Another tab has written. */
  changed(name: string | null, text: string | null): void {
    const draft = name === null ? undefined : this.#drafts.get(name);
    if (draft) draft.value = text ?? "";
  }

  erase(me: number): void {
    const names = Array.from({ length: this.#storage?.length ?? 0 }, (_, index) => this.#storage?.key(index) ?? "");
    for (const name of names) if (name.startsWith(`chalkline:draft:${me}:`)) this.#storage?.removeItem(name);
    for (const draft of this.#drafts.values()) draft.value = "";
  }

  #open(name: string): Signal<string> {
    const draft = signal(this.#storage?.getItem(name) ?? "");
    effect(() => this.#keep(name, draft.value));
    return draft;
  }

  #keep(name: string, text: string): void {
    if ((this.#storage?.getItem(name) ?? "") === text) return;
    try {
      if (text) this.#storage?.setItem(name, text);
      else this.#storage?.removeItem(name);
    } catch {
      // Full, or forbidden: it lasts as long as the page.
    }
  }
}
