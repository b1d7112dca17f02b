/**
 * Emphasis, code, links and mentions within a paragraph. One pass with a stack of openers, so the time is linear in
 * the text; the stack is bounded, and with it the depth of what comes out.
 */
import { addressEnd, safeAddress } from "./links";
import type { Inline } from "./syntax";

type Emphasis = "bold" | "italic" | "strike";
interface Opener {
  mark: string;
  at: number;
}

const MAX_DEPTH = 16;
const SPECIAL = /[\\`*_~[\]@\n]|https?:\/\//g;
const ADDRESS = /https?:\/\/[^\s<>]+/y;
const MENTION = /@[\p{L}\p{N}][\p{L}\p{N}._-]{0,30}[\p{L}\p{N}]/uy;
const ESCAPABLE = /[!-/:-@[-`{-~]/;
const WORD = /[\p{L}\p{N}]/u;
const EMPHASIS: Record<string, Emphasis> = {
  "**": "bold",
  __: "bold",
  "*": "italic",
  _: "italic",
  "~~": "strike",
};

export function parseInline(text: string): Inline[] {
  return new InlineParser(text).parse();
}

class InlineParser {
  private readonly text: string;
  private readonly parts: Inline[] = [];
  private readonly openers: Opener[] = [];
  private plainFrom = 0;
  private ticks: Map<number, number[]> | null = null;

  constructor(text: string) {
    this.text = text;
  }

  parse(): Inline[] {
    const { text } = this;
    let at = 0;
    for (;;) {
      SPECIAL.lastIndex = at;
      const found = SPECIAL.exec(text);
      if (!found) break;
      at = this.take(found[0], found.index);
    }
    this.endPlain(text.length);
    return joinTexts(this.parts);
  }

  /** Reads what begins at `at` and returns where to go on; what it leaves unread stays plain text. */
  private take(found: string, at: number): number {
    switch (found) {
      case "\\":
        return this.escape(at);
      case "`":
        return this.code(at);
      case "[":
        return this.open("[", at, 1);
      case "]":
        return this.link(at);
      case "@":
        return this.mention(at);
      case "\n":
        return this.push({ type: "break" }, at, at + 1);
      case "*":
      case "_":
      case "~":
        return this.emphasis(found, at);
      default:
        return this.address(at);
    }
  }

  private push(part: Inline, from: number, to: number): number {
    this.endPlain(from);
    this.parts.push(part);
    this.plainFrom = to;
    return to;
  }

  private endPlain(end: number): void {
    if (end > this.plainFrom) this.parts.push({ type: "text", text: this.text.slice(this.plainFrom, end) });
    this.plainFrom = end;
  }

  private escape(at: number): number {
    const next = this.text[at + 1];
    if (next === undefined || !ESCAPABLE.test(next)) return at + 1;
    return this.push({ type: "text", text: next }, at, at + 2);
  }

  private code(at: number): number {
    const length = runLength(this.text, at);
    const close = this.closingTicks(length, at + length);
    if (close === null) return at + length;
    const inner = this.text.slice(at + length, close).replaceAll("\n", " ");
    const padded = inner.length > 2 && inner.startsWith(" ") && inner.endsWith(" ") && inner.trim() !== "";
    return this.push({ type: "code", text: padded ? inner.slice(1, -1) : inner }, at, close + length);
  }

  /** All runs of backticks are found once, by their length. */
  private closingTicks(length: number, from: number): number | null {
    if (!this.ticks) {
      this.ticks = new Map();
      for (const run of this.text.matchAll(/`+/g)) {
        const known = this.ticks.get(run[0].length);
        if (known) known.push(run.index);
        else this.ticks.set(run[0].length, [run.index]);
      }
      for (const starts of this.ticks.values()) starts.reverse();
    }
    const starts = this.ticks.get(length);
    while (starts?.length && starts.at(-1)! < from) starts.pop();
    return starts?.at(-1) ?? null;
  }

  private emphasis(char: string, at: number): number {
    const length = this.text[at + 1] === char ? 2 : 1;
    const mark = char.repeat(length);
    if (!(mark in EMPHASIS)) return at + length;
    const before = this.text[at - 1] ?? " ";
    const after = this.text[at + length] ?? " ";
    const inWord = mark !== "**" && WORD.test(before) && WORD.test(after);
    if (inWord) return at + length;
    if (!isSpace(before) && this.openers.some((opener) => opener.mark === mark)) {
      return this.close(mark, at, length);
    }
    return isSpace(after) ? at + length : this.open(mark, at, length);
  }

  private open(mark: string, at: number, length: number): number {
    if (this.openers.length === MAX_DEPTH) this.openers.shift();
    this.endPlain(at);
    this.openers.push({ mark, at: this.parts.length });
    return this.push({ type: "text", text: mark }, at, at + length);
  }

  private close(mark: string, at: number, length: number): number {
    this.endPlain(at);
    const inside = this.popTo(mark);
    const empty = inside.length === 0;
    if (empty) this.parts.push({ type: "text", text: mark + mark });
    else this.parts.push({ type: EMPHASIS[mark]!, parts: joinTexts(inside) });
    this.plainFrom = at + length;
    return this.plainFrom;
  }

  /** What stands behind the newest opener with this mark; the opener goes, and those after it stay text. */
  private popTo(mark: string): Inline[] {
    let opener = this.openers.pop()!;
    while (opener.mark !== mark) opener = this.openers.pop()!;
    const inside = this.parts.splice(opener.at);
    inside.shift();
    return inside;
  }

  private link(at: number): number {
    if (!this.openers.some((opener) => opener.mark === "[")) return at + 1;
    const target = this.text[at + 1] === "(" ? readTarget(this.text, at + 2) : null;
    const href = target && safeAddress(target.address);
    if (!target || !href) {
      this.forgetBracket();
      return at + 1;
    }
    this.endPlain(at);
    const inside = joinTexts(this.popTo("["));
    this.parts.push({ type: "link", href, parts: inside.length ? inside : [{ type: "text", text: href }] });
    this.plainFrom = target.end;
    return target.end;
  }

  private forgetBracket(): void {
    for (let index = this.openers.length - 1; index >= 0; index--) {
      if (this.openers[index]!.mark === "[") {
        this.openers.splice(index, 1);
        return;
      }
    }
  }

  private mention(at: number): number {
    if (at > 0 && WORD.test(this.text[at - 1]!)) return at + 1;
    MENTION.lastIndex = at;
    const found = MENTION.exec(this.text);
    if (!found) return at + 1;
    return this.push({ type: "mention", text: found[0] }, at, at + found[0].length);
  }

  private address(at: number): number {
    ADDRESS.lastIndex = at;
    const found = ADDRESS.exec(this.text);
    if (!found || (at > 0 && WORD.test(this.text[at - 1]!))) return at + 4;
    const end = addressEnd(this.text, at, at + found[0].length);
    const text = this.text.slice(at, end);
    const href = safeAddress(text);
    if (!href) return end > at ? end : at + 4;
    return this.push({ type: "link", href, parts: [{ type: "text", text }] }, at, end);
  }
}

/** `(address)` or `(<address>)`, with one level of brackets within. */
function readTarget(text: string, start: number): { address: string; end: number } | null {
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    const char = text[index]!;
    if (isSpace(char)) return null;
    if (char === "(" && ++depth > 1) return null;
    if (char === ")" && depth-- === 0) {
      const inner = text.slice(start, index);
      const bare = inner.startsWith("<") && inner.endsWith(">") ? inner.slice(1, -1) : inner;
      return { address: bare, end: index + 1 };
    }
  }
  return null;
}

function runLength(text: string, at: number): number {
  let end = at + 1;
  while (text[end] === text[at]) end++;
  return end - at;
}

function isSpace(char: string): boolean {
  return /\s/.test(char);
}

function joinTexts(parts: Inline[]): Inline[] {
  const joined: Inline[] = [];
  let texts: string[] = [];
  const end = () => {
    if (texts.length) joined.push({ type: "text", text: texts.join("") });
    texts = [];
  };
  for (const part of parts) {
    if (part.type === "text") texts.push(part.text);
    else {
      end();
      joined.push(part);
    }
  }
  end();
  return joined;
}
