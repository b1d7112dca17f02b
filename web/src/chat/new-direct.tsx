/** Writing to one person or to several: choose them by name. */
import { useEffect, useRef, useState } from "preact/hooks";
import { closeOverlay } from "../app/overlays";
import { channelPath, navigate } from "../app/router";
import { useChalkline } from "../app/state";
import { asFault } from "../protocol/faults";
import type { User } from "../protocol/wire";
import { Avatar } from "../ui/avatar";
import { Button } from "../ui/button";
import { DialogActions } from "../ui/confirm";
import { Dialog } from "../ui/dialog";
import { Form, useSubmission } from "../ui/form";
import { Icon } from "../ui/icon";
import { announce } from "../ui/live";
import { faultWords } from "../words";

const PAUSE_MS = 120;
const SHOWN = 6;
const MOST = 19;

export function NewDirect() {
  const { channels, users, session } = useChalkline();
  const submission = useSubmission();
  const [sought, setSought] = useState("");
  const [people, setPeople] = useState<readonly User[]>([]);
  const [chosen, setChosen] = useState<readonly User[]>([]);
  const [at, setAt] = useState(0);
  const [wrong, setWrong] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const me = session.me.value?.id;
  const found = people.filter((one) => !one.disabled && !chosen.some(({ id }) => id === one.id)).slice(0, SHOWN);

  useEffect(() => {
    let isWanted = true;
    const timer = setTimeout(() => {
      users.search(sought.trim().replace(/^@/, "")).then(
        (page) => isWanted && setPeople(page.items),
        (error: unknown) => isWanted && setWrong(faultWords(asFault(error))),
      );
    }, PAUSE_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [users, sought]);

  const take = (user: User | undefined) => {
    if (!user || chosen.length >= MOST) return;
    setChosen([...chosen, user]);
    setSought("");
    setAt(0);
    announce(`${user.display_name} added`);
    field.current?.focus();
  };
  const drop = (user: User) => {
    setChosen(chosen.filter(({ id }) => id !== user.id));
    announce(`${user.display_name} taken out`);
    field.current?.focus();
  };
  const press = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") setAt((at + 1) % Math.max(1, found.length));
    else if (event.key === "ArrowUp") setAt((at + found.length - 1) % Math.max(1, found.length));
    else if (event.key === "Enter" && (sought || !chosen.length)) take(found[at]);
    else if (event.key === "Backspace" && !sought && chosen.length) drop(chosen.at(-1)!);
    else return;
    event.preventDefault();
  };
  const open = async () => {
    const channel = await channels.openDirect(chosen.map(({ id }) => id));
    closeOverlay();
    navigate(channelPath(channel.id));
  };
  return (
    <Dialog title="New message" onClose={closeOverlay}>
      <Form submission={submission} onSubmit={open}>
        <div class="field">
          <label for="people-field">To</label>
          <div class="chips" onClick={() => field.current?.focus()}>
            {chosen.map((user) => (
              <button key={user.id} type="button" class="chip" onClick={() => drop(user)}>
                <span dir="auto">{user.display_name}</span>
                <Icon name="x" />
                <span class="visually-hidden">take out</span>
              </button>
            ))}
            <input
              id="people-field"
              ref={field}
              autoFocus
              dir="auto"
              role="combobox"
              placeholder={chosen.length ? "" : "Name of one person, or several"}
              autoComplete="off"
              spellcheck={false}
              maxLength={80}
              aria-expanded={found.length > 0}
              aria-controls="people-found"
              aria-activedescendant={found[at] ? `person-${at}` : undefined}
              value={sought}
              onInput={(event) => {
                setSought(event.currentTarget.value);
                setAt(0);
              }}
              onKeyDown={press}
            />
          </div>
        </div>
        {wrong && <p class="field-error">{wrong}</p>}
        <div id="people-found" class="people-found" role="listbox" aria-label="People found">
          {found.map((user, index) => (
            <div
              key={user.id}
              id={`person-${index}`}
              role="option"
              class="goal"
              aria-selected={index === at}
              onPointerMove={() => setAt(index)}
              onClick={() => take(user)}
            >
              <Avatar id={user.id} name={user.display_name} size="small" online={channels.online.value.has(user.id)} />
              <span dir="auto">{user.display_name}</span>
              <span class="soft">{user.id === me ? "you: a place for notes" : `@${user.username}`}</span>
            </div>
          ))}
        </div>
        <DialogActions>
          <Button onClick={closeOverlay}>Cancel</Button>
          <Button type="submit" look="primary" busy={submission.busy} disabled={!chosen.length}>
            {chosen.length > 1 ? `Write to ${chosen.length} people` : "Write"}
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
