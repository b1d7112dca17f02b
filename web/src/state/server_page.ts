/** What the server says about itself, and whether its page is another one by now. */

import { type Signal, signal } from "@preact/signals";
import type { Rest } from "../protocol/rest";
import type { Instance } from "../protocol/wire";

export class ServerPage {
  readonly instance: Signal<Instance | null> = signal(null);
  readonly isOutdated = signal(false);
  /** Whatever it said, or that it didn't. */
  isKnown: Promise<void> = Promise.resolve();
  readonly #rest: Rest;
  /** The mark of the page that the server gave when this tab began. */
  #build: string | null = null;

  constructor(rest: Rest) {
    this.#rest = rest;
  }

  /** After an outage the server may be another: then this page is of an older build, and says so. */
  async compare(): Promise<void> {
    const mark = await this.#rest.mark("/");
    if (mark === null) return;
    this.#build ??= mark;
    this.isOutdated.value = mark !== this.#build;
  }

  lookAround(): Promise<void> {
    this.isKnown = this.#look();
    return this.isKnown;
  }

  async #look(): Promise<void> {
    try {
      this.instance.value = await this.#rest.get<Instance>("/instance");
    } catch {
      // A server that doesn't say: the forms offer both, signing in and signing up.
    }
  }
}
