/** Names to choose from while somebody writes `@…`: a list under the keyboard's control. */
import { useRef, useState } from "preact/hooks";
import { useChalkline } from "../app/state";
import type { Member } from "../protocol/wire";
import { Avatar } from "../ui/avatar";
import type { ComposerText } from "./features";

const SHOWN = 6;
const BEGUN = /(?:^|[\s(])@([\p{L}\p{N}._-]{0,32})$/u;
const LIST_ID = "mention-list";

export interface Mentions {
  found: readonly Member[];
  chosen: number;
  aria: Record<string, string | boolean | undefined>;
  update: () => void;
  close: () => void;
  press: (event: KeyboardEvent) => boolean;
  take: (member: Member) => void;
}

export function useMentions(
  channelId: number,
  field: { current: HTMLTextAreaElement | null },
  put: (text: ComposerText) => void,
): Mentions {
  const { channels } = useChalkline();
  const [begun, setBegun] = useState<string | null>(null);
  const [chosen, setChosen] = useState(0);
  const dismissed = useRef<string | null>(null);
  const found = begun === null ? [] : search(channels.members(channelId).value ?? [], begun);

  const update = () => {
    const element = field.current;
    const isCaret = element && element.selectionStart === element.selectionEnd;
    const match = isCaret && BEGUN.exec(element.value.slice(0, element.selectionStart).slice(-40));
    const now = match ? match[1]! : null;
    if (now !== dismissed.current) dismissed.current = null;
    const next = dismissed.current === null ? now : null;
    if (next !== begun) setChosen(0);
    setBegun(next);
  };
  const close = () => setBegun(null);
  const take = (member: Member) => {
    const element = field.current!;
    const end = element.selectionStart;
    const start = end - begun!.length;
    const text = `${element.value.slice(0, start)}${member.username} ${element.value.slice(end)}`;
    close();
    put({ text, start: start + member.username.length + 1, end: start + member.username.length + 1 });
  };
  const press = (event: KeyboardEvent): boolean => {
    if (!found.length) return false;
    if (event.key === "ArrowDown") setChosen((chosen + 1) % found.length);
    else if (event.key === "ArrowUp") setChosen((chosen + found.length - 1) % found.length);
    else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") take(found[chosen] ?? found[0]!);
    else if (event.key === "Escape") {
      dismissed.current = begun;
      close();
    } else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const aria = {
    "aria-autocomplete": "list",
    "aria-haspopup": "listbox",
    "aria-controls": found.length ? LIST_ID : undefined,
    "aria-activedescendant": found.length ? `${LIST_ID}-${chosen}` : undefined,
  };
  return { found, chosen, aria, update, close, press, take };
}

function search(members: readonly Member[], begun: string): Member[] {
  const sought = begun.toLocaleLowerCase();
  const begins = (name: string) => name.toLocaleLowerCase().startsWith(sought);
  return members
    .filter(({ username, display_name }) => begins(username) || display_name.split(" ").some(begins))
    .slice(0, SHOWN);
}

export function MentionList({ mentions }: { mentions: Mentions }) {
  if (!mentions.found.length) return null;
  return (
    <div id={LIST_ID} class="mention-list" role="listbox" aria-label="People">
      {mentions.found.map((member, index) => (
        <div
          key={member.user_id}
          id={`${LIST_ID}-${index}`}
          role="option"
          aria-selected={index === mentions.chosen}
          onMouseDown={(event) => {
            event.preventDefault();
            mentions.take(member);
          }}
        >
          <Avatar id={member.user_id} name={member.display_name} size="small" />
          <span dir="auto">{member.display_name}</span>
          <span class="soft">@{member.username}</span>
        </div>
      ))}
    </div>
  );
}
