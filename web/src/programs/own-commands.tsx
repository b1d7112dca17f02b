/** Slash commands of the workspace’s own, which call a URL; and those that come with the server. */
import { useEffect, useState } from "preact/hooks";
import { closeOverlay, openOverlay } from "../app/overlays";
import { useChalkline } from "../app/state";
import { Confirm, DialogActions } from "../ui/confirm";
import { asFault } from "../protocol/faults";
import type { Command } from "../protocol/wire";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Empty, Loading } from "../ui/empty";
import { Field } from "../ui/field";
import { Form, useSubmission } from "../ui/form";
import { Icon } from "../ui/icon";
import { notify } from "../ui/live";
import { Menu } from "../ui/menu";
import { faultWords } from "../words";
import { Secret } from "./secret";
import { wrongIn } from "./words";

export function OwnCommands() {
  const { commands } = useChalkline();
  const [wrong, setWrong] = useState("");
  const [made, setMade] = useState<Command | null>(null);
  useEffect(() => {
    commands.load().then(
      () => setWrong(""),
      (error: unknown) => setWrong(faultWords(asFault(error))),
    );
  }, [commands]);
  const all = commands.list.value;
  const own = all?.filter(({ id }) => id !== undefined);
  const builtIn = all?.filter(({ id }) => id === undefined);
  return (
    <section>
      <header class="section-head">
        <p class="soft">
          What people can write after a slash. A command of your own calls a URL and shows what it answers.
        </p>
        <Button icon="plus" look="primary" onClick={() => openOverlay(<CommandForm onMade={setMade} />)}>
          New command
        </Button>
      </header>
      {made?.secret && (
        <Secret
          words={`The secret that signs what /${made.name} calls.`}
          secret={made.secret}
          copy="Copy secret"
          onClose={() => setMade(null)}
        />
      )}
      {wrong && <p class="notice notice-danger">{wrong}</p>}
      {!all && !wrong && <Loading label="Loading commands" />}
      {own?.length === 0 && <Empty icon="slash" title="No commands of your own yet" />}
      <ul class="rows" aria-label="Your own commands">
        {own?.map((command) => (
          <li key={command.name}>
            <OwnRow command={command} />
          </li>
        ))}
      </ul>
      {builtIn && (
        <details class="built-in">
          <summary>Built in: {builtIn.length}</summary>
          <dl>
            {builtIn.map(({ name, hint, description }) => (
              <div key={name}>
                <dt>
                  <code>
                    /{name} {hint}
                  </code>
                </dt>
                <dd class="soft">{description}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </section>
  );
}

function OwnRow({ command }: { command: Command }) {
  const { commands } = useChalkline();
  const name = `/${command.name}`;
  const remove = (
    <Confirm
      title={`Delete ${name}?`}
      words="Nobody can run it any more. What it posted stays."
      action="Delete command"
      run={async () => {
        await commands.remove(command.id!);
        notify(`${name} was deleted`);
      }}
    />
  );
  return (
    <div class="row">
      <Icon name="slash" />
      <div class="row-text">
        <span class="row-title">
          {name} <span class="soft">{command.hint}</span>
        </span>
        <p class="row-note" dir="auto">
          {command.description}
        </p>
        <p class="row-note">{command.url}</p>
      </div>
      <Menu
        label={`What to do about ${name}`}
        items={[
          { label: "Edit", icon: "edit", run: () => openOverlay(<CommandForm command={command} />) },
          { label: "Delete", icon: "trash", danger: true, run: () => openOverlay(remove) },
        ]}
      >
        <Icon name="more" />
      </Menu>
    </div>
  );
}

const NAME_WORDS = { name: "Begin with a letter; then small letters, digits, dashes and underscores." };

/** A command keeps its name: people have learnt it. */
function CommandForm({ command, onMade }: { command?: Command; onMade?: (command: Command) => void }) {
  const { commands } = useChalkline();
  const submission = useSubmission();
  const [name, setName] = useState("");
  const [url, setUrl] = useState(command?.url ?? "");
  const [hint, setHint] = useState(command?.hint ?? "");
  const [description, setDescription] = useState(command?.description ?? "");
  const save = async () => {
    const change = { url: url.trim(), hint: hint.trim(), description: description.trim() };
    if (command) await commands.update(command.id!, change);
    else onMade?.(await commands.create({ ...change, name: name.trim().replace(/^\//, "").toLowerCase() }));
    closeOverlay();
  };
  return (
    <Dialog title={command ? `Edit /${command.name}` : "New command"} onClose={closeOverlay}>
      <Form submission={submission} onSubmit={save} fields={["name", "url", "hint", "description"]}>
        {!command && (
          <Field
            label="Name"
            value={name}
            maxLength={33}
            required
            autoFocus
            autoComplete="off"
            placeholder="/weather"
            error={wrongIn(submission, "name", NAME_WORDS)}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        )}
        <Field
          label="URL"
          type="url"
          hint="It is called with a POST, and answers within five seconds."
          value={url}
          maxLength={2000}
          required
          autoComplete="off"
          placeholder="https://"
          error={wrongIn(submission, "url")}
          onInput={(event) => setUrl(event.currentTarget.value)}
        />
        <Field
          label="What comes after it"
          hint="For the list that people choose from."
          value={hint}
          maxLength={100}
          autoComplete="off"
          placeholder="city"
          error={wrongIn(submission, "hint")}
          onInput={(event) => setHint(event.currentTarget.value)}
        />
        <Field
          label="What it does"
          value={description}
          maxLength={100}
          autoComplete="off"
          placeholder="Tell the weather"
          error={wrongIn(submission, "description")}
          onInput={(event) => setDescription(event.currentTarget.value)}
        />
        <DialogActions>
          <Button onClick={closeOverlay}>Cancel</Button>
          <Button
            type="submit"
            look="primary"
            busy={submission.busy}
            disabled={(!command && !name.trim()) || !url.trim()}
          >
            {command ? "Save" : "Make command"}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
