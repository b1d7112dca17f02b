/** What a search may be narrowed down with, offered while one types the last word of it. */

export interface Operator {
  readonly name: string;
  readonly words: string;
}

export const OPERATORS: readonly Operator[] = [
  { name: "from:", words: "who wrote it: a username, or me" },
  { name: "in:", words: "a channel" },
  { name: "before:", words: "a day, such as 2026-11-20" },
  { name: "after:", words: "a day, such as 2026-11-20" },
  { name: "has:", words: "link, file or sketch" },
];

export interface Sources {
  readonly people: readonly { readonly username: string; readonly display_name: string }[];
  readonly channels: readonly string[];
}

export interface Offer {
  /** The whole search with it. */
  readonly q: string;
  readonly title: string;
  readonly note: string;
}

const KINDS = [
  { name: "link", words: "with a link" },
  { name: "file", words: "with a file" },
  { name: "sketch", words: "a sketch" },
];

/** For the last word; none while it is an ordinary one. */
export function offers(q: string, { people, channels }: Sources, today: string): Offer[] {
  const at = q.lastIndexOf(" ") + 1;
  const before = q.slice(0, at);
  const word = q.slice(at);
  const colon = word.indexOf(":");
  if (colon < 0) {
    if (!word && q) return [];
    return OPERATORS.filter(({ name }) => name.startsWith(word.toLowerCase())).map(({ name, words }) => ({
      q: before + name,
      title: name,
      note: words,
    }));
  }
  const name = word.slice(0, colon).toLowerCase();
  const sought = word.slice(colon + 1).toLowerCase();
  const made = (value: string, title: string, note: string): Offer => ({
    q: `${before}${name}:${value} `,
    title,
    note,
  });
  const fits = (text: string) => text.toLowerCase().includes(sought) && text.toLowerCase() !== sought;
  switch (name) {
    case "from": {
      const all = [{ username: "me", display_name: "Yourself" }, ...people];
      return all
        .filter((one) => fits(one.username) || (fits(one.display_name) && one.username.toLowerCase() !== sought))
        .slice(0, 6)
        .map(({ username, display_name }) => made(username, display_name, `from:${username}`));
    }
    case "in":
      // A name with a space would end at it.
      return channels
        .filter((channel) => fits(channel) && !channel.includes(" "))
        .slice(0, 6)
        .map((channel) => made(channel, `#${channel}`, `in:${channel}`));
    case "has":
      return KINDS.filter((kind) => fits(kind.name)).map((kind) => made(kind.name, kind.words, `has:${kind.name}`));
    case "before":
    case "after":
      return sought ? [] : [made(today, today, "today")];
    default:
      return [];
  }
}
