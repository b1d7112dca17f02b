/** The message that another one answers, as one line that leads there. */
import { useComputed } from "@preact/signals";
import { channelPath } from "../app/router";
import type { ChannelView, State } from "../state";
import { Icon } from "../ui/icon";
import { plainText } from "./markdown/render";

interface ReplyQuoteProps {
  seq: number;
  state: State;
  view: ChannelView;
}

export function ReplyQuote({ seq, state, view }: ReplyQuoteProps) {
  const message = useComputed(() => view.rows.value.find((row) => row.message?.seq === seq)?.message).value;
  return (
    <a class="reply-quote" href={channelPath(view.channelId, seq)}>
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
