/** One message: who, when, what, and what became of it. */
import { Component } from "preact";
import { useChalkline } from "../app/state";
import type { ChannelView, PendingMessage, Row, State } from "../state";
import { callsFor } from "../state/deeds";
import { Avatar } from "../ui/avatar";
import { Icon } from "../ui/icon";
import { clockTime, dayName, fullTime, shortTime } from "../ui/time";
import { faultWords } from "../words";
import { authorName, ProgramBadge } from "./author";
import { bodies, messageExtras, type MessageContext } from "./features";
import { rowAuthor, rowSeq, rowTime, type Placing } from "./grouping";
import { FilesBody } from "../files/message";
import { HiddenBody } from "../order/hidden";
import { Markdown } from "./markdown/render";
import { MessageEdit } from "./message-edit";
import { Marks, PinNote } from "./message-marks";
import { openActions, pressAction, Toolbar, waitForLongPress } from "./message-toolbar";
import { openProfile } from "./windows";
import { ReplyQuote } from "./reply-quote";

export interface MessageRowProps extends Placing {
  row: Row;
  state: State;
  view: ChannelView;
  place: "channel" | "thread";
  /** Nothing is changed in an archived channel. */
  isReadOnly: boolean;
  isEditing: boolean;
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
  "quotes",
  "startsDay",
  "startsUnread",
  "isReadOnly",
  "isEditing",
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
  const { row, state, place, isFirst, isActive, isTarget, isReachable, isEditing } = props;
  const { key, message, pending } = row;
  const me = state.session.me.value;
  const author = rowAuthor(row, me?.id ?? 0);
  const name = message ? authorName(state, message) : state.users.name(author);
  const context = isActive && !isEditing ? props.context(row) : null;
  const contentId = `${place}-message-${message?.seq ?? pending?.client_id}`;
  const isCalling = message !== null && me !== null && message.author_id !== me.id && callsFor(message, me.id);
  const looks = [
    "message",
    isFirst && "is-first",
    isTarget && "is-target",
    isEditing && "is-editing",
    isCalling && "is-calling",
    message?.pinned_at && "is-pinned",
    pending && `is-${pending.state}`,
  ];
  return (
    <article
      class={looks.filter(Boolean).join(" ")}
      tabIndex={isReachable ? 0 : -1}
      aria-label={`${name}, ${clockTime(rowTime(row))}${isCalling ? ", mentions you" : ""}`}
      aria-describedby={contentId}
      data-seq={rowSeq(row) ?? undefined}
      onPointerEnter={() => props.onActive(key)}
      onFocusIn={() => props.onActive(key)}
      onPointerDown={(event) => {
        const { currentTarget } = event;
        waitForLongPress(event, () => {
          const about = props.context(row);
          if (about) openActions(currentTarget, about);
        });
      }}
      onKeyDown={(event) => pressAction(event, () => props.context(row))}
    >
      {isFirst ? (
        <Head author={author} name={name} iso={rowTime(row)} message={message} />
      ) : (
        <Gutter iso={rowTime(row)} />
      )}
      <div class="message-content" id={contentId}>
        {message && <PinNote message={message} state={state} />}
        {props.quotes && <ReplyOf row={row} state={state} view={props.view} />}
        {isEditing && message ? (
          <MessageEdit message={message} state={state} place={place} />
        ) : (
          <Body row={row} reader={me?.username} />
        )}
        {message && (
          <Marks
            message={message}
            state={state}
            place={place}
            isReadOnly={props.isReadOnly || Boolean(message.hidden_at)}
          />
        )}
        {pending && <PendingNote pending={pending} resend={props.resend} discard={props.discard} />}
      </div>
      {context && <Toolbar context={context} />}
    </article>
  );
}

interface HeadProps {
  author: number;
  name: string;
  iso: string;
  message: Row["message"];
}

function Head({ author, name, iso, message }: HeadProps) {
  const open = () => openProfile(author, message?.via);
  return (
    <>
      <button type="button" class="message-face" tabIndex={-1} aria-hidden="true" onClick={open}>
        <Avatar id={message?.via?.id ?? author} name={name} />
      </button>
      <header class="message-head">
        <button type="button" class="message-author" tabIndex={-1} dir="auto" onClick={open}>
          {name}
        </button>
        {message && <ProgramBadge message={message} />}
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
      {shortTime(iso)}
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
  if (!message) return <FilesBody text={pending.text} files={pending.attachments ?? []} reader={reader} />;
  if (message.deleted_at) return <p class="message-gone">This message was deleted.</p>;
  if (message.hidden_at) return <HiddenBody message={message} state={state} />;
  const Special = bodies.get(message.kind);
  return (
    <>
      {Special ? <Special message={message} state={state} /> : <Markdown text={message.text} reader={reader} />}
      {message.edited_at && (
        <span class="message-note" title={fullTime(message.edited_at)}>
          (edited)
        </span>
      )}
      {messageExtras.map((Extra, index) => (
        <Extra key={index} message={message} state={state} />
      ))}
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

function DayLine({ iso }: { iso: string }) {
  return (
    <div class="day-line">
      <span>{dayName(iso)}</span>
    </div>
  );
}

export function UnreadLine() {
  return (
    <div class="unread-line">
      <span>
        New<span class="visually-hidden"> messages</span>
      </span>
    </div>
  );
}
