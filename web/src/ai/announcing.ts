/** Tells screen readers when an answer begins and when it ends: never word by word. */
import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { plainText } from "../chat/markdown/render";
import type { RunInfo } from "../protocol/wire";
import type { ChannelView, Row } from "../state";
import { announce } from "../ui/live";
import { endWords } from "./words";

const MAX_CHARACTERS = 400;

export function useAnswerAnnouncements(view: ChannelView): void {
  const known = useRef<ReadonlyMap<number, RunInfo["status"]> | null>(null);
  useSignalEffect(() => {
    if (view.status.value !== "ready") return;
    const rows = view.rows.value;
    for (const words of changes(known.current, rows)) announce(words);
    known.current = statuses(rows);
  });
}

function statuses(rows: readonly Row[]): ReadonlyMap<number, RunInfo["status"]> {
  return new Map(rows.flatMap(({ message }) => (message?.ai ? [[message.seq, message.ai.status]] : [])));
}

/** What there is to say since the last look; nothing of answers that were only loaded. */
export function changes(known: ReadonlyMap<number, RunInfo["status"]> | null, rows: readonly Row[]): string[] {
  if (!known) return [];
  return rows.flatMap(({ message }) => {
    if (!message?.ai) return [];
    const before = known.get(message.seq);
    const { status } = message.ai;
    if (status === before) return [];
    if (status === "running") return ["The assistant is answering"];
    return before ? [ended(message.text, message.ai)] : [];
  });
}

function ended(text: string, run: RunInfo): string {
  const words = plainText(text.slice(0, MAX_CHARACTERS));
  const how = endWords(run);
  return `Assistant: ${words}${text.length > MAX_CHARACTERS ? "…" : ""}${how && ` ${how}`}`;
}
