/** Keeping order in a channel, beside its messages: reports, and who is muted or banned. */
import { useState } from "preact/hooks";
import { useChalkline } from "../app/state";
import type { JoinedChannel } from "../state";
import { IconButton } from "../ui/button";
import { Select } from "../ui/field";
import { Reports } from "./reports";
import { Restraints } from "./restraints";

const SHOWN = [
  { value: "open", label: "Open reports" },
  { value: "all", label: "All reports" },
  { value: "mute", label: "Muted people" },
  { value: "ban", label: "Banned people" },
] as const;
type Shown = (typeof SHOWN)[number]["value"];

export function OrderPane({ channel, onClose }: { channel: JoinedChannel; onClose: () => void }) {
  const { order } = useChalkline();
  const [shown, setShown] = useState<Shown>("open");
  const mark = order.reported(channel.id).value;
  return (
    <>
      <header class="pane-header">
        <h2>Moderation</h2>
        <IconButton icon="x" label="Close moderation" onClick={onClose} />
      </header>
      <div class="pane-body order-pane">
        <Select label="Show" value={shown} onChange={(value) => setShown(value as Shown)} options={SHOWN} />
        {shown === "mute" || shown === "ban" ? (
          <Restraints channelId={channel.id} kind={shown} />
        ) : (
          <Reports channelId={channel.id} state={shown === "open" ? "open" : undefined} mark={mark} />
        )}
      </div>
    </>
  );
}
