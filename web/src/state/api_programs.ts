/** What views may ask about programs: webhooks, bots, slash commands. Part of `api.ts`. */

import type { ReadonlySignal } from "@preact/signals";
import type {
  Bot,
  BotToken,
  Command,
  CreateBot,
  CreateBotToken,
  CreateCommand,
  CreateIncomingHook,
  CreateOutgoingHook,
  DeadLetter,
  IncomingHook,
  OutgoingHook,
  Page,
  Ran,
  RunCommand,
  UpdateCommand,
  UpdateIncomingHook,
  UpdateOutgoingHook,
} from "../protocol/wire";

/** A `url`, a `secret` and a `token` stand in the answer that made them, and never again. */
export interface ProgramsState {
  incoming(channelId: number): Promise<readonly IncomingHook[]>;
  createIncoming(channelId: number, form: CreateIncomingHook): Promise<IncomingHook>;
  updateIncoming(hook: IncomingHook, change: UpdateIncomingHook): Promise<IncomingHook>;
  /** Another URL; the one before is closed. */
  rotateIncoming(hook: IncomingHook): Promise<IncomingHook>;
  removeIncoming(hook: IncomingHook): Promise<void>;
  outgoing(channelId: number): Promise<readonly OutgoingHook[]>;
  createOutgoing(channelId: number, form: CreateOutgoingHook): Promise<OutgoingHook>;
  updateOutgoing(hook: OutgoingHook, change: UpdateOutgoingHook): Promise<OutgoingHook>;
  removeOutgoing(hook: OutgoingHook): Promise<void>;
  /** What a target did not take, the oldest first. */
  dead(hook: OutgoingHook, cursor?: string | null): Promise<Page<DeadLetter>>;
  /** Rejects with `target_failed` where it is not taken now either. */
  redeliver(hook: OutgoingHook, seq: number): Promise<void>;
  discard(hook: OutgoingHook, seq: number): Promise<void>;
  bots(cursor?: string | null): Promise<Page<Bot>>;
  createBot(form: CreateBot): Promise<Bot>;
  tokens(botId: number): Promise<readonly BotToken[]>;
  createToken(botId: number, form: CreateBotToken): Promise<BotToken>;
  revokeToken(botId: number, tokenId: string): Promise<void>;
}

export interface CommandsState {
  /** Built-in ones, then the workspace's own; null until they were loaded once. */
  readonly list: ReadonlySignal<readonly Command[] | null>;
  load(): Promise<void>;
  /** A name for a run, to be kept until it is known to have arrived. */
  clientId(): string;
  run(channelId: number, command: RunCommand): Promise<Ran>;
  create(form: CreateCommand): Promise<Command>;
  update(commandId: number, change: UpdateCommand): Promise<Command>;
  remove(commandId: number): Promise<void>;
}
