/** Incoming webhooks: what can post to Slack can post here, by a URL that is shown once. */
import { useCallback, useState } from "preact/hooks";
import { closeOverlay, openOverlay } from "../app/overlays";
import { useChalkline } from "../app/state";
import { Confirm, DialogActions } from "../ui/confirm";
import type { CreateIncomingHook, IncomingHook } from "../protocol/wire";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Loading } from "../ui/empty";
import { Field } from "../ui/field";
import { Form, useSubmission } from "../ui/form";
import { Icon } from "../ui/icon";
import { notify } from "../ui/live";
import { Menu } from "../ui/menu";
import { ago } from "../ui/time";
import { useHooks } from "./hook-list";
import { Secret } from "./secret";
import { wrongIn } from "./words";

export function IncomingHooks({ channelId }: { channelId: number }) {
  const { programs } = useChalkline();
  const fetch = useCallback(() => programs.incoming(channelId), [programs, channelId]);
  const { hooks, wrong, put, drop } = useHooks(fetch);
  const [shown, setShown] = useState<IncomingHook | null>(null);
  const made = (hook: IncomingHook) => {
    put({ ...hook, url: null });
    setShown(hook);
  };
  const save = (form: CreateIncomingHook) => programs.createIncoming(channelId, form).then(made);
  return (
    <section>
      <header class="section-head">
        <h2>Incoming</h2>
        <Button icon="plus" onClick={() => openOverlay(<IncomingForm title="New incoming webhook" save={save} />)}>
          New<span class="visually-hidden"> incoming webhook</span>
        </Button>
      </header>
      <p class="soft">
        A program that can post to Slack can post here: give it the URL of a webhook in place of Slack’s. Whoever knows
        the URL can post.
      </p>
      {shown?.url && (
        <Secret
          words={`The URL of “${shown.name}”.`}
          secret={shown.url}
          copy="Copy URL"
          onClose={() => setShown(null)}
        />
      )}
      {wrong && <p class="notice notice-danger">{wrong}</p>}
      {!hooks && !wrong && <Loading label="Loading incoming webhooks" />}
      {hooks?.length === 0 && <p class="soft">There are none yet.</p>}
      <ul class="rows" aria-label="Incoming webhooks">
        {hooks?.map((hook) => (
          <li key={hook.id}>
            <HookRow hook={hook} onMade={made} onChanged={put} onGone={() => drop(hook.id)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface HookRowProps {
  hook: IncomingHook;
  onMade: (hook: IncomingHook) => void;
  onChanged: (hook: IncomingHook) => void;
  onGone: () => void;
}

function HookRow({ hook, onMade, onChanged, onGone }: HookRowProps) {
  const { programs, users } = useChalkline();
  const { name } = hook;
  const edit = (
    <IncomingForm
      title={`Edit ${name}`}
      hook={hook}
      save={async (form) => onChanged(await programs.updateIncoming(hook, form))}
    />
  );
  const rotate = (
    <Confirm
      title={`Another URL for ${name}?`}
      words="The URL it has now is closed at once: whatever posts by it must be given the new one."
      action="Change the URL"
      run={async () => onMade(await programs.rotateIncoming(hook))}
    />
  );
  const remove = (
    <Confirm
      title={`Delete ${name}?`}
      words="Its URL is closed at once. What it posted stays."
      action="Delete webhook"
      run={async () => {
        await programs.removeIncoming(hook);
        onGone();
        notify(`${name} was deleted`);
      }}
    />
  );
  return (
    <div class="row">
      <Icon name="plug" />
      <div class="row-text">
        <span class="row-title">
          <span dir="auto">{name}</span>
          {hook.may_broadcast && <span class="badge">May address everybody</span>}
        </span>
        <p class="row-note">
          {hook.last_used_at ? `Last used ${ago(hook.last_used_at)}` : "Not used yet"} · made by{" "}
          <bdi>{users.name(hook.created_by)}</bdi>
        </p>
      </div>
      <Menu
        label={`What to do about ${name}`}
        items={[
          { label: "Edit", icon: "edit", run: () => openOverlay(edit) },
          { label: "Change its URL", icon: "link", run: () => openOverlay(rotate) },
          { label: "Delete", icon: "trash", danger: true, run: () => openOverlay(remove) },
        ]}
      >
        <Icon name="more" />
      </Menu>
    </div>
  );
}

interface IncomingFormProps {
  title: string;
  hook?: IncomingHook;
  save: (form: CreateIncomingHook) => Promise<void>;
}

function IncomingForm({ title, hook, save }: IncomingFormProps) {
  const submission = useSubmission();
  const [name, setName] = useState(hook?.name ?? "");
  const [mayBroadcast, setMayBroadcast] = useState(hook?.may_broadcast ?? false);
  const submit = async () => {
    await save({ name: name.trim(), may_broadcast: mayBroadcast });
    closeOverlay();
  };
  return (
    <Dialog title={title} onClose={closeOverlay}>
      <Form submission={submission} onSubmit={submit} fields={["name"]}>
        <Field
          label="Name"
          hint="Its messages have this name, unless the program says another one."
          value={name}
          maxLength={64}
          required
          autoFocus
          autoComplete="off"
          placeholder="Deployments"
          error={wrongIn(submission, "name")}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <label class="check">
          <input
            type="checkbox"
            checked={mayBroadcast}
            onChange={(event) => setMayBroadcast(event.currentTarget.checked)}
          />
          It may address everybody, with @channel and @here
        </label>
        <DialogActions>
          <Button onClick={closeOverlay}>Cancel</Button>
          <Button type="submit" look="primary" busy={submission.busy} disabled={!name.trim()}>
            {hook ? "Save" : "Make webhook"}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
