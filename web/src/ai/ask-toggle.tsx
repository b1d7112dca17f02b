/** Beside the button that sends: ask, or stop what is being answered. It has one place for both, so nothing moves. */
import { useComputed } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import { addShortcuts } from "../app/shortcuts";
import { useChalkline } from "../app/state";
import type { ChannelView, JoinedChannel, State } from "../state";
import { Icon } from "../ui/icon";
import { MOD } from "../words";
import { askingIn, attempt, isAsked, isThere, mayStop, toggle } from "./asking";

interface AskToggleProps {
  channel: JoinedChannel;
  view: ChannelView;
  text: string;
}

/** Who runs the server sees it also without a model, and is told what to do. */
export function AskToggle({ channel, view, text }: AskToggleProps) {
  const state = useChalkline();
  const running = useRunning(channel, view, state);
  const there = isThere(state);
  const stop = () => {
    for (const id of running) void attempt(state.ai.stop(id), state);
  };
  useLayoutEffect(() => {
    if (!running.length) return;
    return addShortcuts([{ keys: "Mod+.", words: "Stop the answer", group: "Writing", run: stop }]);
  }, [running.join(" ")]);
  if (running.length && !text) {
    return (
      <button type="button" class="ask-toggle is-stop" title={`Stop the answer (${MOD}+.)`} onClick={stop}>
        <Icon name="stop" />
        <span>Stop</span>
      </button>
    );
  }
  if (!there && !(there === false && state.session.me.value?.role === "admin")) return null;
  return (
    <button
      type="button"
      class="ask-toggle"
      aria-label="Ask the assistant"
      aria-pressed={there ? isAsked(channel, text) : false}
      title={channel.kind === "ai" ? "Ask, or only write it down" : `Ask the assistant (${MOD}+J)`}
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => toggle(channel, state)}
    >
      {askingIn(channel).isBusy.value ? <span class="spinner" aria-hidden="true" /> : <Icon name="sparkles" />}
      <span>Ask</span>
    </button>
  );
}

/** The answers under way here that one may stop. */
function useRunning(channel: JoinedChannel, view: ChannelView, state: State): number[] {
  // As a text, so that it changes only where it does.
  const ids = useComputed(() => {
    const messages = view.rows.value.flatMap(({ message }) => (message?.ai?.status === "running" ? [message] : []));
    return messages
      .filter((message) => mayStop(message, channel, state))
      .map(({ ai }) => ai!.run_id)
      .join(" ");
  }).value;
  return ids ? ids.split(" ").map(Number) : [];
}
