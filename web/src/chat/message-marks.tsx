/** What others made of a message: reactions, its thread, that it is pinned. */
import { useComputed } from "@preact/signals";
import { threadPath } from "../app/router";
import { openPicker } from "../emoji/open";
import { remember } from "../emoji/recent";
import type { Message, Reaction } from "../protocol/wire";
import type { State } from "../state";
import { Avatar } from "../ui/avatar";
import { Icon } from "../ui/icon";
import { count, names } from "../words";
import { react } from "./message-actions";

const NAMED = 12;
const FACES = 4;

interface MarksProps {
  message: Message;
  state: State;
  place: "channel" | "thread";
  isReadOnly: boolean;
}

export function PinNote({ message, state }: Pick<MarksProps, "message" | "state">) {
  if (!message.pinned_at) return null;
  const by = message.pinned_by;
  return (
    <p class="pin-note">
      <Icon name="pin" /> Pinned{by ? <span dir="auto"> by {state.users.name(by)}</span> : ""}
    </p>
  );
}

export function Marks(props: MarksProps) {
  const { message, place } = props;
  const hasThread = place === "channel" && Boolean(message.reply_count);
  const isBroughtHere = place === "channel" && message.thread !== null;
  if (!message.reactions.length && !hasThread && !isBroughtHere) return null;
  return (
    <div class="marks">
      {message.reactions.length > 0 && <Reactions {...props} />}
      {hasThread && <ThreadSummary message={message} state={props.state} />}
      {isBroughtHere && (
        <a class="thread-link is-from" href={threadPath(message.channel_id, message.thread!, message.seq)}>
          <Icon name="thread" /> From a thread
        </a>
      )}
    </div>
  );
}

function Reactions({ message, state, isReadOnly }: MarksProps) {
  return (
    <ul class="reactions" aria-label="Reactions">
      {message.reactions.map((reaction) => (
        <li key={reaction.emoji}>
          <ReactionButton message={message} reaction={reaction} state={state} isReadOnly={isReadOnly} />
        </li>
      ))}
      {!isReadOnly && (
        <li>
          <button
            type="button"
            class="reaction is-more"
            aria-label="Add a reaction"
            title="Add a reaction"
            onClick={(event) => openPicker(event.currentTarget, (emoji) => react({ message, state }, emoji))}
          >
            <Icon name="smile" />
          </button>
        </li>
      )}
    </ul>
  );
}

interface ReactionProps extends Omit<MarksProps, "place"> {
  reaction: Reaction;
}

function ReactionButton({ message, reaction, state, isReadOnly }: ReactionProps) {
  const me = state.session.me.value?.id ?? 0;
  const { emoji, count: amount, user_ids } = reaction;
  const isMine = user_ids.includes(me);
  const who = whoReacted(state, user_ids, me);
  return (
    <button
      type="button"
      class={`reaction${isMine ? " is-mine" : ""}`}
      aria-pressed={isMine}
      aria-label={`${emoji} ${amount}: ${who}`}
      title={`${who} reacted with ${emoji}`}
      disabled={isReadOnly}
      onClick={() => {
        if (!isMine) remember(emoji);
        react({ message, state }, emoji);
      }}
    >
      <span class="reaction-emoji">{emoji}</span>
      <span class="reaction-count">{amount}</span>
    </button>
  );
}

export function whoReacted(state: State, userIds: readonly number[], me: number): string {
  const others = userIds.filter((id) => id !== me);
  const shown = others.slice(0, NAMED).map((id) => state.users.name(id));
  if (userIds.includes(me)) shown.unshift("You");
  if (others.length > NAMED) shown.push(count(others.length - NAMED, "other"));
  return names(shown);
}

/** How many answers there are, and whether one has read them. */
function ThreadSummary({ message, state }: { message: Message; state: State }) {
  const unread = useComputed(() => state.threads.unreadOf(message.channel_id, message.seq)).value;
  const replies = message.reply_count ?? 0;
  return (
    <a class={`thread-link${unread ? " is-unread" : ""}`} href={threadPath(message.channel_id, message.seq)}>
      <Icon name="thread" />
      <span>{count(replies, "reply", "replies")}</span>
      {unread > 0 && <span class="count">{unread > 99 ? "99+" : unread} new</span>}
    </a>
  );
}

/** Faces of a few, one over the other. */
export function Faces({ ids, state }: { ids: readonly number[]; state: State }) {
  return (
    <span class="faces" aria-hidden="true">
      {ids.slice(0, FACES).map((id) => (
        <Avatar key={id} id={id} name={state.users.name(id)} size="small" />
      ))}
    </span>
  );
}
