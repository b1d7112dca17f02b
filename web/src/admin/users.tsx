import { openLater } from "../app/later";
import { openOverlay } from "../app/overlays";
import { useChalkline } from "../app/state";
import { asFault } from "../protocol/faults";
import type { User } from "../protocol/wire";
import { Avatar } from "../ui/avatar";
import { Confirm } from "../ui/confirm";
import { Icon } from "../ui/icon";
import { notify } from "../ui/live";
import { Menu, type MenuItem } from "../ui/menu";
import { Paged } from "../ui/paged";
import { dateOf } from "../ui/time";
import { faultWords } from "../words";

const restrain = () => import("../order/restrain").then((module) => module.Restrain);

type Replace = (user: User | null) => void;

export function Users() {
  const { admin } = useChalkline();
  return (
    <Paged
      label="Find people"
      load={admin.users}
      idOf={(user) => user.id}
      row={(user, replace) => <UserRow user={user} replace={replace} />}
      none={<p class="soft">Nobody has this name.</p>}
    />
  );
}

function UserRow({ user, replace }: { user: User; replace: Replace }) {
  const { channels, session } = useChalkline();
  const isMe = user.id === session.me.value?.id;
  const items = useUserItems(user, replace);
  return (
    <div class={`row${user.disabled ? " is-off" : ""}`}>
      <Avatar id={user.id} name={user.display_name} online={channels.online.value.has(user.id)} />
      <div class="row-text">
        <span class="row-title">
          <span dir="auto">{user.display_name}</span>
          {user.role === "admin" && <span class="badge">Admin</span>}
          {user.bot && <span class="badge badge-program">Bot</span>}
          {user.disabled && <span class="badge badge-danger">Disabled</span>}
        </span>
        <p class="row-note">
          @{user.username} · since {dateOf(user.created_at)}
        </p>
      </div>
      {isMe ? (
        <span class="soft">You</span>
      ) : (
        <Menu label={`What to do about ${user.display_name}`} items={items}>
          <Icon name="more" />
        </Menu>
      )}
    </div>
  );
}

function useUserItems(user: User, replace: Replace): MenuItem[] {
  const { admin } = useChalkline();
  const change = async (to: { role?: "admin" | "member"; disabled?: boolean }, done: string) => {
    try {
      replace(await admin.updateUser(user.id, to));
      notify(done);
    } catch (error) {
      notify(faultWords(asFault(error)), true);
    }
  };
  const name = user.display_name;
  const remove = (
    <Confirm
      title={`Delete ${name}?`}
      words="The account is gone for good, and its name is free. What they wrote stays, without a name."
      action="Delete account"
      run={async () => {
        await admin.deleteUser(user.id);
        replace(null);
        notify(`${name} was deleted`);
      }}
    />
  );
  const ban = () => openLater(restrain, { channel: null, userId: user.id, name, kind: "ban" as const });
  return [
    user.role === "admin"
      ? {
          label: "Make an ordinary member",
          icon: "user",
          run: () => void change({ role: "member" }, `${name} is no admin now`),
        }
      : { label: "Make admin", icon: "shield", run: () => void change({ role: "admin" }, `${name} is an admin now`) },
    user.disabled
      ? {
          label: "Let in again",
          icon: "check",
          run: () => void change({ disabled: false }, `${name} can sign in again`),
        }
      : {
          label: "Disable",
          icon: "lock",
          run: () => void change({ disabled: true }, `${name} was signed out and can’t sign in`),
        },
    ...(user.role === "admin"
      ? []
      : [{ label: "Ban from the workspace…", icon: "ban" as const, danger: true, run: ban }]),
    { label: "Delete", icon: "trash", danger: true, run: () => openOverlay(remove) },
  ];
}
