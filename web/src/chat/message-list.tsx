/** The messages of a channel: any number of them, either way, without a jump. */
import { useSignalEffect } from "@preact/signals";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { route } from "../app/router";
import { useChalkline } from "../app/state";
import type { ChannelView, JoinedChannel, Row } from "../state";
import { Button } from "../ui/button";
import { Empty, Loading } from "../ui/empty";
import { Icon } from "../ui/icon";
import { VirtualList, type Sight } from "../ui/virtual-list";
import { count, faultWords } from "../words";
import { useAnnouncements } from "./announcements";
import { ChannelStart } from "./channel-start";
import { focusComposer } from "./focus";
import { guessHeight, placing, rowSeq } from "./grouping";
import type { MessageContext } from "./features";
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
  const rows = view.rows.value;
  const me = state.session.me.value?.id ?? 0;
  const unreadAfter = view.unreadLine.value;
  const [activeKey, setActive] = useState<string | null>(null);
  const [sight, setSight] = useState<Sight | null>(null);
  const target = useTarget(view, list);

  useReading(view, rows, sight);
  useAnnouncements(channel, rows);
  useStart(list, rows, unreadAfter, target);
  useOwnMessages(list, view, rows);

  const seen = useCallback(
    (next: Sight) => {
      setSight((last) => (last && sameSight(last, next) ? last : next));
      if (next.isNearStart && view.hasOlder.peek() && !view.isLoadingOlder.peek())
        void view.loadOlder().catch(() => {});
      if (next.isNearEnd && view.hasNewer.peek() && !view.isLoadingNewer.peek()) void view.loadNewer().catch(() => {});
    },
    [view],
  );
  const context = useCallback(
    (row: Row): MessageContext | null => row.message && { message: row.message, channel, state, view, reply },
    [channel, state, view, reply],
  );
  const resend = useCallback((id: string) => view.resend(id), [view]);
  const discard = useCallback((id: string) => view.discard(id), [view]);

  const isAtEnd = sight?.isAtEnd ?? true;
  const reachable = rows.some((row) => row.key === activeKey) ? activeKey : rows.at(-1)?.key;
  return (
    <div
      class="messages"
      onKeyDown={(event) => moveByKeys(event, list.current, rows)}
      onPointerLeave={() => !document.activeElement?.closest(".message") && setActive(null)}
    >
      <EarlierUnread view={view} rows={rows} unreadAfter={unreadAfter} sight={sight} />
      <VirtualList
        ref={list}
        items={rows}
        guess={guessHeight}
        label={`Messages in ${state.channels.title(channel)}`}
        hasMore={view.hasNewer.value}
        onSight={seen}
        head={view.hasOlder.value ? <Loading label="Loading earlier messages" /> : <ChannelStart channel={channel} />}
        row={(row, index) => (
          <MessageRow
            {...placing(row, rows[index - 1], me, unreadAfter)}
            row={row}
            state={state}
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
      {!isAtEnd && <Newest channel={channel} onClick={() => void goToNewest(view, list.current)} />}
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
    if (now.view !== "channel" || now.seq === null || now.channelId !== view.channelId) return;
    const { seq } = now;
    void view.jumpTo(seq).then(
      (isThere) => {
        const row = view.rows.peek().findLast((one) => (rowSeq(one) ?? Infinity) <= seq);
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
function useStart(
  list: { current: VirtualList<Row> | null },
  rows: readonly Row[],
  unreadAfter: number | null,
  target: number | null,
): void {
  const isDone = useRef(false);
  useLayoutEffect(() => {
    if (isDone.current || !rows.length) return;
    isDone.current = true;
    if (unreadAfter === null || target !== null) return;
    const first = rows.findIndex((row) => row.message && row.message.seq > unreadAfter);
    if (first > 0) list.current?.show(rows[first]!.key, "top");
  }, [rows, unreadAfter, target, list]);
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

function Newest({ channel, onClick }: { channel: JoinedChannel; onClick: () => void }) {
  const { unread } = channel.membership;
  return (
    <button type="button" class="newest" onClick={onClick}>
      <Icon name="arrowDown" />
      {unread ? count(unread, "new message") : "Newest"}
    </button>
  );
}

interface EarlierUnreadProps {
  view: ChannelView;
  rows: readonly Row[];
  unreadAfter: number | null;
  sight: Sight | null;
}

/** The first unread message is further up than what is on the screen: a way there. */
function EarlierUnread({ view, rows, unreadAfter, sight }: EarlierUnreadProps) {
  const [isDismissed, setDismissed] = useState(false);
  const top = sight && rows[sight.first];
  const hasBegun = useMemo(
    () => rows.some((row) => row.message && row.message.seq > (unreadAfter ?? Infinity)),
    [rows, unreadAfter],
  );
  if (isDismissed || unreadAfter === null || !hasBegun || !top?.message || top.message.seq <= unreadAfter + 1)
    return null;
  const go = async () => {
    setDismissed(true);
    await view.jumpTo(unreadAfter + 1).catch(() => false);
  };
  if (!view.hasOlder.value && rows[0]?.message && rows[0].message.seq > unreadAfter) return null;
  return (
    <div class="earlier">
      <button type="button" onClick={() => void go()}>
        There are unread messages further up
      </button>
      <button type="button" aria-label="Dismiss" onClick={() => setDismissed(true)}>
        <Icon name="x" />
      </button>
    </div>
  );
}
