/**
 * A conversation as a tree: a question stands below the answer that it follows, an answer below its question. What has
 * several below it branches there, and one branch is shown.
 *
 * Only what is loaded is looked at; what stands below something that isn't belongs together by its name.
 */
import type { Message } from "../protocol/wire";
import type { Row } from "../state";

/** What was chosen, by the seq that branches; 0 is the beginning. */
export type Choices = ReadonlyMap<number, number>;

export interface Tree {
  readonly nodes: ReadonlyMap<number, Message>;
  /** The seqs below each, ascending. */
  readonly below: ReadonlyMap<number, readonly number[]>;
  /** The newest seq in what hangs on each. */
  readonly newest: ReadonlyMap<number, number>;
}

export const above = (message: Message): number => message.reply_to || 0;

/** Also one that was deleted. */
const isAnswer = ({ kind }: Message): boolean => kind === "ai";

/** Questions that have an answer, and answers. What people say beside that stands outside of the tree. */
export function treeOf(rows: readonly Row[]): Tree {
  const messages = rows.flatMap(({ message }) => (message && message.thread === null ? [message] : []));
  const answered = new Set(messages.filter(isAnswer).map(above));
  const nodes = new Map<number, Message>();
  const below = new Map<number, number[]>();
  const newest = new Map<number, number>();
  for (const message of messages) {
    if (!isAnswer(message) && !answered.has(message.seq)) continue;
    nodes.set(message.seq, message);
    const beside = below.get(above(message));
    if (beside) beside.push(message.seq);
    else below.set(above(message), [message.seq]);
  }
  for (const message of [...nodes.values()].reverse()) {
    const last = Math.max(newest.get(message.seq) ?? 0, message.seq);
    newest.set(message.seq, last);
    newest.set(above(message), Math.max(newest.get(above(message)) ?? 0, last));
  }
  return { nodes, below, newest };
}

/** The branch that is shown, from its beginning: what was chosen, else where something was said last. */
export function pathOf({ nodes, below, newest }: Tree, choices: Choices): number[] {
  const path: number[] = [];
  let top = Math.max(0, ...nodes.keys());
  while (nodes.has(top) && nodes.has(above(nodes.get(top)!))) top = above(nodes.get(top)!);
  let beside = nodes.has(top) ? below.get(above(nodes.get(top)!)) : undefined;
  while (beside?.length) {
    const chosen = choices.get(above(nodes.get(beside[0]!)!));
    const next = beside.find((seq) => seq === chosen) ?? latest(beside, newest);
    path.push(next);
    beside = below.get(next);
  }
  return path;
}

function latest(seqs: readonly number[], newest: ReadonlyMap<number, number>): number {
  return seqs.reduce((best, seq) => ((newest.get(seq) ?? 0) > (newest.get(best) ?? 0) ? seq : best));
}

/** What has to be chosen so that this message is shown. */
export function choicesFor({ nodes }: Tree, seq: number): Choices {
  const choices = new Map<number, number>();
  for (let at = nodes.get(seq); at; at = nodes.get(above(at))) choices.set(above(at), at.seq);
  return choices;
}

/** The rows of one branch, and whatever stands outside of the tree. */
export function branch(rows: readonly Row[], tree: Tree, path: readonly number[]): readonly Row[] {
  if (path.length === tree.nodes.size) return rows;
  const shown = new Set(path);
  return rows.filter(({ message }) => !message || !tree.nodes.has(message.seq) || shown.has(message.seq));
}
