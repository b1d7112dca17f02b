/** The tab's title and icon, with what is unread. */
import { useSignalEffect } from "@preact/signals";
import unreadIcon from "../icons/icon-unread.svg";
import { APP } from "../words";
import { route } from "./router";
import { useChalkline } from "./state";

export function useTitle(): void {
  const state = useChalkline();
  useSignalEffect(() => {
    const isIn = state.session.status.value === "signed_in";
    const calls = isIn ? state.attention.calls.value : 0;
    const unread = isIn && state.channels.unread.value + state.threads.unread.value > 0;
    const now = route.value;
    if (now.view === "shared") return; // it has a title of its own
    const channel = isIn && now.view === "channel" ? state.channels.get(now.channelId).value : undefined;
    const place = channel ? `${state.channels.title(channel)} · ${APP}` : APP;
    const timer = setTimeout(() => show(place, calls, unread), SETTLE_MS);
    return () => clearTimeout(timer);
  });
}

/** What is read as soon as it arrives was never unread to anybody who looks at the tab. */
const SETTLE_MS = 150;

/** The number is what calls for one; a dot, that there is something to read. */
function show(place: string, calls: number, isUnread: boolean): void {
  const sign = calls ? `(${calls > 99 ? "99+" : calls}) ` : isUnread ? "• " : "";
  document.title = sign + place;
  showBadge(calls, isUnread);
}

let isBadged = false;
let badge = 0;

function showBadge(calls: number, isUnread: boolean): void {
  const icon = document.querySelector<HTMLLinkElement>("link[rel=icon]");
  if (icon && isBadged !== isUnread) {
    isBadged = isUnread;
    icon.href = isBadged ? unreadIcon : "/icon.svg";
  }
  const { navigator } = globalThis;
  if (badge === calls) return;
  badge = calls;
  if ("setAppBadge" in navigator) void navigator.setAppBadge(calls).catch(() => {});
}
