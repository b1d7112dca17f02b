/** Before anybody is signed in: signing in, signing up, and the very first account. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { route } from "../app/router";
import { useChalkline } from "../app/state";
import type { Fault } from "../protocol/faults";
import { Button } from "../ui/button";
import { Loading } from "../ui/empty";
import { Field } from "../ui/field";
import { Form, useSubmission } from "../ui/form";
import { APP } from "../words";
import { FirstRun } from "./first-run";

const NOTICES = {
  "": "",
  expired: "You were signed out because you had been away for long. Sign in again to go on.",
  revoked: "This session was ended. Sign in again to go on.",
};

export function Door() {
  const { instance, session } = useChalkline();
  const now = route.value;
  const server = instance.value;
  if (!server) return <Loading label="Reaching the server" />;
  const isSigningUp = now.view === "sign-up";
  const notice = NOTICES[session.notice.value];
  return (
    <main class="door">
      <div class="door-card">
        <header class="door-header">
          <img src="/icon.svg" alt="" width="52" height="52" />
          <p class="door-name" dir="auto">
            {server.name || APP}
          </p>
        </header>
        {notice && !isSigningUp && <p class="notice">{notice}</p>}
        {server.is_new ? <FirstRun /> : isSigningUp ? <SignUp invite={now.invite} /> : <SignIn />}
      </div>
    </main>
  );
}

function SignIn() {
  const { session, instance } = useChalkline();
  const submission = useSubmission();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const signIn = async () => {
    await session.signIn({ username: username.trim(), password });
  };
  return (
    <>
      <h1>Sign in</h1>
      <Form submission={submission} onSubmit={signIn} words={signInWords}>
        <Field
          label="Username"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellcheck={false}
          autoFocus
          required
          value={username}
          onInput={(event) => setUsername(event.currentTarget.value)}
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onInput={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" look="primary" busy={submission.busy}>
          Sign in
        </Button>
      </Form>
      {instance.value?.registration !== "closed" && (
        <p class="door-other">
          New here? <a href="/sign-up">Create an account</a>
        </p>
      )}
    </>
  );
}

function signInWords({ code }: Fault): string | undefined {
  const isWrong = code === "unauthenticated" || code === "invalid";
  return isWrong ? "The name and the password don’t belong together. Try again." : undefined;
}

function SignUp({ invite }: { invite: string }) {
  const { instance, session } = useChalkline();
  const mode = instance.value?.registration;
  if (mode === "closed") {
    return (
      <>
        <h1>No new accounts here</h1>
        <p>Whoever runs this server makes the accounts. Ask them for one.</p>
        <a class="button button-primary" href="/sign-in">
          Back to sign in
        </a>
      </>
    );
  }
  return (
    <>
      <h1>Create an account</h1>
      <AccountForm
        invite={mode === "invite" ? invite : null}
        action="Create account"
        create={(form) => session.register(form)}
      />
      <p class="door-other">
        You have one? <a href="/sign-in">Sign in</a>
      </p>
    </>
  );
}

interface AccountFormProps {
  /** The code to begin with where one is needed; null where not. */
  invite: string | null;
  action: string;
  /** More fields, after those of the account. */
  children?: ComponentChildren;
  create: (form: { username: string; password: string; display_name?: string; invite?: string }) => Promise<void>;
}

export function AccountForm({ invite, action, create, children }: AccountFormProps) {
  const submission = useSubmission();
  const [username, setUsername] = useState("");
  const [displayName, setDisplayName] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState(invite ?? "");
  const isTaken = submission.fault?.code === "conflict";
  const submit = () =>
    create({
      username: username.trim(),
      password,
      ...(displayName.trim() ? { display_name: displayName.trim() } : {}),
      ...(invite === null ? {} : { invite: code.trim() }),
    });
  return (
    <Form
      submission={submission}
      onSubmit={submit}
      fields={["username", "display_name", "password", "invite"]}
      words={({ code }) => (code === "conflict" ? "" : undefined)}
    >
      {invite !== null && (
        <Field
          label="Invitation"
          hint="The code somebody sent you. An account here needs one."
          required
          autoComplete="off"
          value={code}
          error={submission.wrong("invite")}
          onInput={(event) => setCode(event.currentTarget.value)}
        />
      )}
      <Field
        label="Username"
        name="username"
        hint="How others find and mention you: letters, digits, dots, dashes."
        autoComplete="username"
        autoCapitalize="none"
        spellcheck={false}
        autoFocus
        required
        maxLength={32}
        value={username}
        error={isTaken ? "Somebody has this name already. Choose another." : submission.wrong("username")}
        onInput={(event) => setUsername(event.currentTarget.value)}
      />
      <Field
        label="Name to show"
        hint="You can leave this out, and change it later."
        autoComplete="name"
        maxLength={64}
        value={displayName}
        error={submission.wrong("display_name")}
        onInput={(event) => setDisplayName(event.currentTarget.value)}
      />
      <Field
        label="Password"
        name="password"
        type="password"
        hint="At least 8 characters. A few words in a row are easy to keep and hard to guess."
        autoComplete="new-password"
        required
        value={password}
        error={submission.wrong("password")}
        onInput={(event) => setPassword(event.currentTarget.value)}
      />
      {children}
      <Button type="submit" look="primary" busy={submission.busy}>
        {action}
      </Button>
    </Form>
  );
}
