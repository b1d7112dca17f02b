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
    const unread = isIn ? state.channels.unread.value : 0;
    const now = route.value;
    const channel = isIn && now.view === "channel" ? state.channels.get(now.channelId).value : undefined;
    const place = channel ? `${state.channels.title(channel)} · ${APP}` : APP;
    const timer = setTimeout(() => show(place, unread), SETTLE_MS);
    return () => clearTimeout(timer);
  });
}

/** What is read as soon as it arrives was never unread to anybody who looks at the tab. */
const SETTLE_MS = 150;

function show(place: string, unread: number): void {
  document.title = unread ? `(${unread > 99 ? "99+" : unread}) ${place}` : place;
  showBadge(unread);
}

let isBadged = false;
let badge = 0;

function showBadge(unread: number): void {
  const icon = document.querySelector<HTMLLinkElement>("link[rel=icon]");
  if (icon && isBadged !== unread > 0) {
    isBadged = unread > 0;
    icon.href = isBadged ? unreadIcon : "/icon.svg";
  }
  const { navigator } = globalThis;
  if (badge === unread) return;
  badge = unread;
  if ("setAppBadge" in navigator) void navigator.setAppBadge(unread).catch(() => {});
}
