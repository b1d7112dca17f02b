import { useState } from "preact/hooks";
import { useChalkline } from "../app/state";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Form, useSubmission } from "../ui/form";
import { notify } from "../ui/live";

export function Password() {
  const { session } = useChalkline();
  const submission = useSubmission();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const isWrong = submission.fault?.code === "forbidden";
  const save = async () => {
    await session.changePassword({ password: next, current_password: current });
    setCurrent("");
    setNext("");
    notify("Password changed. Your other sessions were ended.");
  };
  return (
    <section class="card">
      <Form
        submission={submission}
        onSubmit={save}
        fields={["password", "current_password"]}
        words={() => (isWrong ? "" : undefined)}
      >
        <input type="text" hidden autoComplete="username" readOnly value={session.me.value?.username} />
        <Field
          label="Current password"
          type="password"
          autoComplete="current-password"
          required
          value={current}
          error={isWrong ? "This is not your current password." : submission.wrong("current_password")}
          onInput={(event) => setCurrent(event.currentTarget.value)}
        />
        <Field
          label="New password"
          hint="At least 8 characters. All other places where you are signed in are signed out."
          type="password"
          autoComplete="new-password"
          required
          value={next}
          error={submission.wrong("password")}
          onInput={(event) => setNext(event.currentTarget.value)}
        />
        <div class="form-actions">
          <Button type="submit" look="primary" busy={submission.busy} disabled={!current || !next}>
            Change password
          </Button>
        </div>
      </Form>
    </section>
  );
}
