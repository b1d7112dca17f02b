import { expect, test } from "vitest";
import { Rest } from "../../src/protocol/rest";
import type { Channel } from "../../src/protocol/wire";
import { Ai } from "../../src/state/ai";
import type { Store } from "../../src/state/store";

type Answer = () => Response;

function served(answer: Answer) {
  const asked: { path: string; body: unknown }[] = [];
  const put: Channel[] = [];
  const fetching = (async (url: unknown, init: RequestInit = {}) => {
    asked.push({ path: String(url), body: init.body ? JSON.parse(String(init.body)) : undefined });
    return answer();
  }) as typeof fetch;
  const rest = new Rest(async (mark) => ({ generation: mark + 1 }), fetching);
  const store = { put: (channel: Channel) => put.push(channel) } as unknown as Store;
  return { ai: new Ai(rest, store, () => "c1"), asked, put };
}

const refused = (status: number, code: string, headers: Record<string, string> = {}): Answer => {
  return () => Response.json({ code, detail: "why" }, { status, headers });
};

/** An answer under way: its head is there, its body never ends. */
function underWay() {
  let isLeft = false;
  const cancel = () => {
    isLeft = true;
  };
  const stream = new ReadableStream({ cancel });
  const answer = () => new Response(stream, { headers: { "Chalkline-Run-ID": "12" } });
  return { answer, left: () => isLeft };
}

test("an ask is done when it is in the log, and the answer is left to the socket", async () => {
  const { answer, left } = underWay();
  const { ai, asked } = served(answer);

  expect(await ai.ask({ channel_id: 7, client_id: "c1", text: "Why?", reply_to: 3 })).toBe(12);
  expect(asked).toEqual([
    { path: "/api/v1/ai/chat", body: { channel_id: 7, client_id: "c1", text: "Why?", reply_to: 3, stream: true } },
  ]);
  expect(left()).toBe(true);
});

test("so are going on and answering again", async () => {
  const { answer } = underWay();
  const { ai, asked } = served(answer);

  await ai.again(12, "large");
  expect(asked).toEqual([{ path: "/api/v1/ai/runs/12/regenerate", body: { model: "large", stream: true } }]);
});

test("a refusal is a fault, with the time to wait", async () => {
  const { ai } = served(refused(429, "rate_limited", { "Retry-After": "3600" }));

  await expect(ai.ask({ channel_id: 7, client_id: "c1", text: "Why?" })).rejects.toMatchObject({
    code: "rate_limited",
    retryAfterSeconds: 3600,
  });
});

test("why there is nobody to ask is known, and found out again when it is looked again", async () => {
  let answer = refused(503, "ai_unavailable");
  const { ai } = served(() => answer());

  await ai.look();
  expect(ai.models.value).toBeNull();
  expect(ai.missing.value?.code).toBe("ai_unavailable");

  answer = () => Response.json({ items: [{ id: "chalk", is_default: true }], next_cursor: null });
  await Promise.all([ai.look(), ai.look()]);
  expect(ai.models.value?.map(({ id }) => id)).toEqual(["chalk"]);
  expect(ai.missing.value).toBeNull();
});

test("what an answer drew is taken back at the path that it names", async () => {
  const { ai, asked } = served(() => Response.json({}));

  await ai.undo("/ai/runs/12/undo");
  expect(asked.map(({ path }) => path)).toEqual(["/api/v1/ai/runs/12/undo"]);
});

test("a new conversation is there at once", async () => {
  const { ai, put } = served(() => Response.json({ id: 9, kind: "ai" }));

  await ai.createConversation();
  expect(put.map(({ id }) => id)).toEqual([9]);
});
