/** The message that another one answers, as one line that leads there. */
import { channelPath } from "../app/router";
import type { State } from "../state";
import { Icon } from "../ui/icon";
import { plainText } from "./markdown/render";

interface ReplyQuoteProps {
  channelId: number;
  seq: number;
  state: State;
}

export function ReplyQuote({ channelId, seq, state }: ReplyQuoteProps) {
  const rows = state.view(channelId).rows.value;
  const message = rows.find((row) => row.message?.seq === seq)?.message;
  return (
    <a class="reply-quote" href={channelPath(channelId, seq)}>
      <Icon name="reply" />
      {message ? (
        <>
          <strong dir="auto">{state.users.name(message.author_id)}</strong>
          <span dir="auto">{message.deleted_at ? "deleted" : plainText(message.text.slice(0, 200))}</span>
        </>
      ) : (
        <span>an earlier message</span>
      )}
    </a>
  );
}
