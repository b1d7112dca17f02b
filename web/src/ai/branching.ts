/** Which branch of a conversation is shown here: by choice, by the address, else where something was said last. */
import { type Signal, signal } from "@preact/signals";
import { channelPath, navigate, route } from "../app/router";
import { arrangements } from "../chat/features";
import type { Message } from "../protocol/wire";
import type { JoinedChannel, Row } from "../state";
import { kept } from "../state/kept";
import { above, branch, type Choices, choicesFor, pathOf, type Tree, treeOf } from "./branches";

const chosen = new Map<number, Signal<Choices>>();
const trees = new WeakMap<readonly Row[], Tree>();

const choicesIn = (channelId: number): Signal<Choices> => kept(chosen, channelId, () => signal<Choices>(new Map()));
const tree = (rows: readonly Row[]): Tree => kept(trees, rows, () => treeOf(rows));

arrangements.push((channel, rows) => {
  if (channel.kind !== "ai") return rows;
  return branch(rows, tree(rows), pathIn(channel.id, rows));
});

function pathIn(channelId: number, rows: readonly Row[]): number[] {
  const known = tree(rows);
  const now = route.value;
  const named = now.view === "channel" && now.channelId === channelId && now.seq ? choicesFor(known, now.seq) : [];
  return pathOf(known, new Map([...named, ...choicesIn(channelId).value]));
}

/** What one reads is what one answers to: the last answer of the branch, where that isn't the newest of all. */
export function answerShown(channel: JoinedChannel, rows: readonly Row[]): number | null {
  if (channel.kind !== "ai") return null;
  const { nodes } = tree(rows);
  const isAnswer = (seq: number) => nodes.get(seq)?.ai !== undefined && !nodes.get(seq)?.deleted_at;
  const shown = pathIn(channel.id, rows).findLast(isAnswer);
  const newest = [...nodes.keys()].findLast(isAnswer);
  return shown === undefined || shown === newest ? null : shown;
}

/** All that stand where this one stands, ascending. */
export function beside(message: Message, rows: readonly Row[]): readonly number[] {
  const { nodes, below } = tree(rows);
  return nodes.has(message.seq) ? (below.get(above(message)) ?? []) : [];
}

export function choose(message: Message, seq: number): void {
  const choices = choicesIn(message.channel_id);
  choices.value = new Map(choices.peek()).set(above(message), seq);
}

export const choicesNow = (channelId: number): Choices => choicesIn(channelId).peek();

/** Something of one's own has come: that is what one wants to see, unless something else was chosen meanwhile. */
export function showNewest(channelId: number, before: Choices): void {
  const choices = choicesIn(channelId);
  if (choices.peek() !== before) return;
  choices.value = new Map();
  const now = route.peek();
  if (now.view === "channel" && now.seq !== null) navigate(channelPath(channelId), "replace");
}
