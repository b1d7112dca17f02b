/** Programs, as far as they stand among the rest of the page: slash commands where one writes, webhooks in a menu. */
import { navigate, webhooksPath } from "../app/router";
import { channelMenus, type Completed, completions, composerModes, composerNotes, ownCommands } from "../chat/features";
import { keepsOrder } from "../order/rights";
import type { Command } from "../protocol/wire";
import { Icon } from "../ui/icon";
import { CommandNote } from "./command-note";
import "./programs.css";
import { commandOf, run } from "./running";

channelMenus.push((channel, state) =>
  keepsOrder(channel, state)
    ? [{ label: "Webhooks", icon: "plug", run: () => navigate(webhooksPath(channel.id)) }]
    : [],
);

composerNotes.push(CommandNote);

composerModes.push({
  id: "command",
  take: (posting, state) => {
    const name = commandOf(posting.text);
    if (name === null) return false;
    void run(posting, name, state);
    return true;
  },
});

completions.push({
  id: "commands",
  title: "Commands",
  begun: /^\/([a-z0-9_-]{0,32})$/i,
  prepare: () => null,
  find: (sought, { state }) => {
    const known = state.commands.list.value;
    if (known === null) void state.commands.load().catch(() => {});
    const own = ownCommands.map((one) => one(state)).filter((one) => one !== null);
    const all = [...(known ?? []).map(completed), ...own];
    const name = `/${sought.toLowerCase()}`;
    // What is written out needs no choice: Enter runs it.
    return all.some(({ title }) => title === name) ? [] : all.filter(({ title }) => title.startsWith(name));
  },
});

const completed = ({ name, hint, description }: Command): Completed => ({
  key: name,
  mark: <Icon name="slash" />,
  title: `/${name}`,
  note: [hint, description].filter(Boolean).join(" · "),
  text: `/${name}`,
});
