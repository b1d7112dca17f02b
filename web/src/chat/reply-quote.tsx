/** The message that another one answers, as one line that leads there. */
import { channelPath, messagePath } from "../app/router";
import { useMemo } from "preact/hooks";
import type { ChannelView, State } from "../state";
import { Icon } from "../ui/icon";
import { goneWords, said } from "../files/said";
import { authorName } from "./author";

interface ReplyQuoteProps {
  seq: number;
  state: State;
  view: ChannelView;
}

export function ReplyQuote({ seq, state, view }: ReplyQuoteProps) {
  const message = useMemo(() => state.messages.get(view.channelId, seq), [state, view.channelId, seq]).value;
  const path = message ? messagePath(message) : channelPath(view.channelId, seq);
  return (
    <a class="reply-quote" href={path}>
      <Icon name="reply" />
      {message ? (
        <>
          <strong dir="auto">{authorName(state, message)}</strong>
          <span dir="auto">{goneWords(message) ?? said(message)}</span>
        </>
      ) : (
        <span>an earlier message</span>
      )}
    </a>
  );
}
