/** One channel of a server, as plainly as can be: a log, and what may be asked of it. */

import type { Fact } from "../../src/protocol/frames";
import type { Channel, ChannelRole, Member, Message, Page } from "../../src/protocol/wire";

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

  post(author_id: number, text: string, client_id = `c${this.head + 1}`): Fact {
    const seq = this.head + 1;
    const message: Message = {
      channel_id: CHANNEL,
      seq,
      author_id,
      kind: "text",
      text,
      client_id,
      created_at: "2026-11-20T12:00:00Z",
      edited_at: null,
      deleted_at: null,
      reply_to: null,
      thread: null,
      reactions: [],
      attachments: [],
    };
    this.#messages.set(seq, message);
    return this.#tell({ type: "message.posted", message });
  }

  edit(seq: number, text: string): void {
    const known = this.#messages.get(seq);
    if (!known) return;
    const message = { ...known, text, edited_at: `at ${this.head + 1}` };
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

  channel(): Channel {
    const unread = this.messages().filter(({ seq, author_id }) => seq > this.#lastRead && author_id !== ME).length;
    const role = this.#members.get(ME) ?? "member";
    return {
      id: CHANNEL,
      name: this.#name,
      description: "",
      kind: "channel",
      visibility: "public",
      has_password: false,
      creator_id: ME,
      created_at: "2026-11-20T12:00:00Z",
      head_seq: this.head,
      member_count: this.#members.size,
      membership: { role, last_read_seq: this.#lastRead, unread, mentions: 0 },
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
        { user_id, role, username: `u${user_id}`, display_name: `U${user_id}`, joined_at: "2026-11-20T12:00:00Z" },
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
