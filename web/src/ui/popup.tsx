/** What opens beside something and goes again: a menu, a picker. On narrow screens it is a sheet at the bottom.
 *
 * There is one at a time, in the browser's top layer, so that no scroller cuts it off. The focus moves into it and back.
 */
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

interface Popup {
  id: number;
  anchor: DOMRect;
  label: string;
  from: HTMLElement | null;
  /** Where the focus goes when `from` is no longer there. */
  fallback: HTMLElement | null;
  content: (close: () => void) => ComponentChildren;
}

const GAP_PX = 6;
const EDGE_PX = 8;
const shown = signal<Popup | null>(null);
let ids = 0;

export function openPopup(anchor: Element, label: string, content: Popup["content"]): void {
  const from = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  const fallback = anchor.closest<HTMLElement>("article, [tabindex]");
  shown.value = { id: ++ids, anchor: anchor.getBoundingClientRect(), label, from, fallback, content };
}

export function closePopup(): void {
  shown.value = null;
}

export const isPopupOpen = (): boolean => shown.value !== null;

export function Popups() {
  const popup = shown.value;
  return popup && <Shown key={popup.id} popup={popup} />;
}

function Shown({ popup }: { popup: Popup }) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = ref.current!;
    element.showPopover();
    const place = () => put(element, popup.anchor);
    place();
    const sizes = new ResizeObserver(place);
    sizes.observe(element);
    return () => {
      sizes.disconnect();
      const had = element.contains(document.activeElement);
      element.hidePopover();
      const back = popup.from?.isConnected && popup.from !== document.body ? popup.from : popup.fallback;
      if (had && back?.isConnected) back.focus({ preventScroll: true });
    };
  }, [popup]);
  useLayoutEffect(() => {
    const element = ref.current!;
    if (!element.contains(document.activeElement)) {
      (element.querySelector<HTMLElement>("[data-first], input, button, [role^=menuitem]") ?? element).focus();
    }
    const outside = (event: Event) => {
      if (!element.contains(event.target as Node)) closePopup();
    };
    document.addEventListener("pointerdown", outside, true);
    addEventListener("resize", closePopup);
    addEventListener("popstate", closePopup);
    return () => {
      document.removeEventListener("pointerdown", outside, true);
      removeEventListener("resize", closePopup);
      removeEventListener("popstate", closePopup);
    };
  }, []);
  return (
    <div
      ref={ref}
      class="popup"
      popover="manual"
      tabIndex={-1}
      role="dialog"
      aria-label={popup.label}
      onKeyDown={(event) => press(event, ref.current!)}
    >
      {popup.content(closePopup)}
    </div>
  );
}

function press(event: KeyboardEvent, element: HTMLElement): void {
  if (event.key === "Escape") closePopup();
  else if (event.key !== "Tab" || !around(element, event.shiftKey)) return;
  event.preventDefault();
  event.stopPropagation();
}

/** Tab goes around within it. */
function around(element: HTMLElement, isBack: boolean): boolean {
  const all = [...element.querySelectorAll<HTMLElement>("button:not([tabindex='-1']), input, a, [tabindex='0']")];
  const edge = isBack ? all[0] : all.at(-1);
  if (document.activeElement !== edge) return false;
  (isBack ? all.at(-1) : all[0])?.focus();
  return true;
}

/** Below the anchor, at its end; above it, where there is no room; on narrow screens the style sheet says where. */
function put(element: HTMLElement, anchor: DOMRect): void {
  const { innerWidth, innerHeight } = globalThis;
  const { offsetWidth: width, offsetHeight: height } = element;
  const isRtl = getComputedStyle(element).direction === "rtl";
  const wanted = isRtl ? anchor.left : anchor.right - width;
  const left = Math.max(EDGE_PX, Math.min(wanted, innerWidth - width - EDGE_PX));
  const below = anchor.bottom + GAP_PX;
  const isBelow = below + height <= innerHeight - EDGE_PX || anchor.top < innerHeight / 3;
  const top = isBelow ? Math.min(below, innerHeight - height - EDGE_PX) : anchor.top - height - GAP_PX;
  element.style.setProperty("--x", `${Math.round(left)}px`);
  element.style.setProperty("--y", `${Math.round(Math.max(EDGE_PX, top))}px`);
}
