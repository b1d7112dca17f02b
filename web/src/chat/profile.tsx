/** Who somebody is, and writing to them. */
import { closeOverlay } from "../app/overlays";
import { channelPath, navigate } from "../app/router";
import { useChalkline } from "../app/state";
import type { Via } from "../protocol/wire";
import { Avatar } from "../ui/avatar";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Loading } from "../ui/empty";
import { useSubmission } from "../ui/form";
import { dateOf } from "../ui/time";
import { ASSISTANT, faultWords } from "../words";
import { isProgram } from "./author";

interface ProfileProps {
  userId: number;
  /** Of a program: what it posted by. */
  via?: Via | undefined;
}

export function Profile({ userId, via }: ProfileProps) {
  if (userId === ASSISTANT) return <AboutAssistant />;
  return isProgram(userId) ? <AboutProgram via={via} /> : <AboutUser userId={userId} />;
}

/** Of its name only this much is sure: whoever posted chose it. */
function AboutProgram({ via }: { via: Via | undefined }) {
  const isCommand = via?.kind === "command";
  const name = via?.name ?? "Webhook";
  return (
    <Dialog title="Profile" onClose={closeOverlay}>
      <div class="profile">
        <Avatar id={via?.id ?? 0} name={name} size="large" />
        <h3 dir="auto">{name}</h3>
        <p class="soft">
          <span class="badge badge-program">{isCommand ? "Command" : "Webhook"}</span>
        </p>
        <p>
          {isCommand
            ? "A program answered here to a slash command that somebody wrote."
            : "A program posts here, by a URL that the channel’s moderators made. It chooses the name it goes by."}
        </p>
      </div>
    </Dialog>
  );
}

function AboutAssistant() {
  return (
    <Dialog title="Profile" onClose={closeOverlay}>
      <div class="profile">
        <Avatar id={ASSISTANT} name="Assistant" size="large" />
        <h3>Assistant</h3>
        <p>
          A language model answers here, and can be wrong. It reads the channel that it is asked in, with the rights of
          whoever asks, and nothing else.
        </p>
      </div>
    </Dialog>
  );
}

function AboutUser({ userId }: { userId: number }) {
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
            {user.bot && <span class="badge badge-program">Bot</span>}
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
