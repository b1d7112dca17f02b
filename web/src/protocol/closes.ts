/** What a closed socket means: pure, by the table of close codes in docs/protocol.md. */

export type AfterClose =
  | { readonly kind: "again"; readonly milliseconds: number }
  | { readonly kind: "renew" }
  | { readonly kind: "stop"; readonly reason: string };

export interface Closed {
  readonly code: number;
  /** Attempts since the last socket that lived for a while. */
  readonly attempt: number;
  /** What the server asked for: by a `reconnect` frame, or an error's `retry_after`. */
  readonly askedMilliseconds: number;
}

const SIGN_IN_AGAIN = 4500;
const TOO_MANY_FRAMES = 4029;
/** The server found what we sent to be no WebSocket, no UTF-8, too large or forbidden: sending it again won't help. */
const OUR_FAULT = new Set([1002, 1003, 1007, 1008, 1009, 1010, 4501]);

const FIRST_MILLISECONDS = 500;
const LONGEST_MILLISECONDS = 30_000;
const FLOOD_MILLISECONDS = 4_000;
const SLOW_START_MILLISECONDS = 2_000;

export function afterClose({ code, attempt, askedMilliseconds }: Closed, random: () => number): AfterClose {
  if (code === SIGN_IN_AGAIN) return { kind: "renew" };
  if (OUR_FAULT.has(code)) return { kind: "stop", reason: `closed with ${code}` };
  if (code >= 4500 && code <= 4999) return { kind: "stop", reason: `closed with ${code}` };
  const least = Math.max(askedMilliseconds, floor(code));
  return { kind: "again", milliseconds: Math.round(least + jitter(attempt, random)) };
}

/** From half to the whole of 0.5 s, 1 s, 2 s … 30 s: those who lost the same server come back one after the other. */
export function jitter(attempt: number, random: () => number): number {
  const longest = Math.min(LONGEST_MILLISECONDS, FIRST_MILLISECONDS * 2 ** Math.min(attempt, 10));
  return longest * (0.5 + random() / 2);
}

function floor(code: number): number {
  if (code === TOO_MANY_FRAMES) return FLOOD_MILLISECONDS;
  return code === 1011 ? SLOW_START_MILLISECONDS : 0;
}
