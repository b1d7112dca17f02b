/** Tells screen readers what arrives in the channel that is open: one message in words, several as a number. */
import { useEffect, useRef } from "preact/hooks";
import { useChalkline } from "../app/state";
import type { JoinedChannel, Row } from "../state";
import { announce } from "../ui/live";
import { count } from "../words";
import { plainText } from "./markdown/render";
import { authorName } from "./author";

const GATHER_MS = 800;
const MAX_CHARACTERS = 240;

export function useAnnouncements(channel: JoinedChannel, rows: readonly Row[]): void {
  const state = useChalkline();
  const said = useRef(channel.head_seq);
  const waiting = useRef<Row[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => {
    const me = state.session.me.peek()?.id;
    for (const row of newerThan(rows, said.current)) {
      if (row.message!.author_id !== me) waiting.current.push(row);
      said.current = Math.max(said.current, row.message!.seq);
    }
    if (!waiting.current.length || timer.current !== undefined) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      const arrived = waiting.current.splice(0);
      announce(arrived.length === 1 ? words(arrived[0]!) : `${count(arrived.length, "new message")}`);
    }, GATHER_MS);
  }, [rows, state]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const words = ({ message }: Row) => {
    const text = plainText(message!.text.slice(0, MAX_CHARACTERS));
    return `${authorName(state, message!)}: ${text}`;
  };
}

function newerThan(rows: readonly Row[], seq: number): Row[] {
  let from = rows.length;
  while (from > 0 && (rows[from - 1]!.message?.seq ?? Infinity) > seq) from--;
  // Answers are told of when they begin and when they end.
  return rows.slice(from).filter((row) => row.message !== null && !row.message.ai);
}
