/** What one can do with a message: buttons at it, all of it in a menu, and on touch screens a sheet after a long press. */
import { quick, remember } from "../emoji/recent";
import { IconButton } from "../ui/button";
import { MenuList, type MenuItem } from "../ui/menu";
import { openPopup } from "../ui/popup";
import { labelOf, type MessageAction, type MessageContext, messageActions, offered } from "./features";
import { react } from "./message-actions";

export function Toolbar({ context }: { context: MessageContext }) {
  const actions = offered(context);
  return (
    <div class="message-tools" role="toolbar" aria-label="Message actions">
      {actions
        .filter(({ isHandy }) => isHandy)
        .map((action) => (
          <IconButton
            key={action.id}
            class="only-hovering"
            icon={action.icon}
            label={labelOf(action, context)}
            {...(action.key ? { keys: action.key.toUpperCase() } : {})}
            onClick={(event: Event) => action.run(context, event.currentTarget as Element)}
          />
        ))}
      {actions.length > 0 && (
        <IconButton
          icon="more"
          label="More"
          keys="M"
          aria-haspopup="menu"
          onClick={(event: Event) => openActions(event.currentTarget as Element, context)}
        />
      )}
    </div>
  );
}

export function openActions(anchor: Element, context: MessageContext): void {
  openPopup(anchor, "Message actions", (close) => <Actions context={context} anchor={anchor} close={close} />);
}

interface ActionsProps {
  context: MessageContext;
  anchor: Element;
  close: () => void;
}

function Actions({ context, anchor, close }: ActionsProps) {
  const actions = offered(context);
  const beside = anchor.closest("article") ?? anchor;
  const items: MenuItem[] = actions.map((action) => ({
    label: labelOf(action, context),
    icon: action.icon,
    ...(action.danger ? { danger: true } : {}),
    ...(action.key ? { keys: action.key.toUpperCase() } : {}),
    run: () => action.run(context, beside),
  }));
  return (
    <div class="action-sheet">
      {actions.some(({ id }) => id === "react") && (
        <div class="quick-reactions" role="group" aria-label="React">
          {quick.value.map((emoji) => (
            <button
              key={emoji}
              type="button"
              aria-label={`React with ${emoji}`}
              onClick={() => {
                close();
                remember(emoji);
                react(context, emoji);
              }}
            >
              {emoji}
            </button>
          ))}
        </div>
      )}
      <MenuList label="Message actions" items={items} close={close} />
    </div>
  );
}

/** The action of a key; false where it has none here. */
export function pressAction(event: KeyboardEvent, context: () => MessageContext | null): boolean {
  if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return false;
  const key = event.key.toLowerCase();
  const isMenu = key === "m" || key === "contextmenu";
  const action = messageActions.find((one) => one.key === key);
  const about = isMenu || action ? context() : null;
  if (!about) return false;
  if (isMenu) openActions(event.currentTarget as Element, about);
  else if (action && isOffered(action, about)) action.run(about, event.currentTarget as Element);
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

const isOffered = (action: MessageAction, context: MessageContext): boolean => action.isOffered?.(context) ?? true;

const LONG_PRESS_MS = 420;
const SLACK_PX = 10;

/** Begins to wait for a long press; it ends with the finger or its moving away. */
export function waitForLongPress(event: PointerEvent, done: () => void): void {
  if (event.pointerType !== "touch" || (event.target as Element).closest("a, button, textarea, input")) return;
  const { clientX, clientY } = event;
  const stop = new AbortController();
  const timer = setTimeout(() => {
    stop.abort();
    navigator.vibrate?.(8);
    done();
  }, LONG_PRESS_MS);
  const end = () => {
    clearTimeout(timer);
    stop.abort();
  };
  const { signal } = stop;
  addEventListener("pointerup", end, { signal });
  addEventListener("pointercancel", end, { signal });
  addEventListener(
    "pointermove",
    (moved) => {
      if (Math.hypot(moved.clientX - clientX, moved.clientY - clientY) > SLACK_PX) end();
    },
    { signal },
  );
}
