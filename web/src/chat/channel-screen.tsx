/** A channel: its messages, the composer, and what may stand beside them. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Later } from "../app/later";
import { membersPane } from "../app/preferences";
import { channelPath, navigate, route } from "../app/router";
import { useChalkline } from "../app/state";
import type { JoinedChannel } from "../state";
import { Loading } from "../ui/empty";
import { ChannelHeader } from "./channel-header";
import "./composer-actions";
import { Composer } from "./composer";
import { editLast } from "./editing";
import { sidePanes } from "./features";
import { focusComposer } from "./focus";
import { rememberChannel } from "./last-channel";
import "./members-pane";
import "./message-actions";
import { MessageList } from "./message-list";
import { useSteadyChannel } from "./steady";

const joining = () => import("./join-channel").then((module) => module.JoinChannel);
const pins = () => import("./pins").then((module) => module.PinsPane);
const threadPane = () => import("../threads/thread-pane").then((module) => module.ThreadPane);

sidePanes.push({
  id: "pins",
  title: "Pinned messages",
  icon: "pin",
  label: () => "",
  Pane: (props) => <Later load={pins} props={props} />,
});

export function ChannelScreen({ channelId }: { channelId: number }) {
  const { channels } = useChalkline();
  const channel = useSteadyChannel(channelId);
  if (channel) return <OpenChannel channel={channel} />;
  return channels.isReady.value ? <Later load={joining} props={{ channelId }} /> : <Loading />;
}

function OpenChannel({ channel }: { channel: JoinedChannel }) {
  const state = useChalkline();
  const view = useMemo(() => state.view(channel.id), [state, channel.id]);
  const [replyTo, setReplyTo] = useState<number | null>(null);
  const [pane, setPane] = usePane(channel);
  const root = useRef<HTMLDivElement>(null);
  const { thread, seq } = useThread(channel.id);

  useEffect(() => {
    rememberChannel(channel.id);
    return () => {
      view.moveUnreadLine();
      view.close();
    };
  }, [view, channel.id]);

  const leaveUp = () => {
    if (editLast(view.rows.peek(), state, "channel")) return;
    const articles = root.current?.querySelectorAll<HTMLElement>(".conversation article");
    articles?.[articles.length - 1]?.focus();
  };
  const reply = useMemo(
    () => (to: number) => {
      setReplyTo(to);
      focusComposer();
    },
    [],
  );
  const leaveThread = () => {
    navigate(channelPath(channel.id));
    focusComposer();
  };
  const choosePane = (next: string | null) => {
    if (thread !== null) navigate(channelPath(channel.id));
    setPane(thread !== null && next === null ? pane : next);
  };
  const beside = thread === null ? sidePanes.find((one) => one.id === pane) : undefined;
  const title = state.channels.title(channel);
  return (
    <div class="channel" ref={root}>
      <ChannelHeader channel={channel} pane={thread === null ? pane : null} onPane={choosePane} />
      <div class="channel-body">
        <section class="conversation" aria-label="Conversation">
          <MessageList channel={channel} view={view} reply={reply} />
          <Composer
            channel={channel}
            draft={state.draft(channel.id)}
            tray={state.tray(channel.id)}
            label={`Message to ${title}`}
            placeholder={`Message ${channel.kind === "direct" ? title : `#${title}`}`}
            place="channel"
            replyTo={replyTo}
            find={(to) => view.find(to)}
            endReply={() => setReplyTo(null)}
            send={(text, attachments) =>
              view.send(text, { attachments, ...(replyTo === null ? {} : { reply_to: replyTo }) })
            }
            typing={() => view.typing()}
            leaveUp={leaveUp}
          />
        </section>
        {thread !== null && (
          <SidePane label="Thread" look="is-thread" onLeave={leaveThread}>
            <Later
              key={thread}
              load={threadPane}
              props={{ channel, channelView: view, thread, seq, onClose: leaveThread }}
            />
          </SidePane>
        )}
        {beside && (
          <SidePane label={beside.title} onLeave={() => setPane(null)}>
            <beside.Pane channel={channel} onClose={() => setPane(null)} />
          </SidePane>
        )}
      </div>
    </div>
  );
}

interface SidePaneProps {
  label: string;
  look?: string;
  onLeave: () => void;
  children: preact.ComponentChildren;
}

function SidePane({ label, look = "", onLeave, children }: SidePaneProps) {
  return (
    <aside
      class={`side-pane ${look}`}
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        onLeave();
        focusComposer();
      }}
    >
      {children}
    </aside>
  );
}

/** The thread that the address names, and the reply in it. */
function useThread(channelId: number): { thread: number | null; seq: number | null } {
  const now = route.value;
  if (now.view !== "channel" || now.channelId !== channelId || now.thread === null) return { thread: null, seq: null };
  return { thread: now.thread, seq: now.seq };
}

const WIDE = "(min-width: 1100px)";

/** The members stay open from channel to channel where there is room; other panes belong to one channel. */
function usePane(channel: JoinedChannel): [string | null, (pane: string | null) => void] {
  const isWide = globalThis.matchMedia?.(WIDE).matches ?? true;
  const [pane, setPane] = useState(
    isWide && channel.kind === "channel" && membersPane.peek() === "open" ? "members" : null,
  );
  const choose = (next: string | null) => {
    if (isWide && (next === "members" || pane === "members"))
      membersPane.value = next === "members" ? "open" : "closed";
    setPane(next);
  };
  return [pane, choose];
}
