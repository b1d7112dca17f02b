/** Who is in a channel, who is there now, and what may be done about them. */
import { useState } from "preact/hooks";
import { openOverlay } from "../app/overlays";
import { useChalkline } from "../app/state";
import { asFault } from "../protocol/faults";
import type { ChannelRole, Member } from "../protocol/wire";
import type { JoinedChannel, State } from "../state";
import { Avatar } from "../ui/avatar";
import { Button, IconButton } from "../ui/button";
import { Confirm } from "../ui/confirm";
import { Loading } from "../ui/empty";
import { Icon } from "../ui/icon";
import { notify } from "../ui/live";
import { Menu, type MenuItem } from "../ui/menu";
import { faultWords } from "../words";
import { isBot } from "./author";
import { memberMenus, sidePanes } from "./features";
import { openInvite, openProfile } from "./windows";

sidePanes.push({
  id: "members",
  title: "Members",
  icon: "users",
  label: (channel) => String(channel.member_count),
  Pane: MembersPane,
});

const ROLES: Record<ChannelRole, string> = { owner: "Owner", moderator: "Moderator", member: "" };

function MembersPane({ channel, onClose }: { channel: JoinedChannel; onClose: () => void }) {
  const { channels } = useChalkline();
  const members = channels.members(channel.id).value;
  const online = channels.online.value;
  const there = members?.filter((member) => online.has(member.user_id)) ?? [];
  const away = members?.filter((member) => !online.has(member.user_id)) ?? [];
  return (
    <>
      <header class="pane-header">
        <h2>Members</h2>
        <IconButton icon="x" label="Close members" onClick={onClose} />
      </header>
      <div class="pane-body">
        {channel.kind === "channel" && (
          <Button icon="userPlus" onClick={() => openInvite(channel)}>
            Bring people in
          </Button>
        )}
        {!members && <Loading label="Loading members" />}
        <Group title="Online" members={there} channel={channel} isOnline />
        <Group title="Not online" members={away} channel={channel} isOnline={false} />
      </div>
    </>
  );
}

interface GroupProps {
  title: string;
  members: readonly Member[];
  channel: JoinedChannel;
  isOnline: boolean;
}

/** So many at once; nobody reads a longer list, and the page would have to build it. */
const SHOWN = 100;

function Group({ title, members, channel, isOnline }: GroupProps) {
  const [shown, setShown] = useState(SHOWN);
  if (!members.length) return null;
  const left = members.length - shown;
  return (
    <section>
      <h3 class="pane-heading">
        {title} <span>{members.length}</span>
      </h3>
      <ul class="people">
        {members.slice(0, shown).map((member) => (
          <Person key={member.user_id} member={member} channel={channel} isOnline={isOnline} />
        ))}
      </ul>
      {left > 0 && (
        <button type="button" class="link-button" onClick={() => setShown(shown + SHOWN * 5)}>
          {left} more
        </button>
      )}
    </section>
  );
}

function Person({ member, channel, isOnline }: { member: Member; channel: JoinedChannel; isOnline: boolean }) {
  const state = useChalkline();
  const items = memberItems(state, channel, member);
  return (
    <li class="person">
      <button type="button" class="person-button" onClick={() => openProfile(member.user_id)}>
        <Avatar id={member.user_id} name={member.display_name} size="small" online={isOnline} />
        <span dir="auto">{member.display_name}</span>
        <span class="visually-hidden">{isOnline ? "online" : "not online"}</span>
        {isBot(member.user_id) && <span class="badge">Bot</span>}
        {ROLES[member.role] && <span class="badge">{ROLES[member.role]}</span>}
      </button>
      {items.length > 0 && (
        <Menu label={`What to do about ${member.display_name}`} items={items}>
          <Icon name="more" />
        </Menu>
      )}
    </li>
  );
}

function memberItems(state: State, channel: JoinedChannel, member: Member): MenuItem[] {
  const mine = channel.membership.role;
  if (channel.kind !== "channel" || member.user_id === state.session.me.value?.id) return [];
  const items: MenuItem[] = [];
  if (mine === "owner") {
    for (const role of ["owner", "moderator", "member"] as const) {
      if (role !== member.role)
        items.push({ label: `Make ${role}`, icon: "shield", run: () => void change(state, channel, member, role) });
    }
  }
  if (mine === "owner" || (mine === "moderator" && member.role === "member")) {
    items.push({
      label: "Remove from channel",
      icon: "leave",
      danger: true,
      run: () => askToRemove(state, channel, member),
    });
  }
  items.push(...memberMenus.flatMap((offer) => offer(channel, member, state)));
  return items;
}

async function change(state: State, channel: JoinedChannel, member: Member, role: ChannelRole): Promise<void> {
  try {
    await state.channels.putMember(channel.id, member.user_id, role);
    notify(`${member.display_name} is ${role} now`);
  } catch (error) {
    notify(faultWords(asFault(error)), true);
  }
}

function askToRemove(state: State, channel: JoinedChannel, member: Member): void {
  openOverlay(
    <Confirm
      title={`Remove ${member.display_name}?`}
      words={`They will no longer see ${channel.name}, from this moment on.`}
      action="Remove"
      run={() => state.channels.removeMember(channel.id, member.user_id)}
    />,
  );
}
