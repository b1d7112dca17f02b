/** Keeping order in the whole workspace: reports of all channels, and who is banned from it. */
import { useState } from "preact/hooks";
import { Select } from "../ui/field";
import { Reports } from "./reports";
import { Restraints } from "./restraints";

const SHOWN = [
  { value: "open", label: "Open reports" },
  { value: "all", label: "All reports" },
  { value: "ban", label: "Banned from the workspace" },
] as const;
type Shown = (typeof SHOWN)[number]["value"];

export function AdminOrder() {
  const [shown, setShown] = useState<Shown>("open");
  return (
    <section class="order-admin">
      <p class="soft">
        What people reported in all channels. You see the messages of those that you are in; a channel’s own moderators
        see them there.
      </p>
      <Select label="Show" value={shown} onChange={(value) => setShown(value as Shown)} options={SHOWN} />
      {shown === "ban" ? (
        <Restraints channelId={null} kind="ban" />
      ) : (
        <Reports channelId={null} state={shown === "open" ? "open" : undefined} mark={0} />
      )}
    </section>
  );
}
