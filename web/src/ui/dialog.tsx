/** A window over the page, in the browser's own `<dialog>`: it traps the focus, closes with Escape and gives focus back. */
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { IconButton } from "./button";

interface DialogProps {
  title: string;
  onClose: () => void;
  size?: "narrow" | "wide" | "top";
  /** The title is for screen readers only. */
  bare?: boolean;
  children: ComponentChildren;
}

export function Dialog({ title, onClose, size = "narrow", bare = false, children }: DialogProps) {
  const id = useId();
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = ref.current!;
    const before = document.activeElement as HTMLElement | null;
    dialog.showModal();
    return () => {
      dialog.close();
      if (before?.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      class={`dialog dialog-${size}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => event.target === ref.current && onClose()}
    >
      <div class="dialog-body">
        <header class={bare ? "visually-hidden" : "dialog-header"}>
          <h2 id={id}>{title}</h2>
          {!bare && <IconButton icon="x" label="Close" onClick={onClose} />}
        </header>
        {children}
      </div>
    </dialog>
  );
}
