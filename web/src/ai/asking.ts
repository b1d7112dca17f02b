/** What is being asked in each channel, before it is in the log. Nothing that was written is lost by a refusal. */
import { batch, type Signal, signal } from "@preact/signals";
import { hasKeyboard, focusComposer } from "../chat/focus";
import { ownPostings, type Posting } from "../chat/features";
import { asFault, type Fault, isPassing } from "../protocol/faults";
import type { Channel, Message } from "../protocol/wire";
import type { JoinedChannel, State } from "../state";
import { kept } from "../state/kept";
import { notify } from "../ui/live";
import { answerShown, choicesNow, showNewest } from "./branching";
import type { Choices } from "./branches";
import { asksByWords, HANDLE, isCommand, withoutCommand } from "./commands";
import { aiWords } from "./words";

export interface Asking {
  /** What is sent is a question. */
  readonly isOn: Signal<boolean>;
  /** The model that was chosen here; null leaves it to the channel. */
  readonly model: Signal<string | null>;
  /** The question that is being asked in other words. */
  readonly branchOf: Signal<number | null>;
  readonly isBusy: Signal<boolean>;
  readonly fault: Signal<Fault | null>;
  /** Why there is nobody to ask, for who asked to know. */
  readonly isExplained: Signal<boolean>;
}

const channels = new Map<number, Asking>();
/** A question that may have arrived all the same goes out again under its own name. */
const unsettled = new Map<number, { said: string; clientId: string }>();
const draftsBefore = new Map<number, string>();

export function askingIn({ id, kind }: Pick<Channel, "id" | "kind">): Asking {
  return kept(channels, id, () => ({
    isOn: signal(kind === "ai"),
    model: signal<string | null>(null),
    branchOf: signal<number | null>(null),
    isBusy: signal(false),
    fault: signal<Fault | null>(null),
    isExplained: signal(false),
  }));
}

export const isAsked = (channel: JoinedChannel, text: string): boolean =>
  askingIn(channel).isOn.value || asksByWords(text);

/** Whether this is a question. A name is only a name where a member has it, or where nobody listens. */
export function asksIn({ channel, thread, text }: Posting, state: State): boolean {
  if ((thread === null && askingIn(channel).isOn.peek()) || isCommand(text)) return true;
  if (!asksByWords(text) || isThere(state) === false) return false;
  const members = state.channels.members(channel.id).peek();
  return !members?.some(({ username }) => username === HANDLE);
}

/** Whether there is a model; null while that isn't known. */
export function isThere({ ai }: State): boolean | null {
  if (ai.models.value) return ai.models.value.length > 0;
  return ai.missing.value ? false : null;
}

export function toggle(channel: JoinedChannel, state: State): void {
  const { isOn, isExplained, fault } = askingIn(channel);
  if (isThere(state) === false) {
    isExplained.value = !isExplained.value;
    void state.ai.look();
    return;
  }
  isOn.value = !isOn.value;
  fault.value = null;
  if (hasKeyboard()) focusComposer();
}

/** Sends what was written as a question. It stays in the field until it is in the log. */
export async function ask(posting: Posting, state: State): Promise<void> {
  const { channel, view, thread, files, replyTo } = posting;
  const asking = askingIn(channel);
  const text = withoutCommand(posting.text);
  if (asking.isBusy.peek() || !(text || files.length)) return;
  const attachments = files.map(({ id }) => id);
  const branch_of = thread === null ? asking.branchOf.peek() : null;
  const shown = thread === null && branch_of === null ? answerShown(channel, view.rows.peek()) : null;
  const follows = replyTo ?? shown;
  const model = asking.model.peek();
  const choices = choicesNow(channel.id);
  const clientId = nameFor(channel.id, [text, ...attachments].join("\n"), state);
  batch(() => {
    asking.isBusy.value = true;
    asking.fault.value = null;
  });
  try {
    await state.ai.ask({
      channel_id: channel.id,
      client_id: clientId,
      text,
      ...(model === null ? {} : { model }),
      ...(follows === null ? {} : { reply_to: follows }),
      ...(thread === null ? {} : { thread }),
      ...(branch_of === null ? {} : { branch_of }),
      ...(attachments.length ? { attachments } : {}),
    });
    unsettled.delete(channel.id);
    batch(() => asked(posting, asking, choices));
  } catch (error) {
    const fault = asFault(error);
    if (!isPassing(fault.code)) unsettled.delete(channel.id);
    if (thread === null) asking.fault.value = fault;
    else notify(aiWords(fault, state), true);
  } finally {
    asking.isBusy.value = false;
  }
}

function asked(posting: Posting, asking: Asking, choices: Choices): void {
  const { channel, thread } = posting;
  if (thread !== null) return posting.done();
  asking.isOn.value = channel.kind === "ai";
  asking.branchOf.value = null;
  draftsBefore.delete(channel.id);
  showNewest(channel.id, choices);
  posting.done();
  ownPostings.value += 1;
}

function nameFor(channelId: number, said: string, { ai }: State): string {
  const before = unsettled.get(channelId);
  const clientId = before?.said === said ? before.clientId : ai.clientId();
  unsettled.set(channelId, { said, clientId });
  return clientId;
}

/** Puts an earlier question into the field, to be asked in other words. */
export function rephrase(channel: JoinedChannel, message: Message, state: State): void {
  const asking = askingIn(channel);
  const draft = state.draft(channel.id);
  if (asking.branchOf.peek() === null) draftsBefore.set(channel.id, draft.peek());
  batch(() => {
    asking.isOn.value = true;
    asking.branchOf.value = message.seq;
    draft.value = message.text;
  });
  focusComposer();
}

/** What was written before comes back. */
export function leaveRephrasing(channel: JoinedChannel, state: State): void {
  askingIn(channel).branchOf.value = null;
  state.draft(channel.id).value = draftsBefore.get(channel.id) ?? "";
  draftsBefore.delete(channel.id);
  focusComposer();
}

/** Stop, go on, answer again: what went wrong is said at the edge of the page. */
export async function attempt(action: Promise<unknown>, state: State): Promise<boolean> {
  try {
    await action;
    return true;
  } catch (error) {
    notify(aiWords(asFault(error), state), true);
    return false;
  }
}

export function mayStop(message: Message, channel: JoinedChannel | undefined, state: State): boolean {
  const role = channel?.membership.role;
  return message.ai?.asked_by === state.session.me.value?.id || role === "owner" || role === "moderator";
}
