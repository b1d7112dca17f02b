/** What an outgoing webhook is called, where it leads, and what it is told. */
import { useState } from "preact/hooks";
import { closeOverlay } from "../app/overlays";
import { DialogActions } from "../ui/confirm";
import type { CreateOutgoingHook, OutgoingHook } from "../protocol/wire";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Checks, Field } from "../ui/field";
import { Form, useSubmission } from "../ui/form";
import { wrongIn } from "./words";

type Event = OutgoingHook["events"][number];

const EVENTS: Record<Event, string> = {
  "message.posted": "New messages",
  "message.edited": "Edited messages",
  "message.deleted": "Deleted messages",
  "reaction.added": "New reactions",
  "reaction.removed": "Reactions taken back",
  "message.pinned": "New pins",
  "message.unpinned": "Pins taken away",
  "member.joined": "People who come",
  "member.left": "People who leave",
  "member.changed": "Changed roles",
  "channel.updated": "Changes of the channel",
};
const OPTIONS = (Object.keys(EVENTS) as Event[]).map((value) => ({ value, label: EVENTS[value] }));

interface OutgoingFormProps {
  title: string;
  hook?: OutgoingHook;
  save: (form: CreateOutgoingHook) => Promise<void>;
}

export function OutgoingForm({ title, hook, save }: OutgoingFormProps) {
  const submission = useSubmission();
  const [name, setName] = useState(hook?.name ?? "");
  const [url, setUrl] = useState(hook?.url ?? "");
  const [events, setEvents] = useState<readonly Event[]>(hook?.events ?? ["message.posted"]);
  const [triggers, setTriggers] = useState(hook?.triggers.join(" ") ?? "");
  const submit = async () => {
    await save({ name: name.trim(), url: url.trim(), events, triggers: triggers.split(/\s+/).filter(Boolean) });
    closeOverlay();
  };
  return (
    <Dialog title={title} size="wide" onClose={closeOverlay}>
      <Form submission={submission} onSubmit={submit} fields={["name", "url", "events", "triggers", "triggers[...]"]}>
        <Field
          label="Name"
          value={name}
          maxLength={64}
          required
          autoFocus
          autoComplete="off"
          placeholder="Build server"
          error={wrongIn(submission, "name")}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <Field
          label="URL"
          type="url"
          hint="It is called with a POST for each event."
          value={url}
          maxLength={2000}
          required
          autoComplete="off"
          placeholder="https://"
          error={wrongIn(submission, "url")}
          onInput={(event) => setUrl(event.currentTarget.value)}
        />
        <Checks
          label="What it is told of"
          values={events}
          onChange={setEvents}
          options={OPTIONS}
          error={wrongIn(submission, "events")}
        />
        <Field
          label="Only messages that begin with"
          hint="One or more words with spaces between them. Empty: all messages."
          value={triggers}
          autoComplete="off"
          error={wrongIn(submission, "triggers")}
          onInput={(event) => setTriggers(event.currentTarget.value)}
        />
        <DialogActions>
          <Button onClick={closeOverlay}>Cancel</Button>
          <Button
            type="submit"
            look="primary"
            busy={submission.busy}
            disabled={!name.trim() || !url.trim() || !events.length}
          >
            {hook ? "Save" : "Make webhook"}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
