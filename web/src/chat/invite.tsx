/** Bringing people into a channel. */
import { useEffect, useState } from "preact/hooks";
import { closeOverlay } from "../app/overlays";
import { useChalkline } from "../app/state";
import { asFault } from "../protocol/faults";
import type { User } from "../protocol/wire";
import type { JoinedChannel } from "../state";
import { Avatar } from "../ui/avatar";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Loading } from "../ui/empty";
import { Field } from "../ui/field";
import { announce } from "../ui/live";
import { faultWords } from "../words";

const PAUSE_MS = 150;

export function Invite({ channel }: { channel: JoinedChannel }) {
  const { channels, users } = useChalkline();
  const [sought, setSought] = useState("");
  const [found, setFound] = useState<readonly User[] | null>(null);
  const [wrong, setWrong] = useState("");
  const members = new Set(channels.members(channel.id).value?.map((member) => member.user_id));

  useEffect(() => {
    let isWanted = true;
    const timer = setTimeout(() => {
      users.search(sought.trim()).then(
        (page) => isWanted && setFound(page.items.filter((user) => !user.disabled)),
        (error) => isWanted && setWrong(faultWords(asFault(error))),
      );
    }, PAUSE_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [users, sought]);

  return (
    <Dialog title={`Bring people into ${channel.name}`} onClose={closeOverlay}>
      <Field
        label="Find somebody"
        type="search"
        value={sought}
        autoFocus
        autoComplete="off"
        maxLength={80}
        placeholder="Name"
        error={wrong || undefined}
        onInput={(event) => setSought(event.currentTarget.value)}
      />
      {!found && !wrong && <Loading />}
      <ul class="people people-tall" aria-label="People found">
        {found?.map((user) => (
          <Candidate key={user.id} user={user} isIn={members.has(user.id)} channelId={channel.id} onWrong={setWrong} />
        ))}
      </ul>
      {found && !found.length && <p class="soft">Nobody has this name.</p>}
    </Dialog>
  );
}

interface CandidateProps {
  user: User;
  isIn: boolean;
  channelId: number;
  onWrong: (why: string) => void;
}

function Candidate({ user, isIn, channelId, onWrong }: CandidateProps) {
  const { channels } = useChalkline();
  const [busy, setBusy] = useState(false);
  const add = async () => {
    setBusy(true);
    onWrong("");
    try {
      await channels.putMember(channelId, user.id);
      announce(`${user.display_name} is in the channel now`);
    } catch (error) {
      onWrong(faultWords(asFault(error)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <li class="person">
      <Avatar id={user.id} name={user.display_name} size="small" />
      <span class="person-names">
        <span dir="auto">{user.display_name}</span>
        <span class="soft">@{user.username}</span>
      </span>
      {isIn ? (
        <span class="soft">is in</span>
      ) : (
        <Button busy={busy} aria-label={`Add ${user.display_name}`} onClick={() => void add()}>
          Add
        </Button>
      )}
    </li>
  );
}
