/** A message away from its channel: in lists of what was pinned, found or followed. The whole of it leads there. */
import type { ComponentChildren } from "preact";
import { useChalkline } from "../app/state";
import type { Message } from "../protocol/wire";
import { Avatar } from "../ui/avatar";
import { ago, fullTime } from "../ui/time";
import { goneWords, said } from "../files/said";
import { authorName, ProgramBadge } from "./author";

interface MessageCardProps {
  message: Message;
  href: string;
  /** Instead of the beginning of its text. */
  text?: ComponentChildren;
  /** Before its author's name. */
  where?: ComponentChildren;
  children?: ComponentChildren;
}

const SHOWN_CHARACTERS = 280;

export function MessageCard({ message, href, text, where, children }: MessageCardProps) {
  const state = useChalkline();
  const name = authorName(state, message);
  return (
    <div class="card-message">
      {where && <p class="card-where soft">{where}</p>}
      <div class="card-line">
        <Avatar id={message.via?.id ?? message.author_id} name={name} size="small" />
        <a class="card-link" href={href}>
          <strong dir="auto">{name}</strong>
        </a>
        <ProgramBadge message={message} />
        <time class="soft" dateTime={message.created_at} title={fullTime(message.created_at)}>
          {ago(message.created_at)}
        </time>
      </div>
      <p class="card-text" dir="auto">
        {text ?? goneWords(message) ?? shortened(said(message, message.text.length))}
      </p>
      {children}
    </div>
  );
}

const shortened = (text: string): string =>
  text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
