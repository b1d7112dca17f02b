/** Slash commands: which there are, and running one. */

import { type Signal, signal } from "@preact/signals";
import type { Rest } from "../protocol/rest";
import type { Command, CreateCommand, Page, Ran, RunCommand, UpdateCommand } from "../protocol/wire";
import type { CommandsState } from "./api_programs";

export class Commands implements CommandsState {
  readonly list: Signal<readonly Command[] | null> = signal(null);
  readonly clientId: () => string;
  readonly #rest: Rest;
  #loading: Promise<void> | null = null;

  constructor(rest: Rest, clientId: () => string) {
    this.#rest = rest;
    this.clientId = clientId;
  }

  load(): Promise<void> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  run(channelId: number, command: RunCommand): Promise<Ran> {
    return this.#rest.ask("POST", `/channels/${channelId}/commands`, { body: command });
  }

  create(form: CreateCommand): Promise<Command> {
    return this.#changed(this.#rest.ask<Command>("POST", "/commands", { body: form }));
  }

  update(commandId: number, change: UpdateCommand): Promise<Command> {
    return this.#changed(this.#rest.ask<Command>("PATCH", `/commands/${commandId}`, { body: change }));
  }

  async remove(commandId: number): Promise<void> {
    await this.#changed(this.#rest.ask("DELETE", `/commands/${commandId}`));
  }

  clear(): void {
    this.list.value = null;
  }

  async #load(): Promise<void> {
    this.list.value = (await this.#rest.get<Page<Command>>("/commands")).items;
  }

  async #changed<T>(asking: Promise<T>): Promise<T> {
    const answer = await asking;
    await this.load().catch(() => {});
    return answer;
  }
}
