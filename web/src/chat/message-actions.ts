/** What can be done with any message. */
import { channelPath } from "../app/router";
import { notify } from "../ui/live";
import { messageActions } from "./features";

messageActions.push(
  { id: "reply", label: "Reply", icon: "reply", key: "r", run: ({ message, reply }) => reply(message.seq) },
  {
    id: "copy",
    label: "Copy text",
    icon: "copy",
    key: "c",
    isOffered: ({ message }) => !message.deleted_at,
    run: ({ message }) => void copy(message.text, "Text copied"),
  },
  {
    id: "link",
    label: "Copy link",
    icon: "link",
    key: "l",
    run: ({ message }) =>
      void copy(location.origin + channelPath(message.channel_id, message.seq), "Link to the message copied"),
  },
);

async function copy(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notify(done);
  } catch {
    notify("Your browser doesn’t let this page copy.", true);
  }
}
