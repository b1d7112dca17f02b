/** Outgoing webhooks: how each of them fares, and what may be done about it. */
import { useCallback, useState } from "preact/hooks";
import { openOverlay } from "../app/overlays";
import { useChalkline } from "../app/state";
import { Confirm } from "../ui/confirm";
import type { OutgoingHook } from "../protocol/wire";
import { Button, IconButton } from "../ui/button";
import { Loading } from "../ui/empty";
import { Icon } from "../ui/icon";
import { notify } from "../ui/live";
import { Menu, type MenuItem } from "../ui/menu";
import { ago } from "../ui/time";
import { count } from "../words";
import { DeadLetters } from "./dead-letters";
import { type HookList, useHooks } from "./hook-list";
import { OutgoingForm } from "./outgoing-form";
import { Secret } from "./secret";

export function OutgoingHooks({ channelId }: { channelId: number }) {
  const { programs } = useChalkline();
  const fetch = useCallback(() => programs.outgoing(channelId), [programs, channelId]);
  const list = useHooks(fetch);
  const { hooks, wrong, load, put } = list;
  const [shown, setShown] = useState<OutgoingHook | null>(null);
  const create = (
    <OutgoingForm
      title="New outgoing webhook"
      save={async (form) => {
        const hook = await programs.createOutgoing(channelId, form);
        put({ ...hook, secret: null });
        setShown(hook);
      }}
    />
  );
  return (
    <section>
      <header class="section-head">
        <h2>Outgoing</h2>
        <IconButton icon="redo" label="Look again" onClick={() => void load()} />
        <Button icon="plus" onClick={() => openOverlay(create)}>
          New<span class="visually-hidden"> outgoing webhook</span>
        </Button>
      </header>
      <p class="soft">
        A URL is called with what happens in the channel, signed and in order, until its program has it.
      </p>
      {shown?.secret && (
        <Secret
          words={`The secret that signs what “${shown.name}” is told.`}
          secret={shown.secret}
          copy="Copy secret"
          onClose={() => setShown(null)}
        />
      )}
      {wrong && <p class="notice notice-danger">{wrong}</p>}
      {!hooks && !wrong && <Loading label="Loading outgoing webhooks" />}
      {hooks?.length === 0 && <p class="soft">There are none yet.</p>}
      <ul class="rows" aria-label="Outgoing webhooks">
        {hooks?.map((hook) => (
          <li key={hook.id}>
            <HookRow hook={hook} list={list} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function HookRow({ hook, list }: { hook: OutgoingHook; list: HookList<OutgoingHook> }) {
  const { name, url, events, triggers, waiting } = hook;
  const told = [
    count(events.length, "kind of event", "kinds of events"),
    triggers.length && `on ${triggers.join(", ")}`,
  ];
  return (
    <div class="row">
      <Icon name="send" />
      <div class="row-text">
        <span class="row-title">
          <span dir="auto">{name}</span>
          <State hook={hook} />
        </span>
        <p class="row-note">{url}</p>
        <p class="row-note">
          {[...told, waiting > 0 && `${count(waiting, "event")} waiting`].filter(Boolean).join(" · ")}
        </p>
        {hook.last_error && (
          <p class="row-note is-bad" dir="auto">
            {hook.last_error}
          </p>
        )}
      </div>
      <Menu label={`What to do about ${name}`} items={useItems(hook, list)}>
        <Icon name="more" />
      </Menu>
    </div>
  );
}

function State({ hook }: { hook: OutgoingHook }) {
  if (hook.disabled_at) return <span class="badge">Paused {ago(hook.disabled_at)}</span>;
  if (hook.failing_since) return <span class="badge badge-danger">Failing since {ago(hook.failing_since)}</span>;
  return <span class="badge badge-ok">Running</span>;
}

function useItems(hook: OutgoingHook, { put, drop, load, attempt }: HookList<OutgoingHook>): MenuItem[] {
  const { programs } = useChalkline();
  const { name } = hook;
  const edit = (
    <OutgoingForm
      title={`Edit ${name}`}
      hook={hook}
      save={async (form) => put(await programs.updateOutgoing(hook, form))}
    />
  );
  const remove = (
    <Confirm
      title={`Delete ${name}?`}
      words="It is told nothing more, and what it did not take is gone, too."
      action="Delete webhook"
      run={async () => {
        await programs.removeOutgoing(hook);
        drop(hook.id);
        notify(`${name} was deleted`);
      }}
    />
  );
  const pause = (disabled: boolean) => () =>
    void attempt(async () => {
      put(await programs.updateOutgoing(hook, { disabled }));
      notify(disabled ? `${name} is paused` : `${name} goes on where it stopped`);
    });
  return [
    { label: "Edit", icon: "edit", run: () => openOverlay(edit) },
    hook.disabled_at
      ? { label: "Start again", icon: "redo", run: pause(false) }
      : { label: "Pause", icon: "stop", run: pause(true) },
    {
      label: "What was not taken",
      icon: "unread",
      run: () => openOverlay(<DeadLetters hook={hook} onChanged={() => void load()} />),
    },
    { label: "Delete", icon: "trash", danger: true, run: () => openOverlay(remove) },
  ];
}
