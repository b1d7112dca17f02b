import { useState } from "preact/hooks";
import { signOut } from "../app/sign-out";
import { useChalkline } from "../app/state";
import { Avatar } from "../ui/avatar";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Form, useSubmission } from "../ui/form";
import { notify } from "../ui/live";
import { dateOf } from "../ui/time";

export function Profile() {
  const { session } = useChalkline();
  const me = session.me.value!;
  const submission = useSubmission();
  const [name, setName] = useState(me.display_name);
  const [status, setStatus] = useState(me.status ?? "");
  const isChanged = name.trim() !== me.display_name || status.trim() !== (me.status ?? "");
  const save = async () => {
    await session.updateMe({ display_name: name.trim(), status: status.trim() });
    notify("Profile saved");
  };
  return (
    <section class="card">
      <div class="card-person">
        <Avatar id={me.id} name={name || me.username} size="large" />
        <div>
          <h2 dir="auto">{name || me.username}</h2>
          <p class="soft">
            @{me.username} · here since {dateOf(me.created_at)}
          </p>
        </div>
      </div>
      <Form submission={submission} onSubmit={save} fields={["display_name", "status"]}>
        <Field
          label="Name to show"
          value={name}
          maxLength={64}
          autoComplete="name"
          required
          error={submission.wrong("display_name")}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <Field
          label="Status"
          hint="A few words that others see with your name."
          value={status}
          maxLength={100}
          placeholder="Back on Monday"
          error={submission.wrong("status")}
          onInput={(event) => setStatus(event.currentTarget.value)}
        />
        <div class="form-actions">
          <Button type="submit" look="primary" busy={submission.busy} disabled={!isChanged || !name.trim()}>
            Save profile
          </Button>
        </div>
      </Form>
      <hr />
      <Button icon="leave" onClick={() => void signOut(session)}>
        Sign out
      </Button>
    </section>
  );
}
