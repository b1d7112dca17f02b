/** How much fits into a message, and fields that grow with it. */
import { useLayoutEffect } from "preact/hooks";

export const MAX_CHARACTERS = 8000;
const TOLD_FROM = 7000;

/** Fewer are left than one should be told of. */
export const isNearlyFull = (left: number): boolean => left < MAX_CHARACTERS - TOLD_FROM;

/** Counted as the server counts: in code points. Only long texts are worth the counting. */
export function charactersLeft(text: string): number {
  const trimmed = text.trim();
  if (trimmed.length < TOLD_FROM) return MAX_CHARACTERS - trimmed.length;
  return MAX_CHARACTERS - [...trimmed].length;
}

const sizesItself = globalThis.CSS?.supports?.("field-sizing", "content") ?? false;

export function useAutosize(field: { current: HTMLTextAreaElement | null }, text: string): void {
  useLayoutEffect(() => {
    const element = field.current;
    if (sizesItself || !element) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [text, field]);
}
