/** What the server shows once and keeps only as a hash: to be copied now. */
import { useLayoutEffect, useRef } from "preact/hooks";
import { Button, IconButton } from "../ui/button";
import { notify } from "../ui/live";

interface SecretProps {
  /** What it is, as a sentence. */
  words: string;
  secret: string;
  copy: string;
  onClose: () => void;
}

export function Secret({ words, secret, copy, onClose }: SecretProps) {
  const root = useRef<HTMLElement>(null);
  useLayoutEffect(() => root.current?.focus(), [secret]);
  const take = async () => {
    try {
      await navigator.clipboard.writeText(secret);
      notify("Copied");
    } catch {
      notify("Your browser doesn’t let this page copy.", true);
    }
  };
  return (
    <section class="notice notice-ok secret" aria-label="Shown only now" tabIndex={-1} ref={root}>
      <p>{words} It is shown only now.</p>
      <p>
        <code class="wrap">{secret}</code>
      </p>
      <Button icon="copy" onClick={() => void take()}>
        {copy}
      </Button>
      <IconButton icon="x" label="Close" onClick={onClose} />
    </section>
  );
}
