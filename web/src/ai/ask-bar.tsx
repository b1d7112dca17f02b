/** Above the field: whom one asks, what is left to ask with, and what went wrong. */
import { useLayoutEffect } from "preact/hooks";
import { addShortcuts } from "../app/shortcuts";
import { useChalkline } from "../app/state";
import type { ChannelView, JoinedChannel } from "../state";
import { IconButton } from "../ui/button";
import { Icon } from "../ui/icon";
import { useAnswerAnnouncements } from "./announcing";
import { askingIn, isAsked, isThere, leaveRephrasing, toggle } from "./asking";
import { ModelMenu } from "./model-menu";
import { aiWords } from "./words";

interface AskBarProps {
  channel: JoinedChannel;
  view: ChannelView;
  text: string;
}

export function AskBar({ channel, view, text }: AskBarProps) {
  const state = useChalkline();
  useAnswerAnnouncements(view);
  useLayoutEffect(() => {
    const run = () => toggle(channel, state);
    return addShortcuts([{ keys: "Mod+J", words: "Ask the assistant", group: "Writing", run }]);
  }, [channel.id, state]);
  const asking = askingIn(channel);
  const there = isThere(state);
  return (
    <>
      {asking.fault.value && <Refusal channel={channel} />}
      {there === false && (asking.isExplained.value || channel.kind === "ai") && <Missing channel={channel} />}
      {there === true && isAsked(channel, text) && <Mode channel={channel} />}
    </>
  );
}

function Mode({ channel }: { channel: JoinedChannel }) {
  const state = useChalkline();
  const asking = askingIn(channel);
  const isOwnPlace = channel.kind === "ai";
  const isRephrasing = asking.branchOf.value !== null;
  const end = () => (isRephrasing ? leaveRephrasing(channel, state) : toggle(channel, state));
  const isQuiet = isOwnPlace && !isRephrasing;
  return (
    <div class={`ask-bar${isQuiet ? " is-quiet" : ""}`}>
      {!isQuiet && <Icon name={isRephrasing ? "edit" : "sparkles"} />}
      <p>
        {!isQuiet && (isRephrasing ? "Asking this in other words: a new branch" : "Ask the assistant")}
        {!isOwnPlace && <span class="soft only-wide"> · everybody sees it</span>}
      </p>
      <ModelMenu channel={channel} />
      {(isRephrasing || (!isOwnPlace && asking.isOn.value)) && (
        <IconButton icon="x" label={isRephrasing ? "Leave the question as it was" : "Don’t ask"} onClick={end} />
      )}
    </div>
  );
}

function Refusal({ channel }: { channel: JoinedChannel }) {
  const state = useChalkline();
  const { fault } = askingIn(channel);
  return (
    <div class="ask-fault" role="alert">
      <p>
        <Icon name="alert" /> Not asked. {fault.value && aiWords(fault.value, state)}
      </p>
      <IconButton icon="x" label="Dismiss" onClick={() => (fault.value = null)} />
    </div>
  );
}

function Missing({ channel }: { channel: JoinedChannel }) {
  const state = useChalkline();
  const { isExplained } = askingIn(channel);
  const why = state.ai.missing.value;
  return (
    <div class="ask-fault is-calm" role="status">
      <p>
        <Icon name="sparkles" /> {why ? aiWords(why, state) : "There is no model to ask."}
      </p>
      <button type="button" class="link-button" onClick={() => void state.ai.look()}>
        Look again
      </button>
      {isExplained.value && <IconButton icon="x" label="Dismiss" onClick={() => (isExplained.value = false)} />}
    </div>
  );
}
