/** When one may write: not in an archived channel, not where only moderators do, and in slow mode not yet. */
import { useEffect, useState } from "preact/hooks";
import { useChalkline } from "../app/state";
import type { JoinedChannel } from "../state";
import { mutedWords } from "../order/words";
import { Icon } from "../ui/icon";
import { count } from "../words";

const RANKS = { member: 1, moderator: 2, owner: 3 };

export const isMuted = ({ membership: { muted_until } }: JoinedChannel, now = Date.now()): boolean =>
  muted_until !== undefined && Date.parse(muted_until) > now;

/** Browsers wait no longer than this for a timer. */
const MOST_MS = 2 ** 31 - 1;

/** The same, and again when a mute ends: nothing tells of that. */
export function useWhyClosed(channel: JoinedChannel): string {
  const [, setEnded] = useState(0);
  const { muted_until } = channel.membership;
  useEffect(() => {
    if (!isMuted(channel)) return;
    const left = Date.parse(muted_until!) - Date.now();
    const timer = setTimeout(() => setEnded((count) => count + 1), Math.min(left + 50, MOST_MS));
    return () => clearTimeout(timer);
  }, [muted_until]);
  return whyClosed(channel);
}

export function whyClosed(channel: JoinedChannel): string {
  if (channel.archived_at) return "This channel is archived. It can be read, and nothing changes in it any more.";
  const { muted_until, mute_reason } = channel.membership;
  if (muted_until && isMuted(channel)) return mutedWords(muted_until, mute_reason);
  const needed = channel.post_role ?? "member";
  if (RANKS[channel.membership.role] >= RANKS[needed]) return "";
  return needed === "owner" ? "Only owners write here." : "Only moderators write here.";
}

export function Closed({ why }: { why: string }) {
  return (
    <p class="composer-closed" role="status">
      <Icon name="lock" /> <span dir="auto">{why}</span>
    </p>
  );
}

/** Seconds until one may write again; 0 where one may now. */
export function usePause(channel: JoinedChannel): number {
  const state = useChalkline();
  const [now, setNow] = useState(Date.now);
  const slow = channel.membership.role === "member" ? (channel.slow_seconds ?? 0) : 0;
  const me = state.session.me.value?.id;
  const last = slow ? state.view(channel.id).rows.value.findLast((row) => (row.message?.author_id ?? me) === me) : null;
  const posted = last ? Date.parse((last.message ?? last.pending).created_at) : 0;
  const left = Math.max(0, Math.ceil((posted + slow * 1000 - now) / 1000));
  useEffect(() => {
    setNow(Date.now());
    if (!slow || !posted) return;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [slow, posted]);
  return slow && posted ? Math.min(left, slow) : 0;
}

export function SlowNote({ channel, pause }: { channel: JoinedChannel; pause: number }) {
  if (!channel.slow_seconds || channel.membership.role !== "member") return null;
  return (
    <p class="slow-note" title={`Slow mode: one message every ${inWords(channel.slow_seconds)}`}>
      <Icon name="clock" />
      {pause > 0 ? (
        <span>
          <span class="visually-hidden">You may write again in </span>
          {clock(pause)}
        </span>
      ) : (
        <span>Slow mode</span>
      )}
    </p>
  );
}

export function inWords(seconds: number): string {
  if (seconds < 120) return count(seconds, "second");
  if (seconds < 7200) return count(Math.round(seconds / 60), "minute");
  return count(Math.round(seconds / 3600), "hour");
}

function clock(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 60) return `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(seconds % 60)}`;
  return `${minutes}:${pad(seconds % 60)}`;
}

const pad = (value: number): string => String(value).padStart(2, "0");
