/** Making, changing, leaving and deleting channels. */
import { useState } from "preact/hooks";
import { closeOverlay } from "../app/overlays";
import { channelPath, navigate, route } from "../app/router";
import { useChalkline } from "../app/state";
import type { Channel } from "../protocol/wire";
import { Button } from "../ui/button";
import { Confirm, DialogActions } from "../ui/confirm";
import { Dialog } from "../ui/dialog";
import { Area, Choice, Field } from "../ui/field";
import { Form, useSubmission } from "../ui/form";
import { notify } from "../ui/live";

const FIELDS = ["name", "description", "password"];

export function CreateChannel() {
  const { channels } = useChalkline();
  const submission = useSubmission();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [access, setAccess] = useState<"public" | "password" | "private">("public");
  const [password, setPassword] = useState("");

  const create = async () => {
    const channel = await channels.create({
      name: name.trim(),
      description: description.trim(),
      visibility: access === "private" ? "private" : "public",
      ...(access === "password" ? { password } : {}),
    });
    closeOverlay();
    navigate(channelPath(channel.id));
  };
  return (
    <Dialog title="New channel" onClose={closeOverlay}>
      <Form submission={submission} onSubmit={create} fields={FIELDS}>
        <Field
          label="Name"
          value={name}
          maxLength={80}
          autoFocus
          required
          autoComplete="off"
          placeholder="kitchen-plans"
          error={submission.wrong("name")}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <Area
          label="What is it about?"
          hint="You can leave this out."
          value={description}
          maxLength={1000}
          rows={2}
          error={submission.wrong("description")}
          onInput={(event) => setDescription(event.currentTarget.value)}
        />
        <Choice
          label="Who may come in?"
          value={access}
          onChange={setAccess}
          options={[
            { value: "public", label: "Everybody", hint: "Found under “Browse channels”" },
            { value: "password", label: "Whoever knows a password", hint: "Found by everybody, opened by few" },
            { value: "private", label: "Only people who are brought in", hint: "Nobody else knows that it exists" },
          ]}
        />
        {access === "password" && (
          <Field
            label="Password of the channel"
            type="password"
            value={password}
            required
            autoComplete="new-password"
            error={submission.wrong("password")}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        )}
        <DialogActions>
          <Button onClick={closeOverlay}>Cancel</Button>
          <Button type="submit" look="primary" busy={submission.busy} disabled={!name.trim()}>
            Create channel
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}

export function EditChannel({ channel }: { channel: Channel }) {
  const { channels } = useChalkline();
  const submission = useSubmission();
  const [name, setName] = useState(channel.name);
  const [description, setDescription] = useState(channel.description);
  const [password, setPassword] = useState("");
  const [isOpened, setOpened] = useState(false);

  const save = async () => {
    const passwordChange = isOpened ? { password: null } : password ? { password } : {};
    await channels.update(channel.id, { name: name.trim(), description: description.trim(), ...passwordChange });
    closeOverlay();
    notify("Channel saved");
  };
  return (
    <Dialog title="Edit channel" onClose={closeOverlay}>
      <Form submission={submission} onSubmit={save} fields={FIELDS}>
        <Field
          label="Name"
          value={name}
          maxLength={80}
          required
          error={submission.wrong("name")}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <Area
          label="What is it about?"
          value={description}
          maxLength={1000}
          error={submission.wrong("description")}
          onInput={(event) => setDescription(event.currentTarget.value)}
        />
        {channel.visibility === "public" && (
          <Field
            label={channel.has_password ? "New password to come in" : "Password to come in"}
            hint={channel.has_password ? "Empty: it stays as it is." : "Empty: everybody may come in."}
            type="password"
            value={password}
            disabled={isOpened}
            autoComplete="new-password"
            error={submission.wrong("password")}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        )}
        {channel.has_password && (
          <label class="check">
            <input type="checkbox" checked={isOpened} onChange={(event) => setOpened(event.currentTarget.checked)} />
            Let everybody in without a password
          </label>
        )}
        <DialogActions>
          <Button onClick={closeOverlay}>Cancel</Button>
          <Button type="submit" look="primary" busy={submission.busy} disabled={!name.trim()}>
            Save
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}

export function LeaveChannel({ channel }: { channel: Channel }) {
  const { channels } = useChalkline();
  return (
    <Confirm
      title={`Leave ${channel.name}?`}
      words={
        channel.visibility === "private"
          ? "You can only come back if somebody brings you in again."
          : "You can join again whenever you like."
      }
      action="Leave channel"
      run={async () => {
        await channels.leave(channel.id);
        leaveRoute(channel.id);
      }}
    />
  );
}

export function DeleteChannel({ channel }: { channel: Channel }) {
  const { channels } = useChalkline();
  return (
    <Confirm
      title={`Delete ${channel.name}?`}
      words="All of its messages go with it, for everybody. There is no way back."
      action="Delete channel"
      run={async () => {
        await channels.remove(channel.id);
        leaveRoute(channel.id);
        notify(`${channel.name} was deleted`);
      }}
    />
  );
}

function leaveRoute(channelId: number): void {
  const now = route.peek();
  if (now.view === "channel" && now.channelId === channelId) navigate("/");
}
