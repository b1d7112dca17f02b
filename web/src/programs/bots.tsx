/** Bots: accounts of programs, which sign in by tokens alone. */
import { useState } from "preact/hooks";
import { closeOverlay, openOverlay } from "../app/overlays";
import { useChalkline } from "../app/state";
import { Confirm, DialogActions } from "../ui/confirm";
import { asFault } from "../protocol/faults";
import type { Bot } from "../protocol/wire";
import { Avatar } from "../ui/avatar";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Empty } from "../ui/empty";
import { Area, Field } from "../ui/field";
import { Form, useSubmission } from "../ui/form";
import { Icon } from "../ui/icon";
import { notify } from "../ui/live";
import { Menu, type MenuItem } from "../ui/menu";
import { Pages } from "../ui/pages";
import { faultWords } from "../words";
import { BotTokens } from "./bot-tokens";

export function Bots() {
  const { programs } = useChalkline();
  const [made, setMade] = useState(0);
  const [load, setLoad] = useState(() => programs.bots);
  const again = () => {
    setMade(made + 1);
    setLoad(() => (cursor: string | null) => programs.bots(cursor));
  };
  return (
    <section>
      <header class="section-head">
        <p class="soft">Programs with an account of their own. Bring one into a channel like anybody.</p>
        <Button icon="plus" look="primary" onClick={() => openOverlay(<NewBot onMade={again} />)}>
          New bot
        </Button>
      </header>
      <Pages
        label="Bots"
        load={load}
        idOf={(bot) => bot.id}
        row={(bot, replace) => <BotRow bot={bot} replace={replace} />}
        none={<Empty icon="bot" title="No bots yet" />}
      />
    </section>
  );
}

function BotRow({ bot, replace }: { bot: Bot; replace: (bot: Bot | null) => void }) {
  const { channels } = useChalkline();
  return (
    <div class={`row${bot.disabled ? " is-off" : ""}`}>
      <Avatar id={bot.id} name={bot.display_name} online={channels.online.value.has(bot.id)} />
      <div class="row-text">
        <span class="row-title">
          <span dir="auto">{bot.display_name}</span>
          <span class="badge badge-program">Bot</span>
          {bot.disabled && <span class="badge badge-danger">Disabled</span>}
        </span>
        <p class="row-note" dir="auto">
          {[`@${bot.username}`, bot.description].filter(Boolean).join(" · ")}
        </p>
      </div>
      <Button aria-label={`Tokens of ${bot.display_name}`} onClick={() => openOverlay(<BotTokens bot={bot} />)}>
        Tokens
      </Button>
      <Menu label={`What to do about ${bot.display_name}`} items={useBotItems(bot, replace)}>
        <Icon name="more" />
      </Menu>
    </div>
  );
}

function useBotItems(bot: Bot, replace: (bot: Bot | null) => void): MenuItem[] {
  const { admin } = useChalkline();
  const name = bot.display_name;
  const disable = async (disabled: boolean) => {
    try {
      await admin.updateUser(bot.id, { disabled });
      replace({ ...bot, disabled });
      notify(disabled ? `${name} is out, and its tokens open nothing` : `${name} may sign in again`);
    } catch (error) {
      notify(faultWords(asFault(error)), true);
    }
  };
  const remove = (
    <Confirm
      title={`Delete ${name}?`}
      words="Its tokens open nothing from now on. What it wrote stays, without a name."
      action="Delete bot"
      run={async () => {
        await admin.deleteUser(bot.id);
        replace(null);
        notify(`${name} was deleted`);
      }}
    />
  );
  return [
    bot.disabled
      ? { label: "Let in again", icon: "check", run: () => void disable(false) }
      : { label: "Disable", icon: "lock", run: () => void disable(true) },
    { label: "Delete", icon: "trash", danger: true, run: () => openOverlay(remove) },
  ];
}

function NewBot({ onMade }: { onMade: () => void }) {
  const { programs } = useChalkline();
  const submission = useSubmission();
  const [username, setUsername] = useState("");
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const create = async () => {
    const bot = await programs.createBot({
      username: username.trim(),
      display_name: name.trim() || null,
      description: description.trim(),
    });
    onMade();
    // It can do nothing without a token.
    openOverlay(<BotTokens bot={bot} isNew />);
  };
  return (
    <Dialog title="New bot" onClose={closeOverlay}>
      <Form submission={submission} onSubmit={create} fields={["username", "display_name", "description"]}>
        <Field
          label="Username"
          value={username}
          maxLength={32}
          required
          autoFocus
          autoComplete="off"
          placeholder="kiln-watch"
          error={submission.wrong("username")}
          onInput={(event) => setUsername(event.currentTarget.value)}
        />
        <Field
          label="Name to show"
          hint="Empty: its username."
          value={name}
          maxLength={64}
          autoComplete="off"
          error={submission.wrong("display_name")}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <Area
          label="What is it for?"
          hint="You can leave this out."
          value={description}
          maxLength={1000}
          rows={2}
          error={submission.wrong("description")}
          onInput={(event) => setDescription(event.currentTarget.value)}
        />
        <DialogActions>
          <Button onClick={closeOverlay}>Cancel</Button>
          <Button type="submit" look="primary" busy={submission.busy} disabled={!username.trim()}>
            Make bot
          </Button>
        </DialogActions>
      </Form>
    </Dialog>
  );
}
