/** What views may ask about keeping order: reports, bans, mutes, hidden messages. Part of `api.ts`. */

import type { ReadonlySignal } from "@preact/signals";
import type { Message, Page, PutRestraint, Report, ReportMessage, Restraint } from "../protocol/wire";

export type RestraintKind = "ban" | "mute";

/** What keeps one out of a channel. */
export interface Banned {
  readonly until: string;
  readonly reason: string;
}

/** Without a channel it is about the whole workspace, and for its admins; there are no mutes of this kind. */
export interface OrderState {
  report(channelId: number, seq: number, report: ReportMessage): Promise<void>;
  /** The newest first. */
  reports(query: {
    channelId: number | null;
    state?: Report["state"] | undefined;
    cursor?: string | null;
  }): Promise<Page<Report>>;
  resolve(report: Report, state: Report["state"], note: string): Promise<Report>;
  /** How many reports of a channel wait for somebody; undefined until known. For moderators alone. */
  open(channelId: number): ReadonlySignal<number | undefined>;
  /** Moves whenever the reports of a channel may have changed. */
  reported(channelId: number): ReadonlySignal<number>;
  restrain(kind: RestraintKind, channelId: number | null, userId: number, ask: PutRestraint): Promise<void>;
  release(kind: RestraintKind, channelId: number | null, userId: number): Promise<void>;
  /** Those that hold. */
  restrained(kind: RestraintKind, channelId: number | null, cursor?: string | null): Promise<Page<Restraint>>;
  hide(channelId: number, seq: number, isHidden: boolean): Promise<void>;
  /** What a hidden message says; for moderators. */
  reveal(channelId: number, seq: number): Promise<Message>;
  /** Since this page was opened somebody banned one from it. */
  banned(channelId: number): ReadonlySignal<Banned | null>;
}
