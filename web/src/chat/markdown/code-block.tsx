import { useState } from "preact/hooks";
import { announce } from "../../ui/live";
import { Icon } from "../../ui/icon";
import { highlight } from "./highlight";

const COPIED_MS = 2000;

export function CodeBlock({ code, language }: { code: string; language: string }) {
  return (
    <figure class="code-block" dir="ltr">
      <figcaption>
        <span>{language || "text"}</span>
        <CopyButton code={code} />
      </figcaption>
      <pre tabIndex={0} aria-label={`Code${language ? `, ${language}` : ""}`} role="region">
        <code>
          {highlight(code, language).map(({ kind, text }) =>
            kind === "plain" ? text : <span class={`code-${kind}`}>{text}</span>,
          )}
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
