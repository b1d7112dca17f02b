/** The channels one is in, what is unread in them, and oneself. */
import { closeDrawer, isDrawerOpen } from "../app/drawer";
import { openOverlay } from "../app/overlays";
import { channelPath, navigate, route } from "../app/router";
import { useChalkline } from "../app/state";
import { openSheet, openSwitcher } from "../app/workspace-shortcuts";
import type { JoinedChannel } from "../state";
import { Avatar } from "../ui/avatar";
import { IconButton } from "../ui/button";
import { Icon } from "../ui/icon";
import { Menu } from "../ui/menu";
import { APP, count, MOD } from "../words";
import { CreateChannel } from "./channel-dialogs";

export function Sidebar() {
  const { channels, instance } = useChalkline();
  const joined = channels.joined.value;
  const open = joined.filter((channel) => channel.kind === "channel");
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
        <div class="sidebar-heading">
          <h2>Channels</h2>
          <IconButton icon="plus" label="New channel" onClick={() => openOverlay(<CreateChannel />)} />
        </div>
        <ul>
          {open.map((channel) => (
            <ChannelLink key={channel.id} channel={channel} />
          ))}
          <li>
            <a
              class="channel-link is-quiet"
              href="/browse"
              aria-current={route.value.view === "browse" ? "page" : undefined}
            >
              <Icon name="compass" />
              <span>Browse channels</span>
            </a>
          </li>
        </ul>
        <div class="sidebar-heading">
          <h2>Direct messages</h2>
          <IconButton icon="plus" label="Write to somebody" onClick={openSwitcher} />
        </div>
        <ul>
          {direct.map((channel) => (
            <ChannelLink key={channel.id} channel={channel} />
          ))}
          {!direct.length && <li class="sidebar-none">Nobody yet</li>}
        </ul>
      </nav>
      <Me />
    </div>
  );
}

function ChannelLink({ channel }: { channel: JoinedChannel }) {
  const { channels } = useChalkline();
  const now = route.value;
  const isHere = now.view === "channel" && now.channelId === channel.id;
  const { unread } = channel.membership;
  const title = channels.title(channel);
  return (
    <li>
      <a
        class={`channel-link${unread && !isHere ? " is-unread" : ""}`}
        href={channelPath(channel.id)}
        aria-current={isHere ? "page" : undefined}
        onClick={closeDrawer}
      >
        <ChannelMark channel={channel} title={title} />
        <span dir="auto">{title}</span>
        {unread > 0 && !isHere && (
          <span class="count" aria-label={count(unread, "unread message")}>
            {unread > 99 ? "99+" : unread}
          </span>
        )}
      </a>
    </li>
  );
}

export function ChannelMark({ channel, title }: { channel: JoinedChannel; title: string }) {
  const { channels, session } = useChalkline();
  if (channel.kind === "channel") return <Icon name={channel.visibility === "private" ? "lock" : "hash"} />;
  const others = (channel.direct_user_ids ?? []).filter((id) => id !== session.me.value?.id);
  if (others.length > 1) return <span class="group-mark">{others.length}</span>;
  const person = others[0] ?? session.me.value?.id ?? 0;
  return <Avatar id={person} name={title} size="small" online={channels.online.value.has(person)} />;
}

function Me() {
  const { session, connection } = useChalkline();
  const me = session.me.value;
  if (!me) return null;
  const isOnline = connection.status.value === "online";
  const items = [
    { label: "Your account", icon: "user" as const, run: () => navigate("/account") },
    ...(me.role === "admin"
      ? [{ label: "Administration", icon: "shield" as const, run: () => navigate("/admin") }]
      : []),
    { label: "Keyboard shortcuts", icon: "keyboard" as const, run: openSheet },
    { label: "Sign out", icon: "leave" as const, run: () => void session.signOut().catch(() => {}) },
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
