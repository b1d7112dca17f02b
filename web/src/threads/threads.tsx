/** The threads one follows, over all channels: those with something new first to be seen, the last reply first. */
import { useCallback, useEffect, useState } from "preact/hooks";
import { openDrawer } from "../app/drawer";
import { threadPath } from "../app/router";
import { useChalkline } from "../app/state";
import { MessageCard } from "../chat/message-card";
import { asFault } from "../protocol/faults";
import type { Thread } from "../protocol/wire";
import { Button } from "../ui/button";
import { Empty, Loading } from "../ui/empty";
import { notify } from "../ui/live";
import { Page } from "../ui/page";
import { count, faultWords } from "../words";

export function ThreadsView() {
  const state = useChalkline();
  const [isUnreadOnly, setUnreadOnly] = useState(false);
  const [threads, setThreads] = useState<readonly Thread[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [wrong, setWrong] = useState("");
  const unread = state.threads.unread.value;

  const load = useCallback(
    async (from: string | null) => {
      try {
        const page = await state.threads.list({ unread: isUnreadOnly, cursor: from });
        setThreads((before) => (from && before ? [...before, ...page.items] : page.items));
        setCursor(page.next_cursor);
        setWrong("");
      } catch (error) {
        setWrong(faultWords(asFault(error)));
      }
    },
    [state, isUnreadOnly],
  );
  // Something new: the list is asked for anew, unless one has gone further down in it.
  useEffect(() => void load(null), [load, unread]);

  const markAll = async () => {
    try {
      await state.threads.markAllRead();
    } catch (error) {
      notify(faultWords(asFault(error)), true);
    }
  };
  return (
    <Page
      title="Threads"
      onMenu={openDrawer}
      actions={
        unread > 0 && (
          <Button look="quiet" icon="check" onClick={() => void markAll()}>
            Mark all as read
          </Button>
        )
      }
    >
      <div class="filters" role="group" aria-label="Which threads">
        <button type="button" aria-pressed={!isUnreadOnly} onClick={() => setUnreadOnly(false)}>
          All you follow
        </button>
        <button type="button" aria-pressed={isUnreadOnly} onClick={() => setUnreadOnly(true)}>
          Unread{unread > 0 && ` (${unread})`}
        </button>
      </div>
      {wrong && <p class="notice notice-danger">{wrong}</p>}
      {!threads && !wrong && <Loading label="Loading threads" />}
      {threads?.length === 0 && (
        <Empty icon="thread" title={isUnreadOnly ? "You have read all of it" : "No threads yet"}>
          <p>You follow a thread once you begin one, reply in it, or are mentioned there.</p>
        </Empty>
      )}
      <ul class="cards cards-wide">
        {threads?.map((thread) => (
          <li key={`${thread.channel_id}/${thread.thread}`}>
            <ThreadCard thread={thread} />
          </li>
        ))}
      </ul>
      {cursor && <Button onClick={() => void load(cursor)}>Show more</Button>}
    </Page>
  );
}

function ThreadCard({ thread }: { thread: Thread }) {
  const { channels, threads } = useChalkline();
  const channel = channels.get(thread.channel_id).value;
  const title = channel ? channels.title(channel) : "";
  const unread = threads.unreadOf(thread.channel_id, thread.thread);
  const replies = thread.root.reply_count ?? 0;
  return (
    <MessageCard
      message={thread.root}
      href={threadPath(thread.channel_id, thread.thread)}
      where={<span dir="auto">{channel?.kind === "channel" ? `#${title}` : title}</span>}
    >
      <p class="card-foot soft">
        {count(replies, "reply", "replies")}
        {unread > 0 && <span class="count">{unread} new</span>}
      </p>
    </MessageCard>
  );
}
