/** Formatting: the marks around or before what is selected. */
import { openPicker } from "../emoji/open";
import { composerActions, type ComposerText } from "./features";

composerActions.push(
  { id: "bold", label: "Bold", icon: "bold", keys: "Mod+B", run: (text) => wrap(text, "**") },
  { id: "italic", label: "Italic", icon: "italic", keys: "Mod+I", run: (text) => wrap(text, "_") },
  { id: "code", label: "Code", icon: "code", keys: "Mod+E", run: wrapCode },
  { id: "quote", label: "Quote", icon: "quote", run: (text) => prefix(text, "> ") },
  { id: "list", label: "List", icon: "list", run: (text) => prefix(text, "- ") },
  {
    id: "emoji",
    label: "Emoji",
    icon: "smile",
    run: (text, _, { anchor, put }) => {
      openPicker(anchor, (emoji) => put(inserted(text, emoji)));
      return null;
    },
  },
);

/** Puts marks around the selection, or takes them away where they are. */
export function wrap({ text, start, end }: ComposerText, mark: string): ComposerText {
  const size = mark.length;
  const isWrapped = text.slice(start - size, start) === mark && text.slice(end, end + size) === mark;
  if (isWrapped) {
    const without = text.slice(0, start - size) + text.slice(start, end) + text.slice(end + size);
    return { text: without, start: start - size, end: end - size };
  }
  const marked = text.slice(0, start) + mark + text.slice(start, end) + mark + text.slice(end);
  return { text: marked, start: start + size, end: end + size };
}

export function inserted({ text, start, end }: ComposerText, more: string): ComposerText {
  const caret = start + more.length;
  return { text: text.slice(0, start) + more + text.slice(end), start: caret, end: caret };
}

export function wrapCode(chosen: ComposerText): ComposerText {
  const inner = chosen.text.slice(chosen.start, chosen.end);
  if (!inner.includes("\n")) return wrap(chosen, "`");
  const before = chosen.start > 0 && chosen.text[chosen.start - 1] !== "\n" ? "\n" : "";
  const opening = `${before}\`\`\`\n`;
  const text = `${chosen.text.slice(0, chosen.start)}${opening}${inner}\n\`\`\`\n${chosen.text.slice(chosen.end)}`;
  return { text, start: chosen.start + opening.length, end: chosen.start + opening.length + inner.length };
}

/** Begins each of the selected lines with a mark. */
export function prefix({ text, start, end }: ComposerText, mark: string): ComposerText {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const lines = text.slice(from, end).split("\n");
  const marked = lines.map((line) => mark + line).join("\n");
  return {
    text: text.slice(0, from) + marked + text.slice(end),
    start: start + mark.length,
    end: end + mark.length * lines.length,
  };
}
