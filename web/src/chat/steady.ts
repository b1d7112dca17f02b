/** A channel without its movement, for views that show who it is and not how much is in it. */
import { useComputed } from "@preact/signals";
import { useRef } from "preact/hooks";
import { useChalkline } from "../app/state";
import type { JoinedChannel } from "../state";

const MOVING: ReadonlySet<string> = new Set(["head_seq", "membership"]);
const MOVING_IN_MEMBERSHIP: ReadonlySet<string> = new Set(["last_read_seq", "unread", "mentions"]);

/**
 * The same object for as long as nothing but its counters changes, which every message does. Who shows those reads
 * `channels.get(id)`.
 */
export function useSteadyChannel(channelId: number): JoinedChannel | undefined {
  const { channels } = useChalkline();
  const shown = useRef<JoinedChannel | undefined>(undefined);
  return useComputed(() => {
    const now = channels.get(channelId).value;
    if (!now || !shown.current || !isSteady(shown.current, now)) shown.current = now;
    return shown.current;
  }).value;
}

export function isSteady(a: JoinedChannel, b: JoinedChannel): boolean {
  return isSame(a, b, MOVING) && isSame(a.membership, b.membership, MOVING_IN_MEMBERSHIP);
}

function isSame<T extends object>(a: T, b: T, except: ReadonlySet<string>): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<string & keyof T>;
  return [...names].every((name) => except.has(name) || a[name] === b[name]);
}
