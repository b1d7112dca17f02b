import { describe, expect, test } from "vitest";
import { changes } from "../../src/ai/announcing";
import { asksByWords, withoutCommand } from "../../src/ai/commands";
import { drawWords } from "../../src/ai/draw";
import { toolWords } from "../../src/ai/tools";
import { aiWords, leftWords, momentWords, tightest } from "../../src/ai/words";
import type { Allowance, RunInfo, Sketch } from "../../src/protocol/wire";
import type { Row, State } from "../../src/state";

const reader = (role: "admin" | "member") => ({ session: { me: { peek: () => ({ role }) } } }) as unknown as State;
const fault = (code: string, detail: string, retryAfterSeconds: number | null = null) => ({
  code,
  detail,
  retryAfterSeconds,
});

describe("asking by words", () => {
  test.each([
    ["/ask what is chalk?", true],
    ["  /ASK\nwhat", true],
    ["/asking for a friend", false],
    ["please /ask", false],
    ["@assistant what is chalk?", true],
    ["what does @Assistant say?", true],
    ["- one\n- **@assistant** two", true],
    ["@assistants are many", false],
    ["write to me@assistant.example", false],
    ["`@assistant` is its name", false],
    ["```\n@assistant\n```", false],
  ])("%j", (text, asks) => {
    expect(asksByWords(text)).toBe(asks);
  });

  test("the command goes, the question stays", () => {
    expect(withoutCommand("/ask  what is\nchalk?")).toBe("what is\nchalk?");
    expect(withoutCommand("/ask")).toBe("");
    expect(withoutCommand("what is /ask?")).toBe("what is /ask?");
  });
});

describe("what went wrong", () => {
  test("who runs the server is told what to set, others that there is nothing", () => {
    const missing = fault("ai_unavailable", "Set CHALKLINE_AI_BASE_URL.");

    expect(aiWords(missing, reader("admin"))).toContain("CHALKLINE_AI_BASE_URL");
    expect(aiWords(missing, reader("member"))).not.toContain("CHALKLINE");
  });

  test("a budget that is used up says whose, and when it begins anew by one's own clock", () => {
    const detail = "This channel's AI budget of this month is used up. It begins anew at 2026-12-01T00:00:00Z.";
    const words = aiWords(fault("rate_limited", detail, 40 * 86_400), reader("member"));

    expect(words).toContain("This channel’s AI budget for this month is used up");
    expect(words).toMatch(/begins anew on .*\d/);
    expect(words).not.toContain("T00:00:00Z");
  });

  test("other limits are told in the server's words", () => {
    const busy = "You have 3 answers under way: wait for one, or stop it.";

    expect(aiWords(fault("rate_limited", busy, 5), reader("member"))).toBe(busy);
  });

  test("a moment is today, tomorrow, or a day", () => {
    const now = new Date(2026, 10, 20, 23, 30);

    expect(momentWords(new Date(2026, 10, 20, 23, 59), now)).toMatch(/^today at /);
    expect(momentWords(new Date(2026, 10, 21, 1), now)).toMatch(/^tomorrow at /);
    expect(momentWords(new Date(2026, 11, 1), now)).toMatch(/^on .*1/);
  });
});

describe("what is left", () => {
  const allowance = (limit: number | null, used: number): Allowance => ({
    scope: "user",
    period: "day",
    prompt_tokens: used,
    completion_tokens: 0,
    cost: 0,
    limit,
    resets_at: "2026-11-21T00:00:00Z",
  });

  test("nothing is said where nothing is limited, else the budget nearest to its end", () => {
    expect(tightest([allowance(null, 5)])).toBeNull();
    expect(tightest([allowance(100, 10), allowance(null, 0), allowance(50, 40)])?.left).toBeCloseTo(0.2);
  });

  test.each([
    [allowance(100, 62), "38 % of your tokens left today"],
    [allowance(1000, 999), "1 % of your tokens left today"],
    [allowance(100, 130), "Nothing left of your tokens today"],
    [
      { ...allowance(0, 0), scope: "workspace" as const, period: "month" as const },
      "Nothing left of the server’s tokens this month",
    ],
  ])("%#", (one, words) => {
    expect(leftWords(tightest([one])!)).toBe(words);
  });
});

describe("what screen readers hear", () => {
  const row = (status: RunInfo["status"], text = ""): Row =>
    ({
      key: "seq 3",
      message: { seq: 3, text, ai: { run_id: 1, status, model: "m", asked_by: 1 } },
      pending: null,
    }) as unknown as Row;

  test("the beginning and the end, and no word between", () => {
    expect(changes(new Map(), [row("running")])).toEqual(["The assistant is answering"]);
    expect(changes(new Map([[3, "running"]]), [row("running", "some **words**")])).toEqual([]);
    expect(changes(new Map([[3, "running"]]), [row("done", "some **words**")])).toEqual(["Assistant: some words"]);
    expect(changes(new Map([[3, "running"]]), [row("stopped", "half")])).toEqual(["Assistant: half Stopped."]);
  });

  test("nothing of what was there, or was only loaded", () => {
    expect(changes(null, [row("running")])).toEqual([]);
    expect(changes(new Map(), [row("done", "old")])).toEqual([]);
    expect(changes(new Map([[3, "done"]]), [row("done", "old")])).toEqual([]);
  });

  test("an answer that goes on begins again", () => {
    expect(changes(new Map([[3, "stopped"]]), [row("running", "half")])).toEqual(["The assistant is answering"]);
  });
});

test("a tool that nobody knows is called by its name, and one that was refused says so", () => {
  const tool = { arguments: "", writes: false, undo: null, undone: false };

  expect(toolWords({ ...tool, name: "search_history", is_ok: true })).toBe("Searched the channel");
  expect(toolWords({ ...tool, name: "paint_the_town", is_ok: false })).toBe("Paint the town: refused");
  expect(toolWords({ ...tool, name: "", is_ok: true })).toBe("Tool");
});

test("a sketch is named by a link that its title can't break", () => {
  const sketch = { id: 3, channel_id: 7, title: "a](https://evil.example)[b" } as Sketch;

  expect(drawWords(sketch, "A box", "https://chalk.example")).toBe(
    "On sketch 3, [a (https://evil.example) b](https://chalk.example/c/7/sketches/3): A box",
  );
});
