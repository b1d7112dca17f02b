/** What views may ask about sketches and of the AI. Part of `api.ts`. */

import type { ReadonlySignal } from "@preact/signals";
import type { Fault } from "../protocol/faults";
import type {
  AiChannel,
  Channel,
  Comment,
  CreateComment,
  Link,
  Model,
  SetAiChannel,
  Sketch,
  SketchVersion,
  UsageReport,
} from "../protocol/wire";

export interface SketchesState {
  /** Of a channel, the newest first. Loads on the first call; then follows the facts. Undefined until loaded. */
  list(channelId: number): ReadonlySignal<readonly Sketch[] | undefined>;
  /** How far a sketch has been drawn, as far as that is known. */
  seq(channelId: number, sketchId: number): ReadonlySignal<number>;
  get(sketchId: number): Promise<Sketch>;
  create(channelId: number, title: string): Promise<Sketch>;
  /** A new one from what an `.excalidraw` file holds. */
  bringIn(channelId: number, title: string, file: unknown): Promise<Sketch>;
  rename(sketchId: number, title: string): Promise<Sketch>;
  remove(sketchId: number): Promise<void>;
  versions(sketchId: number): Promise<readonly SketchVersion[]>;
  keepVersion(sketchId: number, label: string): Promise<SketchVersion>;
  restoreVersion(sketchId: number, number: number): Promise<Sketch>;
  links(sketchId: number): Promise<readonly Link[]>;
  /** Its token is in this answer, and never again. */
  createLink(sketchId: number): Promise<Link>;
  revokeLink(sketchId: number, linkId: number): Promise<void>;
  /** All that aren't deleted, the oldest first. */
  comments(sketchId: number): Promise<readonly Comment[]>;
  /** Moves when somebody comments, resolves or deletes: time to load them again. */
  commented(channelId: number, sketchId: number): ReadonlySignal<number>;
  comment(sketchId: number, comment: CreateComment): Promise<Comment>;
  resolveComment(sketchId: number, commentId: number, resolved: boolean): Promise<Comment>;
  removeComment(sketchId: number, commentId: number): Promise<void>;
}

/** What is asked. The same `client_id` again gives the run that it began. */
export interface Question {
  readonly channel_id: number;
  readonly client_id: string;
  readonly text: string;
  readonly model?: string;
  readonly reply_to?: number;
  readonly thread?: number;
  /** An earlier question of a conversation: this one takes its place, in a branch of its own. */
  readonly branch_of?: number;
  /** Ids of files that wait to be posted here. */
  readonly attachments?: readonly string[];
}

/** Questions and answers are messages, and come as such. What begins a run gives its id, once that is in the log. */
export interface AiState {
  /** Those that may be asked, the default first; null until they are known. */
  readonly models: ReadonlySignal<readonly Model[] | null>;
  /** Why they are not: `ai_unavailable` where none is set up, whose detail is for whoever runs the server. */
  readonly missing: ReadonlySignal<Fault | null>;
  /** Asks for them, again after a failure. */
  look(): Promise<void>;
  /** A name for a question, to be kept until it is known to have arrived. */
  clientId(): string;
  ask(question: Question): Promise<number>;
  goOn(runId: number): Promise<number>;
  again(runId: number, model?: string): Promise<number>;
  stop(runId: number): Promise<void>;
  /** Takes back all that an answer drew: by the path that its tools name. */
  undo(path: string): Promise<void>;
  usage(): Promise<UsageReport>;
  settings(channelId: number): Promise<AiChannel>;
  setUp(channelId: number, change: SetAiChannel): Promise<AiChannel>;
  createConversation(): Promise<Channel>;
}
