/** A face for somebody: the first letters of the name on a colour that follows from the id. Decoration: the name stands beside it. */
import { ASSISTANT } from "../words";
import { Icon } from "./icon";

const HUES = 10;

interface AvatarProps {
  id: number;
  name: string;
  size?: "small" | "large";
  online?: boolean;
}

export function Avatar({ id, name, size, online }: AvatarProps) {
  return (
    <span class={`avatar hue-${id % HUES}${size ? ` avatar-${size}` : ""}`} aria-hidden="true">
      {id === ASSISTANT ? <Icon name="sparkles" /> : initials(name)}
      {online !== undefined && <span class={`presence ${online ? "is-online" : ""}`} />}
    </span>
  );
}

export function initials(name: string): string {
  const words = name
    .trim()
    .split(/[\s._-]+/u)
    .filter(Boolean);
  const letters = words.length > 1 ? [words[0]!, words.at(-1)!] : words;
  return letters.map((word) => firstLetter(word).toLocaleUpperCase()).join("") || "?";
}

/** A whole letter also where it takes several code points. */
function firstLetter(word: string): string {
  if (typeof Intl.Segmenter !== "function") return [...word][0] ?? "";
  for (const { segment } of new Intl.Segmenter().segment(word)) return segment;
  return "";
}
