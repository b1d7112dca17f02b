import { useEffect, useState } from "preact/hooks";
import { useChalkline } from "../app/state";
import { asFault } from "../protocol/faults";
import type { Message, Version } from "../protocol/wire";
import { Loading } from "../ui/empty";
import { fullTime } from "../ui/time";
import { faultWords } from "../words";
import { Markdown } from "./markdown/render";

/** The oldest first, what it says now at the end. */
export function VersionsList({ message }: { message: Message }) {
  const { messages, users } = useChalkline();
  const [versions, setVersions] = useState<readonly Version[] | null>(null);
  const [wrong, setWrong] = useState("");
  useEffect(() => {
    messages.versions(message.channel_id, message.seq).then(setVersions, (error: unknown) => {
      setWrong(faultWords(asFault(error)));
    });
  }, [messages, message]);
  if (wrong) return <p class="notice notice-danger">{wrong}</p>;
  if (!versions) return <Loading />;
  return (
    <ol class="versions">
      {versions.map((version) => (
        <li key={version.number}>
          <p class="soft">
            Until {fullTime(version.replaced_at)}, when <span dir="auto">{users.name(version.replaced_by)}</span>{" "}
            changed it
          </p>
          <Markdown text={version.text} />
        </li>
      ))}
      <li>
        <p class="soft">Now</p>
        {message.deleted_at ? <p class="message-gone">Deleted.</p> : <Markdown text={message.text} />}
      </li>
    </ol>
  );
}
