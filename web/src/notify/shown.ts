/** What the server pushes, as the browser is to show it. The service worker's own: the page imports its types alone, since
 * a service worker is one file, and code that both import would stand in another.
 */

/** `thread` is there where the message stands in that thread alone. */
export interface Notice {
  readonly title: string;
  readonly body: string;
  readonly channel_id: number;
  readonly seq: number;
  readonly thread?: number;
}

/** Where it leads, and by what one tells whether it has been read. */
export interface Place {
  readonly path: string;
  readonly channel_id?: number;
  readonly seq?: number;
  readonly thread?: number | null;
}

export interface Shown {
  readonly title: string;
  readonly body: string;
  readonly icon: string;
  /** Of two with the same one, only the newer stays. */
  readonly tag: string;
  readonly renotify?: boolean;
  readonly data: Place;
}

export const ICON = "/icon-192.png";

/** Throws for what is no notice. */
export function shown({ title, body, channel_id, seq, thread }: Notice): Shown {
  if (typeof title !== "string" || typeof body !== "string") throw new TypeError("no words");
  if (!Number.isSafeInteger(channel_id) || !Number.isSafeInteger(seq)) throw new TypeError("no place");
  const within = Number.isSafeInteger(thread) ? `/threads/${thread}` : "";
  const path = `/c/${channel_id}${within}/${seq}`;
  const data = { path, channel_id, seq, thread: thread ?? null };
  return { title, body, icon: ICON, tag: `channel/${channel_id}`, renotify: true, data };
}
