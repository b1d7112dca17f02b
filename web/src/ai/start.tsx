/** What stands at the beginning of a conversation: what it is, and words to begin with. */
import { useChalkline } from "../app/state";
import { focusComposer } from "../chat/focus";
import type { JoinedChannel } from "../state";
import { Icon } from "../ui/icon";

const BEGINNINGS = ["What did I miss today?", "Where did we talk about ", "Explain in simple words: "];

export function ConversationStart({ channel }: { channel: JoinedChannel }) {
  const state = useChalkline();
  const draft = state.draft(channel.id);
  const isEmpty = !state.view(channel.id).rows.value.length;
  const put = (text: string) => {
    draft.value = text;
    focusComposer();
  };
  return (
    <div class="channel-start">
      <span class="empty-icon">
        <Icon name="sparkles" />
      </span>
      <h2 dir="auto">{channel.name}</h2>
      <p class="soft">
        {channel.member_count > 1 ? "The people in this conversation" : "Only you"} can read it. A model answers, and it
        can be wrong: look at what matters yourself.
      </p>
      {isEmpty && (
        <ul class="ai-beginnings">
          {BEGINNINGS.map((text) => (
            <li key={text}>
              <button type="button" class="button button-plain" onClick={() => put(text)}>
                {text.trim()}
                {text.endsWith(" ") && " …"}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
