/**
 * Colours for code: comments, strings, numbers, keywords and what is called. It knows families of languages rather
 * than grammars; what it doesn't know stays plain. Every pattern takes what it begins with, closed or not, so the time
 * is linear in the code.
 */

export interface Token {
  kind: "plain" | "comment" | "string" | "number" | "keyword" | "call" | "added" | "removed";
  text: string;
}

interface Family {
  languages: string;
  comments: string;
  strings: string;
  keywords: string;
  anyCase?: boolean;
}

const QUOTED = `"(?:[^"\\\\\\n]|\\\\.)*"?|'(?:[^'\\\\\\n]|\\\\.)*'?`;
const BLOCK = `/\\*[^]*?(?:\\*/|$)`;

const FAMILIES: Family[] = [
  {
    languages: "js javascript ts typescript jsx tsx mjs json json5",
    comments: `//[^\\n]*|${BLOCK}`,
    strings: `${QUOTED}|\`(?:[^\`\\\\]|\\\\[^])*\`?`,
    keywords:
      "abstract as async await break case catch class const continue default delete do else enum export extends false finally for from function get if implements import in instanceof interface let new null of private protected public readonly return satisfies set static super switch this throw true try type typeof undefined var void while yield",
  },
  {
    languages: "c h cpp c++ cc hpp java cs csharp go rust rs kotlin kt swift scala dart php zig css scss",
    comments: `//[^\\n]*|${BLOCK}`,
    strings: `${QUOTED}|\`[^\`]*\`?`,
    keywords:
      "abstract as async auto await bool break case catch char class const constexpr continue data def default defer delete do double else enum extends extern false final finally float fn for foreach fun func function go if impl implements import in inline int interface internal is let long loop match mod move mut namespace new nil null object of override package private protected pub public range return self short signed sizeof static string struct super switch template this throw trait true try type typedef typename union unsafe unsigned use using val var virtual void when where while with yield",
  },
  {
    languages:
      "py python rb ruby sh bash zsh shell console yaml yml toml ini make makefile dockerfile r perl elixir nix",
    comments: `#[^\\n]*`,
    strings: `"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|${QUOTED}`,
    keywords:
      "and as assert async await begin break case class continue def del do done elif else elsif end ensure esac except exit export false False fi finally for from function global if import in is lambda local match module new nil None nonlocal not null or pass raise rescue return self set super then true True try unless until when where while with yield FROM RUN COPY CMD ENV WORKDIR",
  },
  {
    languages: "sql psql postgresql mysql sqlite",
    comments: `--[^\\n]*|${BLOCK}`,
    strings: `'[^']*'?|"[^"]*"?`,
    keywords:
      "add all alter and any as asc begin between by case check commit constraint create cross default delete desc distinct drop else end exists false foreign from full group having if in index inner insert into is join key left like limit not null on or order outer primary references returning right rollback select set table then true union unique update using values view when where with",
    anyCase: true,
  },
];

const byLanguage = new Map(FAMILIES.flatMap((family) => family.languages.split(" ").map((name) => [name, family])));

export function highlight(code: string, language: string): Token[] {
  if (language === "diff" || language === "patch") return highlightDiff(code);
  if (MARKUP.has(language)) return tokens(code, MARKUP_PATTERN, () => "keyword");
  const family = byLanguage.get(language);
  if (!family) return [{ kind: "plain", text: code }];
  const { pattern, keywords } = compiled(family);
  return tokens(code, pattern, (word, called) => {
    if (keywords.has(family.anyCase ? word.toLowerCase() : word)) return "keyword";
    return called ? "call" : "plain";
  });
}

const MARKUP = new Set(["html", "xml", "svg", "vue", "svelte"]);
const MARKUP_PATTERN =
  /(?<comment><!--[\s\S]*?(?:-->|$))|(?<string>"[^"<>]*"?)|(?<number>&#?\w+;)|(?<word><\/?[\w:-]+|\/?>)/g;

const known = new Map<Family, { pattern: RegExp; keywords: Set<string> }>();

function compiled(family: Family): { pattern: RegExp; keywords: Set<string> } {
  let found = known.get(family);
  if (!found) {
    const source = `(?<comment>${family.comments})|(?<string>${family.strings})|(?<number>\\b\\d[\\w.]*)|(?<word>[\\p{L}_$][\\p{L}\\p{N}_$]*)`;
    found = { pattern: new RegExp(source, "gu"), keywords: new Set(family.keywords.split(" ")) };
    known.set(family, found);
  }
  return found;
}

function tokens(code: string, pattern: RegExp, word: (word: string, called: boolean) => Token["kind"]): Token[] {
  const found: Token[] = [];
  let end = 0;
  const add = (kind: Token["kind"], text: string) => {
    const last = found.at(-1);
    if (last?.kind === "plain" && kind === "plain") last.text += text;
    else if (text) found.push({ kind, text });
  };
  for (const match of code.matchAll(pattern)) {
    add("plain", code.slice(end, match.index));
    end = match.index + match[0].length;
    add(kindOf(match.groups!) ?? word(match[0], code[end] === "("), match[0]);
  }
  add("plain", code.slice(end));
  return found;
}

function kindOf(groups: Record<string, string | undefined>): Token["kind"] | null {
  if (groups["comment"] !== undefined) return "comment";
  if (groups["string"] !== undefined) return "string";
  return groups["number"] === undefined ? null : "number";
}

function highlightDiff(code: string): Token[] {
  return code.split(/(?<=\n)/).map((text) => {
    if (text.startsWith("+")) return { kind: "added", text };
    return text.startsWith("-") ? { kind: "removed", text } : { kind: text.startsWith("@@") ? "call" : "plain", text };
  });
}
