/** The channel one was in last, to begin there again. */

const KEY = "chalkline.last-channel";

export function rememberChannel(channelId: number): void {
  try {
    localStorage.setItem(KEY, String(channelId));
  } catch {
    // Without storage one begins at the first channel.
  }
}

export function lastChannel(): number | null {
  try {
    return Number(localStorage.getItem(KEY)) || null;
  } catch {
    return null;
  }
}
