/** The AI: what may be asked, asking, and what becomes of an answer. The answers themselves come as facts. */

import { batch, type Signal, signal } from "@preact/signals";
import { asFault, type Fault } from "../protocol/faults";
import type { Rest } from "../protocol/rest";
import type { AiChannel, Channel, Model, Page, SetAiChannel, UsageReport } from "../protocol/wire";
import type { AiState, Question } from "./api";
import type { Store } from "./store";

/** In the head of an answer that is under way; the rest of it is left to the socket. */
const RUN = "Chalkline-Run-ID";

export class Ai implements AiState {
  readonly models: Signal<readonly Model[] | null> = signal(null);
  readonly missing: Signal<Fault | null> = signal(null);
  readonly #rest: Rest;
  readonly #store: Store;
  readonly clientId: () => string;
  #looking: Promise<void> | null = null;

  constructor(rest: Rest, store: Store, clientId: () => string) {
    this.#rest = rest;
    this.#store = store;
    this.clientId = clientId;
  }

  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  ask = (question: Question): Promise<number> => this.#begin("/ai/chat", question);

  goOn = (runId: number): Promise<number> => this.#begin(`/ai/runs/${runId}/continue`, {});

  again = (runId: number, model?: string): Promise<number> =>
    this.#begin(`/ai/runs/${runId}/regenerate`, model ? { model } : {});

  stop = (runId: number): Promise<void> => this.#rest.ask("POST", `/ai/runs/${runId}/stop`);

  undo = async (path: string): Promise<void> => {
    await this.#rest.ask("POST", path);
  };

  usage = (): Promise<UsageReport> => this.#rest.get("/ai/usage");

  settings = (channelId: number): Promise<AiChannel> => this.#rest.get(`/channels/${channelId}/ai`);

  setUp = (channelId: number, change: SetAiChannel): Promise<AiChannel> =>
    this.#rest.ask("PUT", `/channels/${channelId}/ai`, { body: change });

  async createConversation(): Promise<Channel> {
    const channel = await this.#rest.ask<Channel>("POST", "/ai/conversations", { body: {} });
    this.#store.put(channel);
    return channel;
  }

  clear(): void {
    batch(() => {
      this.models.value = null;
      this.missing.value = null;
    });
  }

  async #begin(path: string, body: object): Promise<number> {
    return Number(await this.#rest.ask<string>("POST", path, { body: { ...body, stream: true }, header: RUN }));
  }

  async #look(): Promise<void> {
    try {
      const { items } = await this.#rest.get<Page<Model>>("/ai/models");
      batch(() => {
        this.models.value = items;
        this.missing.value = null;
      });
    } catch (error) {
      this.missing.value = asFault(error);
    }
  }
}
