import type { ButtonHTMLAttributes, ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon";

type Native = Omit<ButtonHTMLAttributes<HTMLButtonElement>, "icon" | "label" | "size">;

interface ButtonProps extends Native {
  look?: "primary" | "plain" | "quiet" | "danger";
  icon?: IconName;
  /** While its action runs: it stays focused, looks busy, and a second press does nothing. */
  busy?: boolean;
  children: ComponentChildren;
}

export function Button({ look = "plain", icon, busy = false, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      class={`button button-${look}`}
      aria-busy={busy}
      onClick={busy ? (event) => event.preventDefault() : rest.onClick}
    >
      {busy ? <span class="spinner" aria-hidden="true" /> : icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
}

interface IconButtonProps extends Native {
  icon: IconName;
  label: string;
  /** Keys that do the same, for the tooltip. */
  keys?: string;
}

export function IconButton({ icon, label, keys, class: extra, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      class={`icon-button${extra ? ` ${String(extra)}` : ""}`}
      aria-label={label}
      title={keys ? `${label} (${keys})` : label}
    >
      <Icon name={icon} />
    </button>
  );
}
