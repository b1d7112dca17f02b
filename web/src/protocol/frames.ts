/** What goes over the socket, as loosely as a client should take it: unknown frames and fields are let through. */

import type { ErrorFrame, HelloFrame, ReconnectFrame } from "./wire";

export type { ErrorFrame, HelloFrame, ReconnectFrame };

/** Of a channel's log (with a seq), passing (without), or personal. */
export interface Fact {
  readonly type: string;
  readonly channel_id?: number;
  readonly seq?: number;
  readonly user_id?: number;
}

export interface AskFrame {
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface OkFrame {
  readonly type: "ok" | "pong";
  readonly ref?: string;
  readonly [field: string]: unknown;
}

export interface SubscribedFrame extends OkFrame {
  readonly channel_id: number;
  readonly head_seq: number;
  readonly events: readonly Fact[];
  readonly complete: boolean;
}

export type ServerFrame = OkFrame | HelloFrame | ErrorFrame | ReconnectFrame | Fact;
