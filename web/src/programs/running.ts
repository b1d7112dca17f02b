/** What is written after a slash, being run; and what came of it. Nothing that was written is lost by a refusal. */
import { batch, type Signal, signal } from "@preact/signals";
import { channelPath, navigate } from "../app/router";
import { ownPostings, type Posting } from "../chat/features";
import { asFault, type Fault, isPassing } from "../protocol/faults";
import type { State } from "../state";
import { kept } from "../state/kept";

export interface Running {
  /** The command that is under way; "" where none is. */
  readonly name: Signal<string>;
  /** What it said to whoever ran it, and to nobody else. */
  readonly answer: Signal<string>;
  readonly refusal: Signal<{ readonly name: string; readonly fault: Fault; readonly post: () => void } | null>;
}

const COMMAND = /^\/([a-z][a-z0-9_-]{0,31})(?=\s|$)/i;

/** The command that a text begins with. Paths and the like are none: a name ends with a space. */
export const commandOf = (text: string): string | null => COMMAND.exec(text)?.[1]?.toLowerCase() ?? null;

const places = new Map<string, Running>();
/** One that may have been run all the same is asked for again under its own name, so that it posts once. */
const unsettled = new Map<string, { text: string; clientId: string }>();

const placeOf = (channelId: number, thread: number | null): string => `${channelId}/${thread ?? ""}`;

export function runningIn(channelId: number, thread: number | null): Running {
  return kept(places, placeOf(channelId, thread), () => ({
    name: signal(""),
    answer: signal(""),
    refusal: signal(null),
  }));
}

export function dismiss({ answer, refusal }: Running): void {
  batch(() => {
    answer.value = "";
    refusal.value = null;
  });
}

export async function run(posting: Posting, name: string, state: State): Promise<void> {
  const { channel, thread, text, done, post } = posting;
  const running = runningIn(channel.id, thread);
  if (running.name.peek()) return;
  const key = placeOf(channel.id, thread);
  const before = unsettled.get(key);
  const client_id = before?.text === text ? before.clientId : state.commands.clientId();
  unsettled.set(key, { text, clientId: client_id });
  batch(() => {
    dismiss(running);
    running.name.value = name;
  });
  try {
    const ran = await state.commands.run(channel.id, { client_id, text, thread });
    unsettled.delete(key);
    done();
    batch(() => {
      running.answer.value = ran.text ?? "";
      if (ran.message) ownPostings.value += 1;
    });
    if (ran.channel_id !== null && ran.channel_id !== channel.id) navigate(channelPath(ran.channel_id));
  } catch (error) {
    const fault = asFault(error);
    if (!isPassing(fault.code)) unsettled.delete(key);
    running.refusal.value = { name, fault, post };
  } finally {
    running.name.value = "";
  }
}
