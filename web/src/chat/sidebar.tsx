/** The channels one is in, what is unread in them, and oneself. */
import type { ComponentChildren } from "preact";
import { closeDrawer, isDrawerOpen } from "../app/drawer";
import { channelPath, navigate, route } from "../app/router";
import { signOut } from "../app/sign-out";
import { useChalkline } from "../app/state";
import { markAllRead, openSheet } from "../app/workspace-shortcuts";
import type { JoinedChannel } from "../state";
import { Avatar } from "../ui/avatar";
import { IconButton } from "../ui/button";
import { Icon, type IconName } from "../ui/icon";
import { Menu } from "../ui/menu";
import { APP, count, MOD } from "../words";
import { sidebarSections } from "./features";
import { openCreateChannel, openNewDirect, openSwitcher } from "./windows";

export function Sidebar() {
  const { channels, instance } = useChalkline();
  const joined = channels.joined.value;
  const open = joined.filter((channel) => channel.kind === "channel" && !channel.archived_at);
  const archived = joined.filter((channel) => channel.kind === "channel" && channel.archived_at);
  const direct = joined.filter((channel) => channel.kind === "direct");
  return (
    <div
      class={`sidebar${isDrawerOpen.value ? " is-open" : ""}`}
      onKeyDown={(event) => event.key === "Escape" && isDrawerOpen.value && closeDrawer()}
    >
      <header class="sidebar-header">
        <img src="/icon.svg" alt="" width="26" height="26" />
        <strong dir="auto">{instance.value?.name ?? APP}</strong>
        <IconButton icon="x" label="Hide channels" class="only-narrow" onClick={closeDrawer} />
      </header>
      <button type="button" class="jump" onClick={openSwitcher}>
        <Icon name="search" />
        <span>Jump to…</span>
        <kbd>{MOD} K</kbd>
      </button>
      <nav class="sidebar-lists" aria-label="Channels">
        <ul>
          <ThreadsLink />
          <PlaceLink view="search" href="/search" icon="search" label="Search" />
        </ul>
        <div class="sidebar-heading">
          <h2>Channels</h2>
          <IconButton icon="plus" label="New channel" onClick={openCreateChannel} />
        </div>
        <ul>
          {open.map((channel) => (
            <ChannelLink key={channel.id} channel={channel} />
          ))}
          <PlaceLink view="browse" href="/browse" icon="compass" label="Browse channels" />
        </ul>
        <div class="sidebar-heading">
          <h2>Direct messages</h2>
          <IconButton icon="plus" label="Write to somebody" onClick={openNewDirect} />
        </div>
        <ul>
          {direct.map((channel) => (
            <ChannelLink key={channel.id} channel={channel} />
          ))}
          {!direct.length && <li class="sidebar-none">Nobody yet</li>}
        </ul>
        {archived.length > 0 && (
          <details class="archived">
            <summary>Archived</summary>
            <ul>
              {archived.map((channel) => (
                <ChannelLink key={channel.id} channel={channel} />
              ))}
            </ul>
          </details>
        )}
        {sidebarSections.map((Section, index) => (
          <Section key={index} />
        ))}
      </nav>
      <Me />
    </div>
  );
}

interface PlaceLinkProps {
  view: "browse" | "search" | "threads";
  href: string;
  icon: IconName;
  label: string;
  isUnread?: boolean;
  children?: ComponentChildren;
}

function PlaceLink({ view, href, icon, label, isUnread = false, children }: PlaceLinkProps) {
  const isHere = route.value.view === view;
  return (
    <li>
      <a
        class={`channel-link is-quiet${isUnread ? " is-unread" : ""}`}
        href={href}
        aria-current={isHere ? "page" : undefined}
        onClick={closeDrawer}
      >
        <Icon name={icon} />
        <span dir="auto">{label}</span>
        {children}
      </a>
    </li>
  );
}

function ThreadsLink() {
  const { threads } = useChalkline();
  const unread = threads.unread.value;
  return (
    <PlaceLink view="threads" href="/threads" icon="thread" label="Threads" isUnread={unread > 0}>
      <Count
        amount={unread}
        isCalling={threads.mentions.value > 0}
        words={count(unread, "unread reply", "unread replies")}
      />
    </PlaceLink>
  );
}

export function ChannelLink({ channel }: { channel: JoinedChannel }) {
  const { channels, attention } = useChalkline();
  const now = route.value;
  const isHere = now.view === "channel" && now.channelId === channel.id;
  const { unread, mentions } = channel.membership;
  const calls = attention.callsOf(channel);
  const isMuted = attention.levelOf(channel) === "none";
  const title = channels.title(channel);
  const words = mentions
    ? `${count(unread, "unread message")}, ${count(mentions, "mention")}`
    : count(unread, "unread message");
  return (
    <li>
      <a
        class={`channel-link${unread && !isMuted ? " is-unread" : ""}${isMuted ? " is-muted" : ""}`}
        href={channelPath(channel.id)}
        aria-current={isHere ? "page" : undefined}
        onClick={closeDrawer}
      >
        <ChannelMark channel={channel} title={title} />
        <span dir="auto">{title}</span>
        {!isMuted && <Count amount={calls || unread} isCalling={calls > 0} words={words} />}
      </a>
    </li>
  );
}

/** Filled: it calls for one. */
function Count({ amount, isCalling, words }: { amount: number; isCalling: boolean; words: string }) {
  if (!amount) return null;
  return (
    <span class={`count${isCalling ? "" : " is-quiet"}`}>
      <span aria-hidden="true">{amount > 99 ? "99+" : amount}</span>
      <span class="visually-hidden">{words}</span>
    </span>
  );
}

export function ChannelMark({ channel, title }: { channel: JoinedChannel; title: string }) {
  const { channels, session } = useChalkline();
  if (channel.kind === "channel") return <Icon name={channel.visibility === "private" ? "lock" : "hash"} />;
  if (channel.kind === "ai") return <Icon name="sparkles" />;
  const others = (channel.direct_user_ids ?? []).filter((id) => id !== session.me.value?.id);
  if (others.length > 1) return <span class="group-mark">{others.length}</span>;
  const person = others[0] ?? session.me.value?.id ?? 0;
  return <Avatar id={person} name={title} size="small" online={channels.online.value.has(person)} />;
}

function Me() {
  const { session, connection, attention } = useChalkline();
  const me = session.me.value;
  if (!me) return null;
  const isOnline = connection.status.value === "online";
  const items = [
    { label: "Your account", icon: "user" as const, run: () => navigate("/account") },
    { label: "Mark everything as read", icon: "check" as const, run: () => void markAllRead(attention) },
    ...(me.role === "admin"
      ? [{ label: "Administration", icon: "shield" as const, run: () => navigate("/admin") }]
      : []),
    { label: "Keyboard shortcuts", icon: "keyboard" as const, run: openSheet },
    { label: "Sign out", icon: "leave" as const, run: () => void signOut(session) },
  ];
  return (
    <footer class="me">
      <Menu label="Your menu" isNamed class="me-button" side="above" items={items}>
        <Avatar id={me.id} name={me.display_name} online={isOnline} />
        <span class="me-names">
          <strong dir="auto">{me.display_name}</strong>
          <span class="soft">{isOnline ? me.status || "Online" : "Connecting…"}</span>
        </span>
        <span class="visually-hidden">Your menu</span>
        <Icon name="more" />
      </Menu>
    </footer>
  );
}
