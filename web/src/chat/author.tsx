/** Who a message is from: a person, a bot, or a program that posted by a webhook or a command. */
import type { Message } from "../protocol/wire";
import type { State } from "../state";
import { WEBHOOK } from "../words";

type Authored = Pick<Message, "author_id" | "via">;

/** Ids of bots (docs/integrations.md, "Bots"). */
const BOTS = { from: 900_000_000_000_000, below: 1_000_000_000_000_000 };

export const isBot = (userId: number): boolean => userId >= BOTS.from && userId < BOTS.below;

/** Nobody's account: nobody can be told of it, or be put out for it. */
export const isProgram = (userId: number): boolean => userId === WEBHOOK;

/** Reads a signal. */
export const authorName = (state: State, { author_id, via }: Authored): string =>
  via ? via.name : state.users.name(author_id);

/** What kind of program it is, in a word; null for people. */
export function programKind({ author_id, via }: Authored): string | null {
  if (via) return via.kind === "command" ? "Command" : "Webhook";
  return isBot(author_id) ? "Bot" : null;
}

/** Two of the same author, as one sees it: programs share one. */
export const isSameAuthor = (a: Authored, b: Authored): boolean =>
  a.author_id === b.author_id && a.via?.name === b.via?.name && a.via?.kind === b.via?.kind;

export function ProgramBadge({ message }: { message: Authored }) {
  const kind = programKind(message);
  return kind && <span class="badge badge-program">{kind}</span>;
}
