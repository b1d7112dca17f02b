/** Who somebody is, and writing to them. */
import { closeOverlay, openOverlay } from "../app/overlays";
import { channelPath, navigate } from "../app/router";
import { useChalkline } from "../app/state";
import { Avatar } from "../ui/avatar";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Loading } from "../ui/empty";
import { useSubmission } from "../ui/form";
import { dateOf } from "../ui/time";
import { faultWords } from "../words";

export function openProfile(userId: number): void {
  openOverlay(<Profile userId={userId} />);
}

function Profile({ userId }: { userId: number }) {
  const state = useChalkline();
  const user = state.users.get(userId).value;
  const isOnline = state.channels.online.value.has(userId);
  const submission = useSubmission();
  const write = () =>
    submission.run(async () => {
      const channel = await state.channels.openDirect([userId]);
      closeOverlay();
      navigate(channelPath(channel.id));
    });
  return (
    <Dialog title="Profile" onClose={closeOverlay}>
      {!user ? (
        <Loading />
      ) : (
        <div class="profile">
          <Avatar id={user.id} name={user.display_name} size="large" />
          <h3 dir="auto">{user.display_name}</h3>
          <p class="soft">
            @{user.username}
            {user.role === "admin" && <span class="badge">Admin</span>}
          </p>
          {user.status && <p dir="auto">{user.status}</p>}
          <p class="soft">
            {isOnline ? "Online now" : "Not online"} · here since {dateOf(user.created_at)}
          </p>
          {submission.fault && <p class="field-error">{faultWords(submission.fault)}</p>}
          {!user.deleted && (
            <Button look="primary" icon="message" busy={submission.busy} onClick={() => void write()}>
              {user.id === state.session.me.value?.id ? "Notes to yourself" : "Message"}
            </Button>
          )}
        </div>
      )}
    </Dialog>
  );
}
