/** A message that a moderator hid: they see what it says, others that it is hidden. */
import { useEffect, useState } from "preact/hooks";
import type { BodyProps } from "../chat/features";
import { FilesBody } from "../files/message";
import type { Message } from "../protocol/wire";
import type { State } from "../state";
import { Icon } from "../ui/icon";
import { mayModerate } from "./rights";

export function HiddenBody({ message, state }: BodyProps) {
  const channel = state.channels.get(message.channel_id).value;
  if (channel && mayModerate(channel, state)) return <Revealed message={message} state={state} />;
  return <p class="message-gone">A moderator hid this message.</p>;
}

function Revealed({ message, state }: BodyProps) {
  const text = useRevealed(message, state);
  const by = message.hidden_by;
  return (
    <>
      <p class="hidden-note">
        <Icon name="eyeOff" />
        <span>
          Hidden
          {by && (
            <>
              {" by "}
              <bdi>{state.users.name(by)}</bdi>
            </>
          )}
          : only moderators see it
        </span>
      </p>
      <div class="hidden-body">
        <FilesBody text={text} files={message.attachments} reader={state.session.me.value?.username} />
      </div>
    </>
  );
}

/** Facts tell a hidden message without its text, to moderators too; it is asked for. */
function useRevealed(message: Message, state: State): string {
  const { channel_id, seq, text } = message;
  const [revealed, setRevealed] = useState("");
  useEffect(() => {
    if (text) return;
    let isWanted = true;
    state.order.reveal(channel_id, seq).then(
      (found) => isWanted && setRevealed(found.text),
      () => {},
    );
    return () => {
      isWanted = false;
    };
  }, [state, channel_id, seq, text]);
  return text || revealed;
}
