import { useChalkline } from "../app/state";
import { names } from "../words";

const NAMED = 3;

/** Who writes right now. It has its place also while nobody does, so nothing moves. */
export function TypingLine({ channelId }: { channelId: number }) {
  const { channels, users } = useChalkline();
  const typing = channels.typing(channelId).value;
  return (
    <p class="typing-line">
      {typing.length > 0 && (
        <>
          <span class="typing-dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <span dir="auto">{words(typing.map((id) => users.name(id)))}</span>
        </>
      )}
    </p>
  );
}

function words(people: string[]): string {
  if (people.length > NAMED) return "Several people are writing…";
  return `${names(people)} ${people.length === 1 ? "is" : "are"} writing…`;
}
