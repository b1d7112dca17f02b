/** What a tab and the hub that holds the socket say to each other, over a message port. */

import type { Report } from "./connection";
import type { AskFrame, Fact, OkFrame } from "./frames";
import type { OutboxEntry, Settled } from "./outbox";
import type { User } from "./wire";

export type ToHub =
  /** First. `lock` names a Web Lock that this tab holds while it lives; null where there are none. */
  | { readonly type: "attach"; readonly lock: string | null }
  | { readonly type: "detach" }
  /** Answered in kind: each side sees that the other is there. */
  | { readonly type: "alive" }
  /** The cookie opens for this user. `expiresIn`: seconds, from a sign-in that has just been; else null. */
  | {
      readonly type: "begin";
      readonly userId: number;
      readonly epoch: string | null;
      readonly expiresIn: number | null;
    }
  /** By the user's own wish, which the server is being told: its end won't need a reason. */
  | { readonly type: "signing_out" }
  | { readonly type: "signed_out" }
  | { readonly type: "follow"; readonly channelId: number; readonly after: number }
  | { readonly type: "unfollow"; readonly channelId: number }
  | { readonly type: "ask"; readonly id: number; readonly frame: AskFrame }
  | { readonly type: "tell"; readonly frame: AskFrame }
  | { readonly type: "renew"; readonly id: number; readonly mark: number }
  | { readonly type: "post"; readonly entry: OutboxEntry }
  | { readonly type: "discard"; readonly channelId: number; readonly clientId: string }
  | { readonly type: "wake" }
  | { readonly type: "retry" }
  | { readonly type: "network"; readonly isUp: boolean };

export interface FaultData {
  readonly code: string;
  readonly detail: string;
  readonly status: number;
  readonly retryAfterSeconds: number | null;
}

export type FromHub =
  | { readonly type: "alive" }
  | { readonly type: "report"; readonly report: Report }
  /** A socket is there, for the first time or again. */
  | { readonly type: "hello"; readonly user: User; readonly epoch: string }
  /** Another life of the database: forget everything, and begin anew. */
  | { readonly type: "start_over" }
  | { readonly type: "facts"; readonly facts: readonly Fact[] }
  /** Facts from here on follow. What is missing up to here is to be fetched. */
  | { readonly type: "following"; readonly channelId: number; readonly cursor: number }
  | { readonly type: "reset"; readonly channelId: number; readonly cursor: number }
  | { readonly type: "lost"; readonly channelId: number; readonly code: string; readonly detail: string }
  /** A tab of ours marked it as read. */
  | { readonly type: "read"; readonly channelId: number; readonly seq: number }
  | { readonly type: "posting"; readonly entry: OutboxEntry }
  | { readonly type: "discarded"; readonly channelId: number; readonly clientId: string }
  | { readonly type: "settled"; readonly entry: OutboxEntry; readonly settled: Settled }
  | {
      readonly type: "reply";
      readonly id: number;
      readonly ok: OkFrame | { generation: number } | null;
      readonly fault: FaultData | null;
    }
  /** Somebody signed in in this browser; it may be somebody else. */
  | { readonly type: "signed_in"; readonly userId: number }
  | { readonly type: "signed_out"; readonly notice: "" | "expired" | "revoked" };

/** A MessagePort, or what stands for one. */
export interface Port<Out, In> {
  postMessage(message: Out): void;
  onmessage: ((event: { readonly data: In }) => void) | null;
}
