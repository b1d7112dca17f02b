/**
 * What a message's text can be made of. The parser gives these values, the renderer turns them into elements:
 * there is no HTML in between, so no text can become markup.
 */

export type Inline =
  | { type: "text" | "code" | "mention"; text: string }
  | { type: "bold" | "italic" | "strike"; parts: Inline[] }
  | { type: "link"; href: string; parts: Inline[] }
  | { type: "break" };

export type Block =
  | { type: "paragraph"; parts: Inline[] }
  | { type: "heading"; level: 1 | 2 | 3; parts: Inline[] }
  | { type: "code"; language: string; text: string }
  | { type: "quote"; blocks: Block[] }
  | { type: "list"; start: number | null; items: Block[][] }
  | { type: "table"; head: Inline[][]; rows: Inline[][][] }
  | { type: "rule" };
