/** A button with a menu of actions: arrows move, Escape closes, and the focus goes back to the button. */
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./icon";

export interface MenuItem {
  label: string;
  icon?: IconName;
  danger?: boolean;
  checked?: boolean;
  /** Keys that do the same. */
  keys?: string;
  run: () => void;
}

interface MenuProps {
  label: string;
  /** What the button shows has words of its own, which then name it. */
  isNamed?: boolean;
  /** What the button shows. */
  children: ComponentChildren;
  items: readonly MenuItem[];
  class?: string;
  /** Where it opens, seen from the button. */
  side?: "below" | "above";
  title?: string;
}

export function Menu({
  label,
  isNamed = false,
  children,
  items,
  class: look = "icon-button",
  side = "below",
  title,
}: MenuProps) {
  const id = useId();
  const root = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);

  useLayoutEffect(() => {
    if (!isOpen) return;
    root.current?.querySelector<HTMLElement>("[role^=menuitem]")?.focus();
    const outside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [isOpen]);

  const close = () => {
    setOpen(false);
    root.current?.querySelector("button")?.focus();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Escape") close();
    else if (event.key === "Tab") return setOpen(false);
    else if (!moveFocus(root.current!, event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="menu-root" ref={root} onKeyDown={isOpen ? press : undefined}>
      <button
        type="button"
        class={look}
        aria-label={isNamed ? undefined : label}
        title={title}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {children}
      </button>
      {isOpen && (
        <div id={id} class={`menu menu-${side}`} role="menu" aria-label={label}>
          <MenuItems items={items} close={close} />
        </div>
      )}
    </div>
  );
}

function MenuItems({ items, close }: { items: readonly MenuItem[]; close: () => void }) {
  return (
    <>
      {items.map((item) => (
        <button
          key={item.label}
          type="button"
          role={item.checked === undefined ? "menuitem" : "menuitemradio"}
          aria-checked={item.checked}
          aria-keyshortcuts={item.keys}
          tabIndex={-1}
          class={`menu-item${item.danger ? " is-danger" : ""}`}
          onClick={() => {
            close();
            item.run();
          }}
        >
          {item.icon && <Icon name={item.icon} />}
          <span>{item.label}</span>
          {item.keys && <kbd aria-hidden="true">{item.keys}</kbd>}
          {item.checked && <Icon name="check" />}
        </button>
      ))}
    </>
  );
}

/** The same within a popup. */
export function MenuList({ label, items, close }: { label: string; items: readonly MenuItem[]; close: () => void }) {
  const root = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => root.current?.querySelector<HTMLElement>("[role^=menuitem]")?.focus(), []);
  const press = (event: KeyboardEvent) => {
    if (event.key === "Tab") close();
    else if (!moveFocus(root.current!, event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={root} class="menu-list" role="menu" aria-label={label} onKeyDown={press}>
      <MenuItems items={items} close={close} />
    </div>
  );
}

function moveFocus(root: HTMLElement, key: string): boolean {
  const items = [...root.querySelectorAll<HTMLElement>("[role^=menuitem]")];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const to: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
  if (to[key] === undefined) return false;
  items.at(to[key] % items.length)?.focus();
  return true;
}
