/** People, channels and emoji, by their first letters. */
import { channelPath } from "../app/router";
import type { Member } from "../protocol/wire";
import type { State } from "../state";
import { Avatar } from "../ui/avatar";
import { Icon } from "../ui/icon";
import { type Completed, completions, mentionable } from "./features";
import { rank } from "./ranking";
import { ChannelMark } from "./sidebar";

const EVERYBODY: readonly Completed[] = [
  { key: "channel", mark: <Icon name="users" />, title: "channel", note: "everybody in it", text: "@channel" },
  { key: "here", mark: <Icon name="users" />, title: "here", note: "those who are online", text: "@here" },
];

type EmojiData = typeof import("../emoji/data");
let emoji: EmojiData | null = null;
let loading: Promise<unknown> | null = null;

completions.push(
  {
    id: "people",
    title: "People",
    begun: /(?:^|[\s(])@([\p{L}\p{N}._-]{0,32})$/u,
    find: (sought, { channel, state }) => {
      const people = members(state.channels.members(channel.id).value ?? [], sought).map(person);
      const everybody = channel.kind === "channel" ? EVERYBODY.filter(({ title }) => title.startsWith(sought)) : [];
      return [...people.slice(0, 5), ...others(sought, state), ...everybody];
    },
  },
  {
    id: "channels",
    title: "Channels",
    begun: /(?:^|[\s(])#([\p{L}\p{N}._-]{1,40})$/u,
    find: (sought, { state }) =>
      state.channels.joined.value
        .filter(({ kind }) => kind === "channel")
        .map((channel) => ({ channel, score: rank(channel.name, sought) }))
        .filter(({ score }) => score > 0)
        .sort((a, b) => b.score - a.score)
        .map(({ channel }) => ({
          key: String(channel.id),
          mark: <ChannelMark channel={channel} title={channel.name} />,
          title: channel.name,
          note: "",
          text: `[#${channel.name.replaceAll(/[[\]\\]/g, "")}](${location.origin}${channelPath(channel.id)})`,
        })),
  },
  {
    id: "emoji",
    title: "Emoji",
    begun: /(?:^|[\s(])(?::)([\p{L}\p{N}_+-]{2,30})$/u,
    prepare: () => (emoji ? null : loadEmoji()),
    find: (sought) =>
      emoji?.search(sought, 7).map((one) => ({
        key: one.emoji,
        mark: <span class="emoji-mark">{one.emoji}</span>,
        title: `:${one.names[0]}:`,
        note: "",
        text: one.emoji,
      })) ?? [],
  },
);

function loadEmoji(): Promise<unknown> {
  loading ??= import("../emoji/data").then(
    (data) => {
      emoji = data;
    },
    () => {
      loading = null; // Tried again with the next letter.
    },
  );
  return loading;
}

function others(sought: string, state: State): Completed[] {
  const all = mentionable.map((one) => one(state)).filter((one) => one !== null);
  return all.filter(({ title }) => title.toLocaleLowerCase().startsWith(sought.toLocaleLowerCase()));
}

function members(all: readonly Member[], begun: string): Member[] {
  const sought = begun.toLocaleLowerCase();
  const begins = (name: string) => name.toLocaleLowerCase().startsWith(sought);
  return all.filter(({ username, display_name }) => begins(username) || display_name.split(" ").some(begins));
}

const person = ({ user_id, username, display_name }: Member): Completed => ({
  key: String(user_id),
  mark: <Avatar id={user_id} name={display_name} size="small" />,
  title: display_name,
  note: `@${username}`,
  text: `@${username}`,
});
