/** Files in the chat: what a message that has some looks like. */
import { useChalkline } from "../app/state";
import { bodies, type BodyProps } from "../chat/features";
import { FilesBody } from "./message";

bodies.set("file", FileMessage);

function FileMessage({ message }: BodyProps) {
  const state = useChalkline();
  const reader = state.session.me.value?.username;
  return <FilesBody text={message.text} files={message.attachments} reader={reader} />;
}
