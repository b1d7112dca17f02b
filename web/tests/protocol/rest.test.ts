import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Fault } from "../../src/protocol/faults";
import { Rest } from "../../src/protocol/rest";

type Answer = () => Response | Promise<Response>;

/** A server that gives its answers one after the other, and the last one for ever. */
function served(...answers: Answer[]) {
  const asked: { url: string; init: RequestInit }[] = [];
  const marks: number[] = [];
  let over: Fault | null = null;
  const fetching = (async (url: unknown, init: RequestInit = {}) => {
    asked.push({ url: String(url), init });
    return (answers.length > 1 ? answers.shift() : answers[0])?.();
  }) as typeof fetch;
  const rest = new Rest(async (mark) => {
    marks.push(mark);
    if (over) throw over;
    return { generation: mark + 1 };
  }, fetching);
  return { rest, asked, marks, end: (fault: Fault) => (over = fault) };
}

function problem(status: number, code: string, headers: Record<string, string> = {}, more: object = {}): Answer {
  const body = { type: "", title: "", status, code, detail: "why", request_id: "r", ...more };
  return () => Response.json(body, { status, headers: { "Content-Type": "application/problem+json", ...headers } });
}

const fine: Answer = () => Response.json({ fine: true });

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("a problem is a fault with the code, the words and the fields of it", async () => {
  const { rest } = served(problem(422, "invalid", {}, { fields: { name: "too long" } }));

  await expect(rest.ask("POST", "/channels", { body: {} })).rejects.toMatchObject({
    code: "invalid",
    detail: "why",
    status: 422,
    fields: { name: "too long" },
  });
});

test.each([
  [502, "unavailable"],
  [429, "rate_limited"],
  [418, "internal"],
])("a proxy's own %i page is a fault too: %s", async (status, code) => {
  const { rest } = served(() => new Response("<h1>No</h1>", { status }));

  await expect(rest.ask("POST", "/channels", { body: {} })).rejects.toMatchObject({ code, status });
});

test("no answer: offline", async () => {
  const { rest } = served(() => Promise.reject(new TypeError("no network")));

  await expect(rest.get("/users/me")).rejects.toMatchObject({ code: "offline", status: 0 });
});

test("no content: nothing, and no fault", async () => {
  const { rest } = served(() => new Response(null, { status: 204 }));

  expect(await rest.ask("POST", "/auth/logout")).toBeUndefined();
});

describe("401", () => {
  test("the session is renewed, and the request made again", async () => {
    const { rest, asked, marks } = served(problem(401, "unauthenticated"), fine);

    expect(await rest.ask("POST", "/channels", { body: { name: "a" } })).toEqual({ fine: true });
    expect(marks).toEqual([0]);
    expect(asked.map(({ init }) => init.body)).toEqual(['{"name":"a"}', '{"name":"a"}']);
  });

  test("renewed by another tab a moment ago, and yet refused: renewed once more, then given up", async () => {
    const { rest, asked, marks } = served(problem(401, "unauthenticated"));

    await expect(rest.get("/users/me")).rejects.toMatchObject({ code: "unauthenticated" });
    expect(marks).toEqual([0, 1]);
    expect(asked).toHaveLength(3);
  });

  test("while one signs in it is the answer", async () => {
    const { rest, asked, marks } = served(problem(401, "unauthenticated"));

    await expect(rest.ask("POST", "/auth/login", { body: {}, isSigningIn: true })).rejects.toMatchObject({
      status: 401,
    });
    expect(marks).toEqual([]);
    expect(asked).toHaveLength(1);
  });

  test("a session that is over", async () => {
    const { rest, asked, end } = served(problem(401, "unauthenticated"));
    end(new Fault("unauthenticated", "over"));

    await expect(rest.get("/users/me")).rejects.toMatchObject({ detail: "over" });
    expect(asked).toHaveLength(1);
  });
});

describe("Retry-After", () => {
  test("a short one is waited for, not less", async () => {
    const { rest, asked } = served(problem(503, "unavailable", { "Retry-After": "2" }), fine);
    const answer = rest.get("/channels");

    await vi.advanceTimersByTimeAsync(1_900);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);

    expect(await answer).toEqual({ fine: true });
  });

  test("a long one is told", async () => {
    const { rest, asked } = served(problem(429, "rate_limited", { "Retry-After": "60" }));

    await expect(rest.get("/channels")).rejects.toMatchObject({ code: "rate_limited", retryAfterSeconds: 60 });
    expect(asked).toHaveLength(1);
  });

  test("what changes something is never sent again by itself", async () => {
    const { rest, asked } = served(problem(503, "unavailable", { "Retry-After": "0" }));

    await expect(rest.ask("POST", "/channels", { body: {} })).rejects.toMatchObject({ code: "unavailable" });
    expect(asked).toHaveLength(1);
  });
});

test("parameters that are empty or unknown are left out", async () => {
  const { rest, asked } = served(fine);
  await rest.get("/channels", { scope: "all", q: "", cursor: null, limit: 50, at: undefined });

  expect(asked[0]?.url).toBe("/api/v1/channels?scope=all&limit=50");
});
