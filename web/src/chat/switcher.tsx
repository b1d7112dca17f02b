/** Jump anywhere by a few letters: one's channels, people, and places of the page. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { closeOverlay } from "../app/overlays";
import { channelPath, navigate, searchPath } from "../app/router";
import { useChalkline } from "../app/state";
import type { User } from "../protocol/wire";
import type { JoinedChannel, State } from "../state";
import { Avatar } from "../ui/avatar";
import { Dialog } from "../ui/dialog";
import { Icon } from "../ui/icon";
import { notify } from "../ui/live";
import { asFault } from "../protocol/faults";
import { faultWords } from "../words";
import { rank } from "./ranking";
import { ChannelMark } from "./sidebar";

interface Goal {
  id: string;
  title: string;
  note: string;
  mark: preact.ComponentChildren;
  go: () => void | Promise<void>;
}

const SHOWN = 9;
const PAUSE_MS = 120;

export function Switcher() {
  const state = useChalkline();
  const [sought, setSought] = useState("");
  const [chosen, setChosen] = useState(0);
  const people = usePeople(state, sought);
  const joined = state.channels.joined.value;
  const goals = useMemo(() => findGoals(state, joined, people, sought), [state, joined, people, sought]);
  const at = Math.min(chosen, Math.max(0, goals.length - 1));

  const go = async (goal: Goal | undefined) => {
    if (!goal) return;
    closeOverlay();
    try {
      await goal.go();
    } catch (error) {
      notify(faultWords(asFault(error)), true);
    }
  };
  const press = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") setChosen((at + 1) % Math.max(1, goals.length));
    else if (event.key === "ArrowUp") setChosen((at + goals.length - 1) % Math.max(1, goals.length));
    else if (event.key === "Enter") void go(goals[at]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title="Jump to a channel or a person, or search" size="top" bare onClose={closeOverlay}>
      <div class="switcher">
        <label class="switcher-field">
          <Icon name="search" />
          <span class="visually-hidden">Channel or person</span>
          <input
            autoFocus
            dir="auto"
            role="combobox"
            placeholder="Channel, person, or words to search for"
            autoComplete="off"
            spellcheck={false}
            maxLength={80}
            aria-expanded="true"
            aria-controls="switcher-list"
            aria-activedescendant={goals.length ? `goal-${at}` : undefined}
            value={sought}
            onInput={(event) => {
              setSought(event.currentTarget.value);
              setChosen(0);
            }}
            onKeyDown={press}
          />
        </label>
        <div id="switcher-list" role="listbox" aria-label="Found">
          {goals.map((goal, index) => (
            <div
              key={goal.id}
              id={`goal-${index}`}
              role="option"
              class="goal"
              aria-selected={index === at}
              onPointerMove={() => setChosen(index)}
              onClick={() => void go(goal)}
            >
              {goal.mark}
              <span dir="auto">{goal.title}</span>
              <span class="soft">{goal.note}</span>
            </div>
          ))}
        </div>
        <p class="switcher-none soft" role="status">
          {!goals.length && "Nothing has this name."}
        </p>
      </div>
    </Dialog>
  );
}

function usePeople(state: State, sought: string): readonly User[] {
  const [people, setPeople] = useState<readonly User[]>([]);
  useEffect(() => {
    let isWanted = true;
    const timer = setTimeout(() => {
      state.users.search(sought.trim().replace(/^@/, "")).then(
        (page) => isWanted && setPeople(page.items),
        () => isWanted && setPeople([]),
      );
    }, PAUSE_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [state, sought]);
  return people;
}

function findGoals(state: State, joined: readonly JoinedChannel[], people: readonly User[], sought: string): Goal[] {
  const places: Goal[] = [
    { id: "browse", title: "Browse channels", note: "", mark: <Icon name="compass" />, go: () => navigate("/browse") },
    { id: "threads", title: "Your threads", note: "", mark: <Icon name="thread" />, go: () => navigate("/threads") },
    { id: "account", title: "Your account", note: "", mark: <Icon name="user" />, go: () => navigate("/account") },
  ];
  const channels = joined.map((channel) => channelGoal(state, channel));
  const written = new Set(
    joined.filter((one) => one.direct_user_ids?.length === 2).flatMap((one) => one.direct_user_ids!),
  );
  const others = people
    .filter((user) => !user.disabled && !(written.has(user.id) && user.id !== state.session.me.peek()?.id))
    .map((user) => personGoal(state, user));
  const words = sought.trim().replace(/^[#@]/, "");
  if (!words) return [...channels.sort((a, b) => b.unread - a.unread), ...others, ...places].slice(0, SHOWN);
  const search: Goal = {
    id: "search",
    title: `Search messages for “${sought.trim()}”`,
    note: "",
    mark: <Icon name="search" />,
    go: () => navigate(searchPath(sought.trim())),
  };
  const found = [...channels, ...others, ...places]
    .map((goal) => ({ goal, score: rank(`${goal.title} ${goal.note}`, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, SHOWN - 1)
    .map(({ goal }) => goal);
  return [...found, search];
}

function channelGoal(state: State, channel: JoinedChannel): Goal & { unread: number } {
  const title = state.channels.title(channel);
  const { unread } = channel.membership;
  return {
    id: `channel-${channel.id}`,
    title,
    note: unread ? `${unread} unread` : "",
    mark: <ChannelMark channel={channel} title={title} />,
    unread,
    go: () => navigate(channelPath(channel.id)),
  };
}

function personGoal(state: State, user: User): Goal {
  return {
    id: `person-${user.id}`,
    title: user.display_name,
    note: `@${user.username}`,
    mark: (
      <Avatar id={user.id} name={user.display_name} size="small" online={state.channels.online.value.has(user.id)} />
    ),
    go: async () => navigate(channelPath((await state.channels.openDirect([user.id])).id)),
  };
}
