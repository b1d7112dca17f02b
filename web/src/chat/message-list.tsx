/** The messages of a channel: any number of them, either way, without a jump. */
import { type ReadonlySignal, useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { channelPath, messagePath, navigate, route } from "../app/router";
import { useChalkline } from "../app/state";
import type { ChannelView, JoinedChannel, Row } from "../state";
import { Button } from "../ui/button";
import { Empty, Loading } from "../ui/empty";
import { Icon } from "../ui/icon";
import { VirtualList, type Sight } from "../ui/virtual-list";
import { count, faultWords } from "../words";
import { useAnnouncements } from "./announcements";
import { ChannelStart } from "./channel-start";
import { isMuted } from "./composer-state";
import { editing } from "./editing";
import { focusComposer } from "./focus";
import { guessHeight, once, placing, rowSeq } from "./grouping";
import { arrangements, type MessageContext, ownPostings } from "./features";
import { MessageRow } from "./message-row";
import { useReading } from "./reading";

interface MessageListProps {
  channel: JoinedChannel;
  view: ChannelView;
  reply: (seq: number) => void;
}

const TARGET_MS = 2500;

export function MessageList({ channel, view, reply }: MessageListProps) {
  const status = view.status.value;
  const fault = view.fault.value;
  if (status === "failed") {
    return (
      <Empty icon="alert" title="The messages could not be loaded">
        <p>{fault && faultWords(fault)}</p>
        <Button look="primary" onClick={() => void view.reload()}>
          Try again
        </Button>
      </Empty>
    );
  }
  if (status === "loading" && !view.rows.value.length) return <Loading label="Loading messages" />;
  return <Rows channel={channel} view={view} reply={reply} />;
}

function Rows({ channel, view, reply }: MessageListProps) {
  const state = useChalkline();
  const list = useRef<VirtualList<Row>>(null);
  const rows = useComputed(() =>
    arrangements.reduce((shown, arrange) => arrange(channel, shown), once(view.rows.value)),
  ).value;
  const me = state.session.me.value?.id ?? 0;
  const unreadAfter = view.unreadLine.value;
  const [activeKey, setActive] = useState<string | null>(null);
  const [start] = useState(() => startKey(rows, unreadAfter, view.hasOlder.peek()));
  const sight = useSignal<Sight | null>(null);
  const target = useTarget(view, list);

  useReading(view, sight);
  useAnnouncements(channel, rows);
  useOwnMessages(list, view, rows);
  const posted = useRef(ownPostings.peek());
  useSignalEffect(() => {
    if (ownPostings.value !== posted.current) void goToEnd(view, list.current);
    posted.current = ownPostings.value;
  });

  const seen = useCallback(
    (next: Sight) => {
      const last = sight.peek();
      if (!last || !sameSight(last, next)) sight.value = next;
      if (next.isNearStart && view.hasOlder.peek() && !view.isLoadingOlder.peek())
        void view.loadOlder().catch(() => {});
      if (next.isNearEnd && view.hasNewer.peek() && !view.isLoadingNewer.peek()) void view.loadNewer().catch(() => {});
    },
    [view, sight],
  );
  const context = useCallback(
    (row: Row): MessageContext | null =>
      row.message && { message: row.message, channel, state, view, reply, place: "channel" },
    [channel, state, view, reply],
  );
  const resend = useCallback((id: string) => view.resend(id), [view]);
  const discard = useCallback((id: string) => view.discard(id), [view]);

  const edited = editing.value?.place === "channel" && editing.value.channelId === channel.id ? editing.value.seq : 0;

  const reachable = rows.some((row) => row.key === activeKey) ? activeKey : rows.at(-1)?.key;
  return (
    <div
      class="messages"
      onKeyDown={(event) => moveByKeys(event, list.current, rows)}
      onPointerLeave={() => !document.activeElement?.closest(".message") && setActive(null)}
    >
      <EarlierUnread view={view} sight={sight} go={() => void goToUnread(view, list)} />
      <VirtualList
        handle={list}
        items={rows}
        guess={guessHeight}
        label={`Messages in ${state.channels.title(channel)}`}
        hasMore={view.hasNewer.value}
        startKey={start}
        onSight={seen}
        head={view.hasOlder.value ? <Loading label="Loading earlier messages" /> : <ChannelStart channel={channel} />}
        row={(row, index) => (
          <MessageRow
            {...placing(row, rows[index - 1], me, unreadAfter)}
            row={row}
            state={state}
            view={view}
            place="channel"
            isReadOnly={Boolean(channel.archived_at) || isMuted(channel)}
            isEditing={edited !== 0 && row.message?.seq === edited}
            isActive={row.key === activeKey}
            isTarget={target !== null && row.message?.seq === target}
            isReachable={row.key === reachable}
            context={context}
            onActive={setActive}
            resend={resend}
            discard={discard}
          />
        )}
      />
      <Newest channel={channel} sight={sight} onClick={() => void goToNewest(view, list.current)} />
    </div>
  );
}

const sameSight = (a: Sight, b: Sight): boolean => a.last === b.last && a.first === b.first && a.isAtEnd === b.isAtEnd;

async function goToNewest(view: ChannelView, list: VirtualList<Row> | null): Promise<void> {
  if (view.hasNewer.peek()) await view.jumpToNewest().catch(() => {});
  list?.showEnd();
  focusComposer();
}

/** Goes to the message that the address names, and marks it for a moment. */
function useTarget(view: ChannelView, list: { current: VirtualList<Row> | null }): number | null {
  const [target, setTarget] = useState<number | null>(null);
  useSignalEffect(() => {
    const now = route.value;
    if (now.view !== "channel" || now.seq === null || now.thread !== null || now.channelId !== view.channelId) return;
    const { seq } = now;
    void view.jumpTo(seq).then(
      (isThere) => {
        const message = view.find(seq);
        if (message && messagePath(message) !== channelPath(view.channelId, seq)) {
          return navigate(messagePath(message), "replace");
        }
        const rows = view.rows.peek();
        const row = rows.findLast((one) => (rowSeq(one) ?? Infinity) <= seq) ?? rows[0];
        requestAnimationFrame(() => {
          if (!row || !list.current?.show(row.key)) return;
          setTarget(isThere ? seq : null);
          requestAnimationFrame(() => articleIn(list.current?.element(row.key))?.focus({ preventScroll: true }));
        });
      },
      () => {},
    );
  });
  useEffect(() => {
    if (target === null) return;
    const timer = setTimeout(() => setTarget(null), TARGET_MS);
    return () => clearTimeout(timer);
  }, [target]);
  return target;
}

/** Where one comes in: at the first unread message if it is there, else at the end. */
function startKey(rows: readonly Row[], unreadAfter: number | null, hasOlder: boolean): string | null {
  if (unreadAfter === null) return null;
  const first = rows.findIndex((row) => row.message !== null && row.message.seq > unreadAfter);
  return first > 0 || (first === 0 && !hasOlder) ? rows[first]!.key : null;
}

/** What one writes oneself is always shown. */
function useOwnMessages(list: { current: VirtualList<Row> | null }, view: ChannelView, rows: readonly Row[]): void {
  const last = rows.at(-1);
  const newest = last?.pending ? last.key : null;
  const known = useRef(newest);
  useLayoutEffect(() => {
    if (newest && newest !== known.current) void goToEnd(view, list.current);
    known.current = newest;
  }, [newest, view, list]);
}

async function goToEnd(view: ChannelView, list: VirtualList<Row> | null): Promise<void> {
  list?.showEnd();
  if (!view.hasNewer.peek()) return;
  await view.jumpToNewest().catch(() => {});
  list?.showEnd();
}

function moveByKeys(event: KeyboardEvent, list: VirtualList<Row> | null, rows: readonly Row[]): void {
  const from = (event.target as HTMLElement).closest<HTMLElement>(".list-row");
  if (event.key === "Escape") return focusComposer();
  const index = from ? rows.findIndex((row) => row.key === from.dataset["key"]) : rows.length;
  const to: Record<string, number> = { ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: rows.length - 1 };
  const next = to[event.key];
  if (next === undefined || (event.target as HTMLElement).closest("pre, .table-scroller, [role=toolbar]")) return;
  event.preventDefault();
  if (next >= rows.length) return focusComposer();
  focusRow(list, rows[Math.max(0, next)]);
}

export function focusRow(list: VirtualList<Row> | null, row: Row | undefined): void {
  if (!row || !list) return;
  if (!list.element(row.key)) list.show(row.key);
  requestAnimationFrame(() => {
    const article = articleIn(list.element(row.key));
    article?.focus({ preventScroll: true });
    article?.scrollIntoView({ block: "nearest" });
  });
}

const articleIn = (row: HTMLElement | undefined): HTMLElement | null => row?.querySelector("article") ?? null;

interface NewestProps {
  channel: JoinedChannel;
  sight: ReadonlySignal<Sight | null>;
  onClick: () => void;
}

function Newest({ channel, sight, onClick }: NewestProps) {
  const { channels } = useChalkline();
  const isAtEnd = useComputed(() => sight.value?.isAtEnd ?? true).value;
  if (isAtEnd) return null;
  const unread = channels.get(channel.id).value?.membership.unread ?? 0;
  return (
    <button type="button" class="newest" onClick={onClick}>
      <Icon name="arrowDown" />
      {unread ? count(unread, "new message") : "Newest"}
    </button>
  );
}

/** Loads the first unread message where it is further up, and goes there. */
async function goToUnread(view: ChannelView, list: { current: VirtualList<Row> | null }): Promise<void> {
  const line = view.unreadLine.peek();
  if (line === null) return;
  await view.jumpTo(line + 1).catch(() => false);
  requestAnimationFrame(() => {
    const row = view.rows.peek().find((one) => (rowSeq(one) ?? 0) > line);
    if (row) list.current?.show(row.key, "top");
  });
}

interface EarlierUnreadProps {
  view: ChannelView;
  sight: ReadonlySignal<Sight | null>;
  go: () => void;
}

/** The first unread message is further up than what is on the screen: a way there. */
function EarlierUnread({ view, sight, go }: EarlierUnreadProps) {
  const [isDismissed, setDismissed] = useState(false);
  const isAbove = useComputed(() => {
    const unreadAfter = view.unreadLine.value;
    if (unreadAfter === null || !sight.value) return false;
    const { first } = sight.value;
    if (first === 0 && !view.hasOlder.value) return false;
    const rows = view.rows.value;
    // The seqs of messages have gaps, so the row before the first in sight tells more than the first itself.
    const seq = (rows[first - 1] ?? rows[first])?.message?.seq;
    return seq !== undefined && seq > unreadAfter;
  }).value;
  const dismiss = () => setDismissed(true);
  if (isDismissed || !isAbove) return null;
  return (
    <div class="earlier">
      <button
        type="button"
        onClick={() => {
          dismiss();
          go();
        }}
      >
        There are unread messages further up
      </button>
      <button type="button" aria-label="Dismiss" onClick={dismiss}>
        <Icon name="x" />
      </button>
    </div>
  );
}
