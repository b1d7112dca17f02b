/** One channel of a server, as plainly as can be: a log, and what may be asked of it. */

import type { Fact } from "../../src/protocol/frames";
import type { Channel, ChannelRole, Member, Membership, Message, Page } from "../../src/protocol/wire";
import { message, NOON } from "../samples";

export const ME = 1;
export const CHANNEL = 7;

type Kind = { readonly type: string; readonly [field: string]: unknown };

export class ModelServer {
  readonly facts: Fact[] = [];
  readonly #messages = new Map<number, Message>();
  readonly #members = new Map<number, ChannelRole>([[ME, "owner"]]);
  #name = "general";
  #lastRead = 0;

  constructor() {
    this.#tell({ type: "member.joined", user_id: ME, role: "owner" });
  }

  get head(): number {
    return this.facts.length;
  }

  post(
    author_id: number,
    text: string,
    client_id = `c${this.head + 1}`,
    more: Pick<Partial<Message>, "thread" | "to_channel" | "mentions" | "broadcast"> = {},
  ): Fact {
    const seq = this.head + 1;
    const posted = message(seq, { channel_id: CHANNEL, author_id, text, client_id, ...more });
    this.#messages.set(seq, posted);
    const root = posted.thread === null ? undefined : this.#messages.get(posted.thread);
    if (root) {
      this.#messages.set(root.seq, { ...root, reply_count: (root.reply_count ?? 0) + 1, last_reply_seq: seq });
    }
    return this.#tell({ type: "message.posted", message: posted });
  }

  /** In a thread of a message that is there and in none; else nothing happens. */
  answer(author_id: number, thread: number, more: Pick<Partial<Message>, "to_channel" | "mentions"> = {}): void {
    const root = this.#messages.get(thread);
    if (!root || root.thread !== null || root.deleted_at) return;
    this.post(author_id, `answer ${this.head + 1}`, undefined, { ...more, thread });
  }

  react(userId: number, seq: number, emoji: string, isOn: boolean): void {
    const known = this.#messages.get(seq);
    if (!known || known.deleted_at) return;
    const has = known.reactions.find((one) => one.emoji === emoji)?.user_ids.includes(userId) ?? false;
    if (has === isOn) return;
    const by = new Map(known.reactions.map((one) => [one.emoji, [...one.user_ids]]));
    const users = by.get(emoji) ?? [];
    by.set(emoji, isOn ? [...users, userId] : users.filter((id) => id !== userId));
    const reactions = [...by]
      .filter(([, ids]) => ids.length)
      .map(([one, user_ids]) => ({ emoji: one, count: user_ids.length, user_ids }));
    this.#messages.set(seq, { ...known, reactions });
    this.#tell({ type: isOn ? "reaction.added" : "reaction.removed", message_seq: seq, user_id: userId, emoji });
  }

  pin(userId: number, seq: number, isPinned: boolean): void {
    const known = this.#messages.get(seq);
    if (!known || known.deleted_at || Boolean(known.pinned_at) === isPinned) return;
    const { pinned_at, pinned_by, ...rest } = known;
    const at = `at ${this.head + 1}`;
    this.#messages.set(seq, isPinned ? { ...rest, pinned_at: at, pinned_by: userId } : rest);
    if (isPinned) this.#tell({ type: "message.pinned", message_seq: seq, user_id: userId, pinned_at: at });
    else this.#tell({ type: "message.unpinned", message_seq: seq, user_id: userId });
  }

  delete(seq: number): void {
    const known = this.#messages.get(seq);
    if (!known || known.deleted_at) return;
    const { mentions, broadcast, pinned_at, pinned_by, ...rest } = known;
    const deleted_at = `at ${this.head + 1}`;
    this.#messages.set(seq, { ...rest, text: "", deleted_at, reactions: [] });
    this.#tell({ type: "message.deleted", message_seq: seq, by: known.author_id, deleted_at });
  }

  /** What the user's own log says; the counts are of now. */
  readFact(): Fact {
    const { last_read_seq, unread, mentions } = this.channel().membership as Membership;
    const fact = { last_read_seq, unread, mentions, head_seq: this.head };
    return { type: "channel.read", user_id: ME, channel_id: CHANNEL, ...fact } as Fact;
  }

  edit(seq: number, text: string, mentions?: number[]): void {
    const known = this.#messages.get(seq);
    if (!known || known.deleted_at) return;
    const { mentions: _, broadcast, ...rest } = known;
    const message = { ...rest, text, edited_at: `at ${this.head + 1}`, ...(mentions ? { mentions } : {}) };
    this.#messages.set(seq, message);
    this.#tell({ type: "message.edited", message });
  }

  toggle(userId: number): void {
    if (userId === ME) return;
    if (this.#members.delete(userId)) this.#tell({ type: "member.left", user_id: userId, by: userId });
    else {
      this.#members.set(userId, "member");
      this.#tell({ type: "member.joined", user_id: userId, role: "member" });
    }
  }

  promote(userId: number): void {
    if (!this.#members.has(userId)) return;
    this.#members.set(userId, "moderator");
    this.#tell({ type: "member.changed", user_id: userId, role: "moderator" });
  }

  rename(name: string): void {
    this.#name = name;
    this.#tell({ type: "channel.updated", channel: { ...this.channel(), head_seq: this.head + 1, membership: null } });
  }

  read(seq: number): void {
    this.#lastRead = Math.max(this.#lastRead, seq);
  }

  /** Also back. */
  mark(seq: number): void {
    this.#lastRead = Math.min(seq, this.head);
  }

  channel(): Channel {
    const counting = this.messages().filter(
      (one) =>
        one.seq > this.#lastRead &&
        one.author_id !== ME &&
        !one.deleted_at &&
        (one.thread === null || one.to_channel === true),
    );
    const calling = counting.filter((one) => one.broadcast === "channel" || one.mentions?.includes(ME));
    const role = this.#members.get(ME) ?? "member";
    return {
      id: CHANNEL,
      name: this.#name,
      description: "",
      kind: "channel",
      visibility: "public",
      has_password: false,
      creator_id: ME,
      created_at: NOON,
      head_seq: this.head,
      member_count: this.#members.size,
      membership: { role, last_read_seq: this.#lastRead, unread: counting.length, mentions: calling.length },
      direct_user_ids: null,
    };
  }

  messages(): Message[] {
    return [...this.#messages.values()];
  }

  members(): Map<number, Member> {
    const found = [...this.#members].sort(([a], [b]) => a - b);
    return new Map(
      found.map(([user_id, role]) => [
        user_id,
        { user_id, role, username: `u${user_id}`, display_name: `U${user_id}`, joined_at: NOON },
      ]),
    );
  }

  page(query: { before?: number; after?: number; around?: number; limit?: number }): Page<Message> {
    const limit = query.limit ?? 50;
    const within = this.messages().filter(
      ({ seq }) => seq < (query.before ?? Number.POSITIVE_INFINITY) && seq > (query.after ?? 0),
    );
    if (query.around !== undefined) {
      const middle = within.filter(({ seq }) => seq < (query.around as number)).length;
      const first = Math.max(0, middle - (limit >> 1));
      return { items: within.slice(first, first + limit), next_cursor: null };
    }
    const isForward = query.after !== undefined && query.before === undefined;
    const items = isForward ? within.slice(0, limit) : within.slice(-limit);
    return { items, next_cursor: items.length < within.length ? "more" : null };
  }

  #tell(kind: Kind): Fact {
    const fact = { channel_id: CHANNEL, seq: this.head + 1, ...kind } as Fact;
    this.facts.push(fact);
    return fact;
  }
}
