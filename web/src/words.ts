/** What the page says when something goes wrong: what happened, and what one can do. */
import { OFFLINE, type Fault } from "./protocol/faults";

export const APP = "Chalkline";

/** Who answers as the AI: an author without an account (docs/protocol.md, "AI"). */
export const ASSISTANT = Number.MAX_SAFE_INTEGER - 1;

/** Who posts by webhooks and commands: an author without an account, too. A message's `via` says who it is. */
export const WEBHOOK = Number.MAX_SAFE_INTEGER - 2;

const FAULTS: Record<string, string> = {
  [OFFLINE]: "The server can’t be reached. Check your network, then try again.",
  internal: "Something went wrong on the server. Try again in a moment.",
  unavailable: "The server is busy right now. Try again in a moment.",
  rate_limited: "That was a lot at once. Wait a moment, then try again.",
  wrong_password: "That is not this channel’s password.",
  not_found: "It doesn’t exist, or it isn’t open to you.",
  too_large: "That is more than the server takes at once.",
  expired: "This message waited too long to be sent unasked.",
};

export function faultWords(fault: Pick<Fault, "code" | "detail">): string {
  return FAULTS[fault.code] ?? (fault.detail || FAULTS["internal"]!);
}

const FIELDS: Record<string, string> = {
  username: "Use 2 to 32 letters, digits, dots, dashes or underscores.",
  password: "Use at least 8 characters.",
  display_name: "Use 1 to 64 characters on one line, without spaces at the ends.",
  name: "Use 1 to 80 characters on one line, without spaces at the ends.",
  description: "Use at most 1,000 characters.",
  status: "Use at most 100 characters on one line.",
};

export function fieldWords(field: string, why: string): string {
  return FIELDS[field] ?? why;
}

const plural = new Intl.PluralRules("en");
const number = new Intl.NumberFormat(undefined);

/** "1 member", "1,204 members". */
export function count(amount: number, one: string, many = `${one}s`): string {
  return `${number.format(amount)} ${plural.select(amount) === "one" ? one : many}`;
}

/** "Alice", "Alice and Bob", "Alice, Bob and Carol". */
export function names(list: readonly string[]): string {
  return new Intl.ListFormat("en", { type: "conjunction" }).format(list);
}

export const isMac = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "");
export const MOD = isMac ? "⌘" : "Ctrl";
