/** A thread beside its channel: the first message, the replies, and where one answers. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { useChalkline } from "../app/state";
import { useAnnouncements } from "../chat/announcements";
import { Composer } from "../chat/composer";
import { editing, editLast } from "../chat/editing";
import { isMuted, whyClosed } from "../chat/composer-state";
import type { MessageContext } from "../chat/features";
import { focusComposer } from "../chat/focus";
import { placing, rowSeq } from "../chat/grouping";
import { MessageRow, UnreadLine } from "../chat/message-row";
import { asFault } from "../protocol/faults";
import type { ChannelView, JoinedChannel, Row, ThreadView, Tray } from "../state";
import { Button, IconButton } from "../ui/button";
import { Empty, Loading } from "../ui/empty";
import { announce, notify } from "../ui/live";
import { count, faultWords } from "../words";

interface ThreadPaneProps {
  channel: JoinedChannel;
  channelView: ChannelView;
  thread: number;
  /** The reply to show, where the address names one. */
  seq: number | null;
  onClose: () => void;
}

/** So many replies at once; whoever wants more asks for them. */
const SHOWN = 150;

export function ThreadPane({ channel, channelView, thread, seq, onClose }: ThreadPaneProps) {
  const state = useChalkline();
  const view = useMemo(() => state.threads.open(channel.id, thread), [state, channel.id, thread]);
  const [replyTo, setReplyTo] = useState<number | null>(null);
  const [isShared, setShared] = useState(false);
  useEffect(() => () => view.close(), [view]);

  const send = (text: string, attachments: ReturnType<Tray["take"]>) => {
    const more = isShared ? { to_channel: true } : {};
    view.send(text, { attachments, ...more, ...(replyTo === null ? {} : { reply_to: replyTo }) });
    setShared(false);
  };
  const reply = useMemo(
    () => (to: number) => {
      setReplyTo(to);
      focusComposer("thread");
    },
    [],
  );
  const title = state.channels.title(channel);
  return (
    <>
      <header class="pane-header">
        <div class="pane-titles">
          <h2>Thread</h2>
          <p class="soft" dir="auto">
            {channel.kind === "channel" ? `#${title}` : title}
          </p>
        </div>
        <Follow view={view} />
        <IconButton icon="x" label="Close thread" onClick={onClose} />
      </header>
      <Replies channel={channel} channelView={channelView} view={view} seq={seq} reply={reply} />
      <Composer
        channel={channel}
        draft={state.draft(channel.id, thread)}
        tray={state.tray(channel.id, thread)}
        label="Reply in thread"
        placeholder="Reply…"
        place="thread"
        thread={thread}
        replyTo={replyTo}
        find={(to) => view.rows.peek().find((row) => row.message?.seq === to)?.message}
        endReply={() => setReplyTo(null)}
        send={send}
        typing={() => view.typing()}
        leaveUp={() => editLast(view.rows.peek(), state, "thread")}
      >
        {!whyClosed(channel) && (
          <label class="also">
            <input type="checkbox" checked={isShared} onChange={(event) => setShared(event.currentTarget.checked)} />
            <span dir="auto">Also send to {channel.kind === "channel" ? `#${title}` : "the conversation"}</span>
          </label>
        )}
      </Composer>
    </>
  );
}

function Follow({ view }: { view: ThreadView }) {
  const isFollowed = view.isFollowed.value;
  const change = async () => {
    try {
      await view.follow(!isFollowed);
      announce(isFollowed ? "No longer followed" : "Followed");
    } catch (error) {
      notify(faultWords(asFault(error)), true);
    }
  };
  return (
    <button
      type="button"
      class="follow"
      aria-pressed={isFollowed}
      title={isFollowed ? "You are told of new replies" : "Be told of new replies"}
      onClick={() => void change()}
    >
      {isFollowed ? "Following" : "Follow"}
    </button>
  );
}

interface RepliesProps {
  channel: JoinedChannel;
  channelView: ChannelView;
  view: ThreadView;
  seq: number | null;
  reply: (seq: number) => void;
}

function Replies({ channel, channelView, view, seq, reply }: RepliesProps) {
  const state = useChalkline();
  const status = view.status.value;
  const fault = view.fault.value;
  const rows = view.rows.value;
  const [shown, setShown] = useState(SHOWN);
  const [activeKey, setActive] = useState<string | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const me = state.session.me.value?.id ?? 0;
  const unreadAfter = view.unreadLine.value;
  useAnnouncements(channel, rows);
  const target = useStart(scroller, view, rows, seq, status === "ready");

  useEffect(() => {
    const look = () => document.visibilityState === "visible" && view.markRead();
    if (status === "ready") look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [view, status, rows]);

  if (status === "failed") {
    return (
      <Empty icon="alert" title="The thread could not be loaded">
        <p>{fault && faultWords(fault)}</p>
        <Button onClick={() => void view.reload()}>Try again</Button>
      </Empty>
    );
  }
  if (!rows.length) return <Loading label="Loading the thread" />;
  const [root, ...replies] = rows;
  const hidden = Math.max(0, replies.length - shown);
  const visible = replies.slice(hidden);
  const context = (row: Row): MessageContext | null =>
    row.message && { message: row.message, channel, state, view: channelView, reply, place: "thread" };
  const edited = editing.value?.place === "thread" && editing.value.channelId === channel.id ? editing.value.seq : 0;
  const reachable = rows.some((row) => row.key === activeKey) ? activeKey : rows.at(-1)?.key;
  const show = (row: Row, before: Row | undefined) => (
    <MessageRow
      key={row.key}
      {...placing(row, before, me, null)}
      startsUnread={false}
      startsDay={false}
      row={row}
      state={state}
      view={channelView}
      place="thread"
      isReadOnly={Boolean(channel.archived_at) || isMuted(channel)}
      isEditing={edited !== 0 && row.message?.seq === edited}
      isActive={row.key === activeKey}
      isTarget={target !== null && row.message?.seq === target}
      isReachable={row.key === reachable}
      context={context}
      onActive={setActive}
      resend={(id) => view.resend(id)}
      discard={(id) => view.discard(id)}
    />
  );
  return (
    <div
      class="thread-scroller"
      ref={scroller}
      tabIndex={0}
      role="region"
      aria-label="Replies"
      onKeyDown={moveByKeys}
      onPointerLeave={() => !document.activeElement?.closest(".thread-scroller .message") && setActive(null)}
    >
      {root && show(root, undefined)}
      <p class="thread-line">
        <span>{replies.length ? count(replies.length, "reply", "replies") : "No replies yet"}</span>
      </p>
      {hidden > 0 && (
        <button type="button" class="link-button thread-more" onClick={() => setShown(shown + SHOWN)}>
          {count(hidden, "earlier reply", "earlier replies")}
        </button>
      )}
      {visible.map((row, index) => (
        <>
          {isFirstUnread(row, visible[index - 1], unreadAfter) && <UnreadLine key={`line ${row.key}`} />}
          {show(row, visible[index - 1])}
        </>
      ))}
    </div>
  );
}

function isFirstUnread(row: Row, before: Row | undefined, unreadAfter: number | null): boolean {
  if (unreadAfter === null || !row.message || row.message.seq <= unreadAfter) return false;
  return before === undefined || (before.message !== null && before.message.seq <= unreadAfter);
}

const TARGET_MS = 2500;
const NEAR_END_PX = 120;

/** Begins at the reply that was asked for, or at the first unread one, else at the end; and stays at the end there. */
function useStart(
  scroller: { current: HTMLDivElement | null },
  view: ThreadView,
  rows: readonly Row[],
  seq: number | null,
  isReady: boolean,
): number | null {
  const [target, setTarget] = useState<number | null>(null);
  const isAtEnd = useRef(true);
  const last = rows.at(-1);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || !isReady) return;
    const line = view.unreadLine.peek();
    const wanted = seq ?? rows.find((row) => line !== null && (rowSeq(row) ?? 0) > line)?.message?.seq;
    const article = wanted ? element.querySelector<HTMLElement>(`article[data-seq="${wanted}"]`) : null;
    if (article) article.scrollIntoView({ block: "center" });
    else element.scrollTop = element.scrollHeight;
    if (article && seq !== null) setTarget(seq);
    const scrolled = () => {
      isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
    };
    scrolled();
    element.addEventListener("scroll", scrolled, { passive: true });
    return () => element.removeEventListener("scroll", scrolled);
  }, [view, seq, isReady, scroller]);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && (isAtEnd.current || last?.pending)) element.scrollTop = element.scrollHeight;
  }, [last?.key, scroller]);
  useEffect(() => {
    if (target === null) return;
    const timer = setTimeout(() => setTarget(null), TARGET_MS);
    return () => clearTimeout(timer);
  }, [target]);
  return target;
}

function moveByKeys(event: KeyboardEvent): void {
  const here = event.currentTarget as HTMLElement;
  const articles = [...here.querySelectorAll<HTMLElement>("article")];
  const at = articles.indexOf((event.target as HTMLElement).closest("article") as HTMLElement);
  const to: Record<string, number> = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: articles.length - 1 };
  const next = to[event.key];
  if (next === undefined || at < 0 || (event.target as HTMLElement).matches("textarea, input, [role^=menuitem]"))
    return;
  event.preventDefault();
  if (next >= articles.length) focusComposer("thread");
  else articles[Math.max(0, next)]?.focus();
}
