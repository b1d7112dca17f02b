/** Values as a server would send them, for tests that need one and care for little of it. */

import type { Message } from "../src/protocol/wire";

export const NOON = "2026-11-20T12:00:00Z";

export function message(seq: number, more: Partial<Message> = {}): Message {
  return {
    channel_id: 7,
    seq,
    author_id: 2,
    kind: "text",
    text: `text ${seq}`,
    client_id: `c${seq}`,
    created_at: NOON,
    edited_at: null,
    deleted_at: null,
    reply_to: null,
    thread: null,
    reactions: [],
    attachments: [],
    ...more,
  };
}
