/** Keeping order: what moderators do, and what is told to whom it concerns. */

import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Fact } from "../protocol/frames";
import type { Rest } from "../protocol/rest";
import type { MembershipBanned, Message, Page, PutRestraint, Report, ReportMessage, Restraint } from "../protocol/wire";
import type { Banned, OrderState, RestraintKind } from "./api_order";
import { kept } from "./kept";

const PAGE = 50;
/** More open ones than anybody counts at a glance. */
const COUNTED = 100;

interface Reports {
  readonly mark: Signal<number>;
  readonly open: Signal<number | undefined>;
  isWanted: boolean;
}

export class Order implements OrderState {
  readonly #rest: Rest;
  readonly #reports = new Map<number, Reports>();
  readonly #bans = new Map<number, Signal<Banned | null>>();

  constructor(rest: Rest) {
    this.#rest = rest;
  }

  async report(channelId: number, seq: number, report: ReportMessage): Promise<void> {
    await this.#rest.ask("POST", `/channels/${channelId}/messages/${seq}/report`, { body: report });
    // Who keeps order is told of others' reports alone.
    this.#changed(channelId);
  }

  reports({ channelId, state, cursor }: Parameters<OrderState["reports"]>[0]): Promise<Page<Report>> {
    return this.#rest.get(`${place(channelId)}/reports`, { state, cursor, limit: PAGE });
  }

  async resolve(report: Report, state: Report["state"], note: string): Promise<Report> {
    const path = `/channels/${report.channel_id}/reports/${report.id}`;
    const resolved = await this.#rest.ask<Report>("PATCH", path, { body: { state, note } });
    this.#changed(report.channel_id);
    return resolved;
  }

  open(channelId: number): ReadonlySignal<number | undefined> {
    const reports = this.#of(channelId);
    if (!reports.isWanted) {
      reports.isWanted = true;
      void this.#count(channelId);
    }
    return reports.open;
  }

  reported(channelId: number): ReadonlySignal<number> {
    return this.#of(channelId).mark;
  }

  async restrain(kind: RestraintKind, channelId: number | null, userId: number, ask: PutRestraint): Promise<void> {
    await this.#rest.ask("PUT", restraint(kind, channelId, userId), { body: ask });
  }

  async release(kind: RestraintKind, channelId: number | null, userId: number): Promise<void> {
    await this.#rest.ask("DELETE", restraint(kind, channelId, userId));
  }

  restrained(kind: RestraintKind, channelId: number | null, cursor: string | null = null): Promise<Page<Restraint>> {
    return this.#rest.get(`${place(channelId)}/${kind}s`, { cursor, limit: PAGE });
  }

  async hide(channelId: number, seq: number, isHidden: boolean): Promise<void> {
    await this.#rest.ask(isHidden ? "PUT" : "DELETE", `/channels/${channelId}/messages/${seq}/hidden`);
  }

  reveal(channelId: number, seq: number): Promise<Message> {
    return this.#rest.get(`/channels/${channelId}/messages/${seq}`);
  }

  banned(channelId: number): ReadonlySignal<Banned | null> {
    const ban = this.#banOf(channelId);
    return computed(() => ban.value);
  }

  /** Facts of no channel's log. */
  hear(fact: Fact): void {
    const channelId = fact.channel_id as number;
    if (fact.type === "report.created") this.#changed(channelId);
    else if (fact.type === "channel.opened") this.#banOf(channelId).value = null;
    else if (fact.type === "membership.banned") {
      const { until, reason } = fact as unknown as MembershipBanned;
      this.#banOf(channelId).value = { until, reason };
    }
  }

  /** After an outage: what was reported meanwhile. */
  connected(): void {
    for (const channelId of this.#reports.keys()) this.#changed(channelId);
  }

  clear(): void {
    this.#reports.clear();
    this.#bans.clear();
  }

  #of(channelId: number): Reports {
    return kept(this.#reports, channelId, () => ({ mark: signal(0), open: signal(undefined), isWanted: false }));
  }

  #banOf(channelId: number): Signal<Banned | null> {
    return kept(this.#bans, channelId, () => signal<Banned | null>(null));
  }

  #changed(channelId: number): void {
    const reports = this.#of(channelId);
    reports.mark.value += 1;
    if (reports.isWanted) void this.#count(channelId);
  }

  async #count(channelId: number): Promise<void> {
    const { open, mark } = this.#of(channelId);
    const at = mark.peek();
    try {
      const query = { state: "open", limit: COUNTED };
      const { items } = await this.#rest.get<Page<Report>>(`/channels/${channelId}/reports`, query);
      if (mark.peek() === at) open.value = items.length;
    } catch {
      // One keeps no order there any more, or there is no connection: it is asked again with the next report.
    }
  }
}

const place = (channelId: number | null): string => (channelId === null ? "" : `/channels/${channelId}`);

function restraint(kind: RestraintKind, channelId: number | null, userId: number): string {
  return channelId === null ? `/users/${userId}/ban` : `/channels/${channelId}/${kind}s/${userId}`;
}
