/** The channels one is in, and what one does with them. */

import { computed, type ReadonlySignal } from "@preact/signals";
import type { Rest } from "../protocol/rest";
import type { Channel, Member, Page } from "../protocol/wire";
import type { ChannelsState, JoinedChannel } from "./api";
import { kept } from "./kept";
import type { Presence } from "./presence";
import type { Store } from "./store";
import type { Users } from "./users";

const PAGE = 50;
const MEMBERS_PAGE = 200;
const KINDS: readonly string[] = ["channel", "direct", "ai"];

export class Channels implements ChannelsState {
  readonly #rest: Rest;
  readonly #store: Store;
  readonly #users: Users;
  readonly #presence: Presence;
  readonly #channels = new Map<number, ReadonlySignal<JoinedChannel | undefined>>();
  readonly #members = new Map<number, ReadonlySignal<readonly Member[] | undefined>>();
  readonly #typing = new Map<number, ReadonlySignal<readonly number[]>>();
  /** Whose members are shown: loaded again when the channel is begun anew. */
  readonly #shown = new Set<number>();
  readonly isReady: ReadonlySignal<boolean>;
  readonly joined: ReadonlySignal<readonly JoinedChannel[]>;
  readonly unread: ReadonlySignal<number>;
  readonly online: ReadonlySignal<ReadonlySet<number>>;

  constructor(rest: Rest, store: Store, users: Users, presence: Presence) {
    this.#rest = rest;
    this.#store = store;
    this.#users = users;
    this.#presence = presence;
    this.isReady = store.isReady;
    this.online = presence.online;
    this.joined = computed(() => {
      const channels = store.joined.value.map((id) => this.get(id).value).filter((one) => one !== undefined);
      return channels.sort((a, b) => this.#order(a, b));
    });
    this.unread = computed(() => this.joined.value.reduce((sum, { membership }) => sum + membership.unread, 0));
  }

  get(channelId: number): ReadonlySignal<JoinedChannel | undefined> {
    return kept(this.#channels, channelId, () => {
      const { info } = this.#store.cell(channelId).signals;
      return computed(() => (info.value?.isGone ? undefined : info.value?.channel));
    });
  }

  title(channel: Channel): string {
    if (channel.kind !== "direct") return channel.name;
    const others = (channel.direct_user_ids ?? []).filter((id) => id !== this.#store.me);
    const shown = others.length ? others : [this.#store.me];
    return shown.map((id) => this.#users.name(id)).join(", ");
  }

  load(channelId: number): Promise<Channel> {
    return this.#rest.get(`/channels/${channelId}`);
  }

  browse({ q, cursor }: { q?: string; cursor?: string | null }): Promise<Page<Channel>> {
    return this.#rest.get("/channels", { scope: "all", q, cursor, limit: PAGE });
  }

  async create(form: Parameters<ChannelsState["create"]>[0]): Promise<Channel> {
    return this.#came(await this.#rest.ask<Channel>("POST", "/channels", { body: form }));
  }

  async update(channelId: number, change: Parameters<ChannelsState["update"]>[1]): Promise<void> {
    await this.#rest.ask("PATCH", `/channels/${channelId}`, { body: change });
  }

  async remove(channelId: number): Promise<void> {
    await this.#rest.ask("DELETE", `/channels/${channelId}`);
    this.#store.remove(channelId);
  }

  async join(channelId: number, password?: string): Promise<Channel> {
    const body = password === undefined ? {} : { password };
    return this.#came(await this.#rest.ask<Channel>("POST", `/channels/${channelId}/join`, { body }));
  }

  async leave(channelId: number): Promise<void> {
    await this.#rest.ask("POST", `/channels/${channelId}/leave`);
    this.#store.remove(channelId);
  }

  async openDirect(userIds: readonly number[]): Promise<Channel> {
    return this.#came(await this.#rest.ask<Channel>("POST", "/direct", { body: { user_ids: userIds } }));
  }

  typing(channelId: number): ReadonlySignal<readonly number[]> {
    return kept(this.#typing, channelId, () => {
      const { typing } = this.#store.cell(channelId).signals;
      return computed(() => [...(typing.value?.keys() ?? [])]);
    });
  }

  members(channelId: number): ReadonlySignal<readonly Member[] | undefined> {
    if (!this.#shown.has(channelId)) {
      this.#shown.add(channelId);
      void this.#loadMembers(channelId);
    }
    return kept(this.#members, channelId, () => {
      const { members } = this.#store.cell(channelId).signals;
      return computed(() => (members.value ? [...members.value.values()].map((one) => this.#named(one)) : undefined));
    });
  }

  async putMember(channelId: number, userId: number, role?: Member["role"]): Promise<void> {
    await this.#rest.ask("PUT", `/channels/${channelId}/members/${userId}`, { body: role ? { role } : {} });
  }

  async removeMember(channelId: number, userId: number): Promise<void> {
    await this.#rest.ask("DELETE", `/channels/${channelId}/members/${userId}`);
  }

  /** A channel was begun anew. */
  reset(channelId: number): void {
    if (this.#shown.has(channelId)) void this.#loadMembers(channelId);
  }

  /** A personal fact: one came into a channel. */
  async opened(channelId: number): Promise<void> {
    try {
      this.#came(await this.load(channelId));
    } catch {
      // Already over, or no connection: the next `hello` loads all of them.
    }
  }

  clear(): void {
    this.#shown.clear();
  }

  /** Who is online in it is asked for when it is looked at. */
  async watch(channelId: number): Promise<void> {
    await this.#store.ready();
    if (this.#store.cell(channelId).state) await this.#presence.load(channelId);
  }

  #came(channel: Channel): Channel {
    this.#store.put(channel);
    return channel;
  }

  #order(a: JoinedChannel, b: JoinedChannel): number {
    if (a.kind === "ai" && b.kind === "ai") return b.id - a.id;
    const byKind = KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind);
    return byKind || this.title(a).localeCompare(this.title(b)) || a.id - b.id;
  }

  /** Facts name members only by id. */
  #named(member: Member): Member {
    if (member.username) return member;
    const user = this.#users.get(member.user_id).value;
    return { ...member, username: user?.username ?? "", display_name: user?.display_name ?? "" };
  }

  async #loadMembers(channelId: number): Promise<void> {
    await this.#store.ready();
    const cell = this.#store.cell(channelId);
    try {
      const request = () => this.#allMembers(channelId);
      await cell.load(
        request,
        (state, members) => ({ ...state, slices: { ...state.slices, members } }),
        this.#store.context,
      );
    } catch {
      this.#shown.delete(channelId);
    }
  }

  async #allMembers(channelId: number): Promise<ReadonlyMap<number, Member>> {
    const members = new Map<number, Member>();
    let cursor: string | null = null;
    do {
      const query = { limit: MEMBERS_PAGE, cursor };
      const page: Page<Member> = await this.#rest.get(`/channels/${channelId}/members`, query);
      for (const member of page.items) members.set(member.user_id, member);
      cursor = page.next_cursor;
    } while (cursor !== null);
    return members;
  }
}
