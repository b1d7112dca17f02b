import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { announce } from "../../ui/live";
import { Icon } from "../../ui/icon";

const COPIED_MS = 2000;

type Highlight = typeof import("./highlight").highlight;

/** Comes with the first code that is shown; until then the code has no colours, and the same size. */
const highlight = signal<Highlight | null>(null);
let isAsked = false;

function load(): void {
  if (isAsked) return;
  isAsked = true;
  import("./highlight").then(
    (module) => {
      highlight.value = module.highlight;
    },
    () => {
      isAsked = false; // Tried again with the next code.
    },
  );
}

const plain: Highlight = (code) => [{ kind: "plain", text: code }];

export function CodeBlock({ code, language }: { code: string; language: string }) {
  useEffect(load, []);
  const pieces = (highlight.value ?? plain)(code, language);
  return (
    <figure class="code-block" dir="ltr">
      <figcaption>
        <span>{language || "text"}</span>
        <CopyButton code={code} />
      </figcaption>
      <pre tabIndex={0} aria-label={`Code${language ? `, ${language}` : ""}`} role="group">
        <code>
          {pieces.map(({ kind, text }) => (kind === "plain" ? text : <span class={`code-${kind}`}>{text}</span>))}
        </code>
      </pre>
    </figure>
  );
}

function CopyButton({ code }: { code: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(code);
    setCopied(true);
    announce("Code copied");
    setTimeout(() => setCopied(false), COPIED_MS);
  };
  return (
    <button type="button" class="code-copy" onClick={() => void copy()}>
      <Icon name={isCopied ? "check" : "copy"} />
      {isCopied ? "Copied" : "Copy"}
    </button>
  );
}
