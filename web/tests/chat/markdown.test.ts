import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseMarkdown } from "../../src/chat/markdown/blocks";
import { highlight } from "../../src/chat/markdown/highlight";
import { parseInline } from "../../src/chat/markdown/inline";
import { safeAddress } from "../../src/chat/markdown/links";
import { plainText } from "../../src/chat/markdown/render";
import type { Block, Inline } from "../../src/chat/markdown/syntax";

declare const process: { cpuUsage(): { user: number } };

const text = (words: string): Inline => ({ type: "text", text: words });

describe("emphasis", () => {
  test.each<[string, Inline[]]>([
    ["**bold**", [{ type: "bold", parts: [text("bold")] }]],
    [
      "_soft_ and *soft*",
      [{ type: "italic", parts: [text("soft")] }, text(" and "), { type: "italic", parts: [text("soft")] }],
    ],
    ["~~gone~~", [{ type: "strike", parts: [text("gone")] }]],
    ["**a _b_**", [{ type: "bold", parts: [text("a "), { type: "italic", parts: [text("b")] }] }]],
    ["2*3*4 and snake_case_name", [text("2*3*4 and snake_case_name")]],
    ["a * b * c", [text("a * b * c")]],
    ["\\*not\\*", [text("*not*")]],
    ["****", [text("****")]],
    ["`**code**`", [{ type: "code", text: "**code**" }]],
    ["``a ` b``", [{ type: "code", text: "a ` b" }]],
    ["`open", [text("`open")]],
    ["one\ntwo", [text("one"), { type: "break" }, text("two")]],
  ])("%s", (source, parts) => {
    expect(parseInline(source)).toEqual(parts);
  });
});

describe("addresses", () => {
  const links = (source: string) =>
    parseInline(source).flatMap((part) => (part.type === "link" ? [[part.href, plain(part.parts)]] : []));

  test.each([
    ["see https://example.org/a_b_c.", "https://example.org/a_b_c", "https://example.org/a_b_c"],
    [
      "(https://en.wikipedia.org/wiki/Chalk_(drying))",
      "https://en.wikipedia.org/wiki/Chalk_(drying)",
      "https://en.wikipedia.org/wiki/Chalk_(drying)",
    ],
    ["[the list](https://example.org)", "https://example.org/", "the list"],
    ["[a **b**](<https://example.org/x>)", "https://example.org/x", "a b"],
    ["[mail](mailto:alice@example.org)", "mailto:alice@example.org", "mail"],
    ["**https://example.org**", "https://example.org/", "https://example.org"],
  ])("%s", (source, href, words) => {
    const found = links(source.replace(/^\*\*(.*)\*\*$/, "$1"));
    expect(found).toEqual([[href, words]]);
  });

  test("a link within a link is only its words", () => {
    expect(plain(parseInline("[x https://a.example y](https://b.example)"))).toContain("https://a.example");
  });
});

describe("blocks", () => {
  const kinds = (source: string) => parseMarkdown(source).map((block) => block.type);

  test("a list needs no empty line before it, and ends with one", () => {
    expect(kinds("Plan:\n- one\n- two\n\ndone")).toEqual(["paragraph", "list", "paragraph"]);
  });

  test("a list keeps its first number, and holds lists", () => {
    const [list] = parseMarkdown("3. a\n   - b\n   - c\n4. d") as [Block & { type: "list" }];
    expect(list.start).toBe(3);
    expect(list.items).toHaveLength(2);
    expect(list.items[0]!.map((block) => block.type)).toEqual(["paragraph", "list"]);
  });

  test("an open fence goes on to the end", () => {
    expect(parseMarkdown("```python\nprint(1)\n\nx = 2")).toEqual([
      { type: "code", language: "python", text: "print(1)\n\nx = 2" },
    ]);
  });

  test("a fence is closed by one as long", () => {
    expect(parseMarkdown("````\n```\n````\nafter")[0]).toEqual({ type: "code", language: "", text: "```" });
  });

  test("quotes, tables and rules", () => {
    expect(kinds("> a\n> b\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n---")).toEqual(["quote", "table", "rule"]);
  });

  test("a number with a hash is no heading", () => {
    expect(kinds("#7 is done")).toEqual(["paragraph"]);
    expect(kinds("# Seven is done")).toEqual(["heading"]);
  });

  test("a preview has the words and no marks", () => {
    expect(plainText("**Hello** `x`\n\n- [list](https://example.org)")).toBe("Hello x list");
  });
});

describe("what an attacker writes", () => {
  const SCHEMES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "java\tscript:alert(1)",
    "\u0001javascript:alert(1)",
    " javascript:alert(1)",
    "javascript&colon;alert(1)",
    "&#106;avascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "blob:https://example.org/x",
    "view-source:https://example.org",
    "//example.org",
    "/c/1",
    "?q",
    "https:javascript:alert(1)//%",
  ];

  test.each(SCHEMES)("%j is never where a link leads", (address) => {
    for (const source of [
      `[x](${address})`,
      `[x](<${address}>)`,
      address,
      `<${address}>`,
      `[${address}](${address})`,
    ]) {
      for (const href of hrefs(parseMarkdown(source))) expect(href).toMatch(/^(?:https?:\/\/|mailto:)/);
    }
  });

  test("an address is safe only by its scheme as the browser reads it", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constantFrom(...SCHEMES, "https://a.example"), fc.string({ maxLength: 12 })),
        (address) => {
          const href = safeAddress(address);
          if (href !== null) expect(["http:", "https:", "mailto:"]).toContain(new URL(href).protocol);
        },
      ),
    );
  });

  test("no text becomes anything but the known parts, and no character is made up", () => {
    fc.assert(
      fc.property(markdownLike, (source) => {
        const blocks = parseMarkdown(source);
        const left = new Set(source);
        for (const char of words(blocks)) expect(left.has(char) || char === " ").toBe(true);
        for (const href of hrefs(blocks)) expect(href).toMatch(/^(?:https?:\/\/|mailto:)/);
      }),
      { numRuns: 400 },
    );
  });

  test("nothing nests deeper than the page can render", () => {
    const deep = ["> ".repeat(4000), "- ".repeat(4000), "*_".repeat(2000), "[".repeat(8000), "**a ".repeat(2000)];
    for (const source of deep) expect(depth(parseMarkdown(`${source}x${"_*".repeat(2000)}`))).toBeLessThan(40);
  });

  const HARD = [
    "*",
    "_",
    "**",
    "~~",
    "`",
    "[",
    "]",
    "](",
    "[x](",
    "(",
    ")",
    "> ",
    "- ",
    "1. ",
    "```\n",
    "|",
    "|-|\n",
    "\\",
    "@",
    "@a",
    "https://",
    "https://a)",
    "*a ",
    "_a*b",
    "`a``b",
    "[a](b",
    "\n",
    "# ",
    "  - a\n",
    "<",
    "&",
    "~",
    "a_",
    "![",
    "\u202e",
  ]; // prettier-ignore

  test.each(HARD)(
    "the time for %j grows with its length, and no faster",
    (piece) => {
      const time = (length: number) => {
        const source = piece.repeat(Math.ceil(length / piece.length));
        return Math.min(...[1, 2, 3].map(() => cpuMilliseconds(() => parseMarkdown(source))));
      };
      const [one, four] = [time(50_000), time(200_000)];
      // Four times the text: sixteen times the time would be quadratic. What takes next to nothing says nothing.
      expect(four < 60 || four / one < 9, `${one} ms, then ${four} ms`).toBe(true);
    },
    20_000,
  );
});

describe("colours for code", () => {
  test.each(["python", "ts", "rust", "sql", "html", "diff", "unheard-of"])("%s keeps every character", (language) => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (code) => {
        expect(
          highlight(code, language)
            .map((token) => token.text)
            .join(""),
        ).toBe(code);
      }),
    );
  });

  test("knows the parts", () => {
    const kinds = highlight('def f(x):  # why\n    return g("a", 1)', "python").map(
      ({ kind, text }) => `${kind} ${text}`,
    );
    expect(kinds).toEqual(expect.arrayContaining(["keyword def", "call f", "comment # why", 'string "a"', "number 1"]));
  });

  test.each(["/*", "/* ", '"', "`", "'''", "<!--", "\\", "#", "--", "a(", "1."])(
    "%j over and over is no burden",
    (piece) => {
      for (const language of ["js", "python", "sql", "html", "c"]) {
        const start = performance.now();
        highlight(piece.repeat(20_000 / piece.length), language);
        expect(performance.now() - start).toBeLessThan(300);
      }
    },
  );
});

/** Of this process alone, so that a busy machine changes nothing. */
function cpuMilliseconds(work: () => void): number {
  const before = process.cpuUsage().user;
  work();
  return (process.cpuUsage().user - before) / 1000;
}

const markdownLike = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "*",
        "**",
        "_",
        "~~",
        "`",
        "```\n",
        "[",
        "](",
        ")",
        "\n",
        "\n\n",
        "> ",
        "- ",
        "1. ",
        "# ",
        "| a | b |\n|---|---|\n",
      ),
      fc.constantFrom(
        "https://a.example/",
        "javascript:alert(1)",
        "<img src=x onerror=alert(1)>",
        "@alice",
        "\\",
        "&lt;",
      ),
      fc.string({ maxLength: 6 }),
    ),
    { maxLength: 40 },
  )
  .map((pieces) => pieces.join(""));

function plain(parts: Inline[]): string {
  return parts.map((part) => ("parts" in part ? plain(part.parts) : part.type === "break" ? "\n" : part.text)).join("");
}

function inlines(block: Block): Inline[] {
  switch (block.type) {
    case "paragraph":
    case "heading":
      return block.parts;
    case "table":
      return [block.head, ...block.rows].flat(2);
    case "quote":
      return block.blocks.flatMap(inlines);
    case "list":
      return block.items.flat().flatMap(inlines);
    default:
      return [];
  }
}

function hrefs(blocks: Block[]): string[] {
  const of = (parts: Inline[]): string[] =>
    parts.flatMap((part) => ("parts" in part ? [...(part.type === "link" ? [part.href] : []), ...of(part.parts)] : []));
  return of(blocks.flatMap(inlines));
}

/** All that is shown of a text, but for links that show their own address. */
function words(blocks: Block[]): string {
  const of = (parts: Inline[]): string =>
    parts
      .map((part) => {
        if (part.type === "break") return "\n";
        if (!("parts" in part)) return part.text;
        return part.type === "link" && plain(part.parts) === part.href ? "" : of(part.parts);
      })
      .join("");
  return blocks.map((block) => (block.type === "code" ? block.text : of(inlines(block)))).join("");
}

function depth(value: unknown): number {
  if (Array.isArray(value)) return Math.max(0, ...value.map(depth));
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depth));
}
