/** What somebody pinned to a channel, beside its messages. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { messagePath } from "../app/router";
import { useChalkline } from "../app/state";
import { asFault } from "../protocol/faults";
import type { Message } from "../protocol/wire";
import type { JoinedChannel } from "../state";
import { IconButton } from "../ui/button";
import { Empty, Loading } from "../ui/empty";
import { notify } from "../ui/live";
import { faultWords } from "../words";
import { MessageCard } from "./message-card";

export function PinsPane({ channel, onClose }: { channel: JoinedChannel; onClose: () => void }) {
  const { messages } = useChalkline();
  const mark = useMemo(() => messages.pinsMark(channel.id), [messages, channel.id]).value;
  const [pins, setPins] = useState<readonly Message[] | null>(null);
  const [wrong, setWrong] = useState("");
  useEffect(() => {
    let isWanted = true;
    messages.pins(channel.id).then(
      (found) => isWanted && setPins(found),
      (error: unknown) => isWanted && setWrong(faultWords(asFault(error))),
    );
    return () => {
      isWanted = false;
    };
  }, [messages, channel.id, mark]);
  const unpin = async ({ channel_id, seq }: Message) => {
    try {
      setPins((before) => before?.filter((one) => one.seq !== seq) ?? null);
      await messages.pin(channel_id, seq, false);
    } catch (error) {
      notify(faultWords(asFault(error)), true);
    }
  };
  return (
    <>
      <header class="pane-header">
        <h2>Pinned messages</h2>
        <IconButton icon="x" label="Close pinned messages" onClick={onClose} />
      </header>
      <div class="pane-body">
        {wrong && <p class="notice notice-danger">{wrong}</p>}
        {!pins && !wrong && <Loading label="Loading pinned messages" />}
        {pins?.length === 0 && (
          <Empty icon="pin" title="Nothing is pinned">
            <p>Pin what people should find again: open a message’s menu, and choose “Pin to the channel”.</p>
          </Empty>
        )}
        <ul class="cards">
          {pins?.map((message) => (
            <li key={message.seq}>
              <MessageCard message={message} href={messagePath(message)}>
                {!channel.archived_at && (
                  <IconButton icon="x" label="Unpin" onClick={() => void unpin(message)} class="card-action" />
                )}
              </MessageCard>
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}
