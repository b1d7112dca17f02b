/** Which model is asked, and what is left to ask with. */
import { signal, useSignalEffect } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { useChalkline } from "../app/state";
import type { AiChannel, UsageReport } from "../protocol/wire";
import type { JoinedChannel } from "../state";
import { ownPostings } from "../chat/features";
import { Icon } from "../ui/icon";
import { Menu, type MenuItem } from "../ui/menu";
import { askingIn } from "./asking";
import { openChannelAi, openUsage } from "./dialogs";
import { leftWords, tightest } from "./words";

/** Below the one, what is left is worth a word; below the other, a colour. */
const HALF = 0.5;
const LOW = 0.15;

/** Counted up when somebody has set up a channel here. */
export const setUps = signal(0);

export function ModelMenu({ channel }: { channel: JoinedChannel }) {
  const { ai } = useChalkline();
  const asking = askingIn(channel);
  const settings = useSettings(channel.id);
  const models = ai.models.value ?? [];
  const usual = models.find(({ id }) => id === settings?.model)?.id ?? models[0]?.id ?? "";
  const chosen = models.find(({ id }) => id === asking.model.value)?.id ?? usual;
  const items: MenuItem[] = [
    ...models.map(
      ({ id }): MenuItem => ({
        label: id,
        checked: id === chosen,
        run: () => (asking.model.value = id === usual ? null : id),
      }),
    ),
    { label: "The assistant in this channel…", icon: "edit", run: () => openChannelAi(channel) },
    { label: "What you have used…", icon: "clock", run: openUsage },
  ];
  return (
    <>
      <Left />
      <Menu label={`Model: ${chosen}`} title="Model" class="ask-model" side="above" items={items}>
        <span dir="auto">{chosen}</span>
        {settings?.system && <span class="visually-hidden">, with instructions</span>}
        <Icon name="down" />
      </Menu>
    </>
  );
}

function useSettings(channelId: number): AiChannel | null {
  const { ai } = useChalkline();
  const [settings, setSettings] = useState<AiChannel | null>(null);
  const times = setUps.value;
  useEffect(() => {
    let isWanted = true;
    ai.settings(channelId).then(
      (found) => isWanted && setSettings(found),
      () => {}, // Then the menu shows the server's own choice.
    );
    return () => {
      isWanted = false;
    };
  }, [channelId, times]);
  return settings;
}

/** Only where something is limited. */
function Left() {
  const { ai } = useChalkline();
  const [report, setReport] = useState<UsageReport | null>(null);
  useSignalEffect(() => {
    void ownPostings.value;
    ai.usage().then(setReport, () => {});
  });
  const least = report && tightest(report.allowances);
  if (!least || least.left > HALF) return null;
  return (
    <button type="button" class={`ask-left${least.left < LOW ? " is-low" : ""}`} onClick={openUsage}>
      {leftWords(least)}
    </button>
  );
}
