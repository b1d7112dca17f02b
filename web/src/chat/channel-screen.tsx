/** A channel: its messages, the composer, and what may stand beside them. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { membersPane } from "../app/preferences";
import { useChalkline } from "../app/state";
import type { JoinedChannel } from "../state";
import { Loading } from "../ui/empty";
import { ChannelHeader } from "./channel-header";
import "./composer-actions";
import { Composer } from "./composer";
import { sidePanes } from "./features";
import { focusComposer } from "./focus";
import { JoinChannel } from "./join-channel";
import { rememberChannel } from "./last-channel";
import "./members-pane";
import "./message-actions";
import { MessageList } from "./message-list";

export function ChannelScreen({ channelId }: { channelId: number }) {
  const { channels } = useChalkline();
  const channel = channels.get(channelId).value;
  if (channel) return <OpenChannel channel={channel} />;
  return channels.isReady.value ? <JoinChannel channelId={channelId} /> : <Loading />;
}

function OpenChannel({ channel }: { channel: JoinedChannel }) {
  const state = useChalkline();
  const view = useMemo(() => state.view(channel.id), [state, channel.id]);
  const [replyTo, setReplyTo] = useState<number | null>(null);
  const [pane, setPane] = usePane(channel);
  const root = useRef<HTMLDivElement>(null);

  useEffect(() => {
    rememberChannel(channel.id);
    return () => {
      view.moveUnreadLine();
      view.close();
    };
  }, [view, channel.id]);

  const leaveUp = () => {
    const articles = root.current?.querySelectorAll<HTMLElement>("article");
    articles?.[articles.length - 1]?.focus();
  };
  const reply = useMemo(
    () => (seq: number) => {
      setReplyTo(seq);
      focusComposer();
    },
    [],
  );
  const beside = sidePanes.find((one) => one.id === pane);
  return (
    <div class="channel" ref={root}>
      <ChannelHeader channel={channel} pane={pane} onPane={setPane} />
      <div class="channel-body">
        <section class="conversation" aria-label="Conversation">
          <MessageList channel={channel} view={view} reply={reply} />
          <Composer
            channel={channel}
            view={view}
            replyTo={replyTo}
            endReply={() => setReplyTo(null)}
            leaveUp={leaveUp}
          />
        </section>
        {beside && (
          <aside
            class="side-pane"
            aria-label={beside.title}
            onKeyDown={(event) => {
              if (event.key !== "Escape" || event.defaultPrevented) return;
              setPane(null);
              focusComposer();
            }}
          >
            <beside.Pane channel={channel} onClose={() => setPane(null)} />
          </aside>
        )}
      </div>
    </div>
  );
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
