/** What is said of the AI when something goes wrong or runs out: what happened, and what one can do. */
import type { Fault } from "../protocol/faults";
import type { Allowance, RunInfo } from "../protocol/wire";
import type { State } from "../state";
import { faultWords } from "../words";

const BUDGET = /^(Your|This channel's|This server's) AI budget of this (day|month)/;
const WHOSE: Record<string, string> = {
  Your: "Your",
  "This channel's": "This channel’s",
  "This server's": "This server’s",
};
const NOT_SET_UP = "The assistant isn’t set up on this server.";

export function aiWords(fault: Pick<Fault, "code" | "detail" | "retryAfterSeconds">, { session }: State): string {
  const isAdmin = session.me.peek()?.role === "admin";
  switch (fault.code) {
    case "ai_unavailable":
      return isAdmin ? fault.detail : NOT_SET_UP;
    case "ai_failed":
      return `The model’s provider can’t be reached. ${fault.detail}`;
    case "rate_limited":
      return budgetWords(fault.detail, fault.retryAfterSeconds);
    case "conflict":
    case "forbidden":
    case "not_found":
      return fault.detail;
    default:
      return faultWords(fault);
  }
}

/** When it begins anew, by the reader's own clock. */
function budgetWords(detail: string, seconds: number | null): string {
  const found = BUDGET.exec(detail);
  if (!found || seconds === null) return detail;
  const period = found[2] === "day" ? "for today" : "for this month";
  const again = momentWords(new Date(Date.now() + seconds * 1000));
  return `${WHOSE[found[1]!]} AI budget ${period} is used up. It begins anew ${again}.`;
}

/** "today at 23:00", "tomorrow at 01:00", "on 1 December at 01:00". */
export function momentWords(moment: Date, now = new Date()): string {
  const time = moment.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
  const days = Math.round((midnight(moment) - midnight(now)) / 86_400_000);
  const day =
    ["today", "tomorrow"][days] ?? `on ${moment.toLocaleDateString(undefined, { day: "numeric", month: "long" })}`;
  return `${day} at ${time}`;
}

const midnight = (moment: Date): number => new Date(moment).setHours(0, 0, 0, 0);

/** The budget that is nearest to its end; none where nothing is limited. */
export function tightest(allowances: readonly Allowance[]): { allowance: Allowance; left: number } | null {
  const limited = allowances
    .filter(({ limit }) => limit !== null)
    .map((allowance) => ({ allowance, left: left(allowance) }));
  return limited.sort((a, b) => a.left - b.left)[0] ?? null;
}

/** Of one, from 0 to 1. */
function left({ limit, prompt_tokens, completion_tokens }: Allowance): number {
  if (!limit) return 0;
  return Math.max(0, 1 - (prompt_tokens + completion_tokens) / limit);
}

export function leftWords({ allowance, left }: { allowance: Allowance; left: number }): string {
  const whose = allowance.scope === "workspace" ? "the server’s" : "your";
  const period = allowance.period === "day" ? "today" : "this month";
  if (left <= 0) return `Nothing left of ${whose} tokens ${period}`;
  return `${Math.max(1, Math.round(left * 100))} % of ${whose} tokens left ${period}`;
}

/** How an answer ended, if not as it should have. */
export function endWords({ status, detail }: RunInfo): string {
  if (status === "stopped") return "Stopped.";
  if (status === "interrupted") return "The server went away while this was being written.";
  if (status === "failed") return `The answer broke off. ${detail ?? ""}`.trim();
  return detail ?? "";
}
