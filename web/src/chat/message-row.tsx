/** One message: who, when, what, and what became of it. */
import { Component } from "preact";
import { useChalkline } from "../app/state";
import type { ChannelView, PendingMessage, Row, State } from "../state";
import { Avatar } from "../ui/avatar";
import { IconButton } from "../ui/button";
import { Icon } from "../ui/icon";
import { clockTime, dayName, fullTime } from "../ui/time";
import { faultWords } from "../words";
import { bodies, messageActions, type MessageContext } from "./features";
import { rowAuthor, rowTime, type Placing } from "./grouping";
import { Markdown } from "./markdown/render";
import { openProfile } from "./profile";
import { ReplyQuote } from "./reply-quote";

export interface MessageRowProps extends Placing {
  row: Row;
  state: State;
  view: ChannelView;
  isActive: boolean;
  isTarget: boolean;
  /** The row that Tab leads to. */
  isReachable: boolean;
  context: (row: Row) => MessageContext | null;
  onActive: (key: string) => void;
  resend: (clientId: string) => void;
  discard: (clientId: string) => void;
}

const COMPARED: (keyof MessageRowProps)[] = [
  "isFirst",
  "startsDay",
  "startsUnread",
  "isActive",
  "isTarget",
  "isReachable",
  "state",
];

/** Rendered again only when something of it changed: hundreds of them stand in the page while others arrive. */
export class MessageRow extends Component<MessageRowProps> {
  override shouldComponentUpdate(next: MessageRowProps): boolean {
    if (next.row.message !== this.props.row.message || next.row.pending !== this.props.row.pending) return true;
    return COMPARED.some((name) => next[name] !== this.props[name]);
  }

  override render(props: MessageRowProps) {
    return (
      <>
        {props.startsDay && <DayLine iso={rowTime(props.row)} />}
        {props.startsUnread && <UnreadLine />}
        <Article {...props} />
      </>
    );
  }
}

function Article(props: MessageRowProps) {
  const { row, state, isFirst, isActive, isTarget, isReachable } = props;
  const { key, message, pending } = row;
  const me = state.session.me.value;
  const author = rowAuthor(row, me?.id ?? 0);
  const name = state.users.name(author);
  const context = isActive ? props.context(row) : null;
  const looks = ["message", isFirst && "is-first", isTarget && "is-target", pending && `is-${pending.state}`];
  return (
    <article
      class={looks.filter(Boolean).join(" ")}
      tabIndex={isReachable ? 0 : -1}
      aria-label={`${name}, ${clockTime(rowTime(row))}`}
      data-seq={message?.seq}
      onPointerEnter={() => props.onActive(key)}
      onFocusIn={() => props.onActive(key)}
      onKeyDown={(event) => pressAction(event, props)}
    >
      {isFirst ? <Head author={author} name={name} iso={rowTime(row)} /> : <Gutter iso={rowTime(row)} />}
      <div class="message-content">
        <ReplyOf row={row} state={state} view={props.view} />
        <Body row={row} reader={me?.username} />
        {pending && <PendingNote pending={pending} resend={props.resend} discard={props.discard} />}
      </div>
      {context && <Toolbar context={context} />}
    </article>
  );
}

function Head({ author, name, iso }: { author: number; name: string; iso: string }) {
  return (
    <>
      <button type="button" class="message-face" tabIndex={-1} aria-hidden="true" onClick={() => openProfile(author)}>
        <Avatar id={author} name={name} />
      </button>
      <header class="message-head">
        <button type="button" class="message-author" tabIndex={-1} dir="auto" onClick={() => openProfile(author)}>
          {name}
        </button>
        <time dateTime={iso} title={fullTime(iso)}>
          {clockTime(iso)}
        </time>
      </header>
    </>
  );
}

function Gutter({ iso }: { iso: string }) {
  return (
    <time class="message-gutter" dateTime={iso} title={fullTime(iso)} aria-hidden="true">
      {clockTime(iso)}
    </time>
  );
}

function ReplyOf({ row, state, view }: { row: Row; state: State; view: ChannelView }) {
  const { reply_to } = row.message ?? row.pending;
  return reply_to === null ? null : <ReplyQuote seq={reply_to} state={state} view={view} />;
}

function Body({ row, reader }: { row: Row; reader: string | undefined }) {
  const state = useChalkline();
  const { message, pending } = row;
  if (!message) return <Markdown text={pending.text} reader={reader} />;
  if (message.deleted_at) return <p class="message-gone">This message was deleted.</p>;
  const Special = bodies.get(message.kind);
  return (
    <>
      {Special ? <Special message={message} state={state} /> : <Markdown text={message.text} reader={reader} />}
      {message.edited_at && (
        <span class="message-note" title={fullTime(message.edited_at)}>
          (edited)
        </span>
      )}
    </>
  );
}

interface PendingNoteProps {
  pending: PendingMessage;
  resend: (clientId: string) => void;
  discard: (clientId: string) => void;
}

/** What is known about one's own message that the server hasn't confirmed; never more than that. */
function PendingNote({ pending, resend, discard }: PendingNoteProps) {
  if (pending.state === "sent") return null;
  if (pending.state === "pending") {
    return (
      <p class="message-note is-waiting">
        <Icon name="clock" /> Sending…
      </p>
    );
  }
  return (
    <div class="message-failure" role="alert">
      <p>
        <Icon name="alert" /> Not sent. {faultWords(pending)}
      </p>
      <button type="button" class="link-button" onClick={() => resend(pending.client_id)}>
        Try again
      </button>
      <button type="button" class="link-button" onClick={() => discard(pending.client_id)}>
        Discard
      </button>
    </div>
  );
}

function Toolbar({ context }: { context: MessageContext }) {
  return (
    <div class="message-tools" role="toolbar" aria-label="Message actions">
      {messageActions
        .filter((action) => action.isOffered?.(context) ?? true)
        .map((action) => (
          <IconButton
            key={action.id}
            icon={action.icon}
            label={action.label}
            {...(action.key ? { keys: action.key.toUpperCase() } : {})}
            onClick={() => action.run(context)}
          />
        ))}
    </div>
  );
}

function pressAction(event: KeyboardEvent, { row, context }: MessageRowProps): void {
  if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
  const action = messageActions.find((one) => one.key === event.key.toLowerCase());
  const about = action && context(row);
  if (!about || !(action.isOffered?.(about) ?? true)) return;
  event.preventDefault();
  event.stopPropagation();
  action.run(about);
}

function DayLine({ iso }: { iso: string }) {
  return (
    <div class="day-line">
      <span>{dayName(iso)}</span>
    </div>
  );
}

function UnreadLine() {
  return (
    <div class="unread-line">
      <span>
        New<span class="visually-hidden"> messages</span>
      </span>
    </div>
  );
}
