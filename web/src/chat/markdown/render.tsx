/** Parsed text as elements. Everything goes through Preact's own text nodes and attributes; nothing is ever markup. */
import type { ComponentChildren } from "preact";
import { CodeBlock } from "./code-block";
import { parseMarkdown } from "./blocks";
import type { Block, Inline } from "./syntax";

export interface MarkdownProps {
  text: string;
  /** The username of whoever reads, to mark where they are mentioned. */
  reader?: string | undefined;
}

export function Markdown({ text, reader }: MarkdownProps) {
  const blocks = parseMarkdown(text);
  return (
    <div class={`prose${isEmojiOnly(text) ? " is-large" : ""}`} dir="auto">
      {blocks.map((block) => renderBlock(block, reader))}
    </div>
  );
}

/** One line of it, for previews. */
export function plainText(text: string): string {
  return parseMarkdown(text).map(blockText).join(" ").trim();
}

export function renderBlock(block: Block, reader: string | undefined): ComponentChildren {
  const inline = (parts: Inline[]) => renderInline(parts, reader, false);
  switch (block.type) {
    case "paragraph":
      return <p dir="auto">{inline(block.parts)}</p>;
    case "heading":
      return (
        <p dir="auto" class={`heading heading-${block.level}`} role="heading" aria-level={block.level + 3}>
          {inline(block.parts)}
        </p>
      );
    case "code":
      return <CodeBlock code={block.text} language={block.language} />;
    case "quote":
      return <blockquote dir="auto">{block.blocks.map((inner) => renderBlock(inner, reader))}</blockquote>;
    case "list":
      return renderList(block, reader);
    case "table":
      return renderTable(block, inline);
    case "rule":
      return <hr />;
  }
}

function renderList({ start, items }: Block & { type: "list" }, reader: string | undefined): ComponentChildren {
  const rows = items.map((blocks) => <li dir="auto">{blocks.map((inner) => renderTight(inner, reader))}</li>);
  return start === null ? <ul>{rows}</ul> : <ol start={start}>{rows}</ol>;
}

/** A paragraph within a list item needs no space around it. */
function renderTight(block: Block, reader: string | undefined): ComponentChildren {
  return block.type === "paragraph" ? (
    <div>{renderInline(block.parts, reader, false)}</div>
  ) : (
    renderBlock(block, reader)
  );
}

function renderTable(
  { head, rows }: Block & { type: "table" },
  inline: (parts: Inline[]) => ComponentChildren,
): ComponentChildren {
  return (
    <div class="table-scroller" tabIndex={0} role="group" aria-label="Table">
      <table>
        <thead>
          <tr>
            {head.map((cell) => (
              <th scope="col">{inline(cell)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {head.map((_, index) => (
                <td>{inline(row[index] ?? [])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function renderInline(parts: Inline[], reader: string | undefined, isInLink: boolean): ComponentChildren {
  return parts.map((part) => renderPart(part, reader, isInLink));
}

function renderPart(part: Inline, reader: string | undefined, isInLink: boolean): ComponentChildren {
  switch (part.type) {
    case "text":
      return part.text;
    case "break":
      return <br />;
    case "code":
      return <code dir="auto">{part.text}</code>;
    case "mention":
      return <span class={`mention${isReader(part.text, reader) ? " is-me" : ""}`}>{part.text}</span>;
    case "bold":
      return <strong>{renderInline(part.parts, reader, isInLink)}</strong>;
    case "italic":
      return <em>{renderInline(part.parts, reader, isInLink)}</em>;
    case "strike":
      return <s>{renderInline(part.parts, reader, isInLink)}</s>;
    case "link":
      return isInLink ? renderInline(part.parts, reader, true) : <Link part={part} reader={reader} />;
  }
}

function Link({ part, reader }: { part: Inline & { type: "link" }; reader: string | undefined }) {
  const inner = renderInline(part.parts, reader, true);
  if (isOurs(part.href)) return <a href={part.href}>{inner}</a>;
  return (
    <a href={part.href} title={part.href} data-host={hostOf(part)} target="_blank" rel="noopener noreferrer nofollow">
      {inner}
    </a>
  );
}

/** Where a link leads whose words don't say so. */
function hostOf({ href, parts }: Inline & { type: "link" }): string | undefined {
  const host = URL.canParse(href) ? new URL(href).host : "";
  return host && !inlineText(parts).includes(host) ? host : undefined;
}

function isOurs(href: string): boolean {
  return typeof location !== "undefined" && href.startsWith(`${location.origin}/`);
}

function isReader(mention: string, reader: string | undefined): boolean {
  const name = mention.slice(1).toLocaleLowerCase();
  return name === "channel" || name === "here" || (reader !== undefined && name === reader.toLocaleLowerCase());
}

const EMOJI_ONLY = /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u200d|\ufe0f|\s){1,18}$/u;

function isEmojiOnly(text: string): boolean {
  return text.length <= 24 && EMOJI_ONLY.test(text) && !/^[\s\d#*©®™]*$/.test(text);
}

function blockText(block: Block): string {
  switch (block.type) {
    case "paragraph":
    case "heading":
      return inlineText(block.parts);
    case "code":
      return block.text;
    case "quote":
      return block.blocks.map(blockText).join(" ");
    case "list":
      return block.items.map((item) => item.map(blockText).join(" ")).join(" ");
    case "table":
      return block.head.map(inlineText).join(" ");
    case "rule":
      return "";
  }
}

function inlineText(parts: Inline[]): string {
  return parts
    .map((part) => {
      if (part.type === "break") return " ";
      return "parts" in part ? inlineText(part.parts) : part.text;
    })
    .join("");
}
