/** What is written after a slash: run once, answered to who wrote it, and never lost by a refusal. */

import { beforeEach, expect, test, vi } from "vitest";
import { Fault, OFFLINE } from "../../src/protocol/faults";
import { commandOf, dismiss, run, runningIn } from "../../src/programs/running";
import type { Posting } from "../../src/chat/features";
import type { State } from "../../src/state";

interface Asked {
  client_id: string;
  text: string;
}

const CHANNEL = 7;
const ANSWER = { text: "Two people are here.", message: null, channel_id: null };

let asked: Asked[];
let answers: (object | Fault)[];
let ids: number;

const state = {
  commands: {
    clientId: () => `id${++ids}`,
    run: async (_channel: number, body: Asked) => {
      asked.push(body);
      const answer = answers.shift() ?? ANSWER;
      if (answer instanceof Fault) throw answer;
      return answer;
    },
  },
} as unknown as State;

const posting = (text: string, done = vi.fn()): Posting =>
  ({ channel: { id: CHANNEL }, thread: null, text, done, post: vi.fn() }) as unknown as Posting;

beforeEach(() => {
  asked = [];
  answers = [];
  ids = 0;
  dismiss(runningIn(CHANNEL, null));
});

test("a command is a name by itself: paths, numbers and slashes alone are text", () => {
  expect(commandOf("/me waves")).toBe("me");
  expect(commandOf("/TOPIC tea")).toBe("topic");
  expect(commandOf("/dnd")).toBe("dnd");
  for (const text of ["/usr/bin", "/", "/ me", "//me", "/1st", " /me", "say /me", `/${"x".repeat(33)}`]) {
    expect(commandOf(text), text).toBeNull();
  }
});

test("its answer is there, and the composer is empty", async () => {
  const done = vi.fn();
  await run(posting("/who", done), "who", state);

  expect(done).toHaveBeenCalledOnce();
  expect(runningIn(CHANNEL, null).answer.value).toBe(ANSWER.text);
  expect(runningIn(CHANNEL, null).name.value).toBe("");
});

test("a refusal says why, keeps what was written, and is over with the next try", async () => {
  answers = [new Fault("unknown_command", "")];
  const done = vi.fn();
  await run(posting("/wether Rome", done), "wether", state);

  expect(done).not.toHaveBeenCalled();
  expect(runningIn(CHANNEL, null).refusal.value?.name).toBe("wether");
  await run(posting("/who"), "who", state);
  expect(runningIn(CHANNEL, null).refusal.value).toBeNull();
});

test("one that may have been run is asked for again under the same name, and other words under another", async () => {
  answers = [new Fault(OFFLINE, "")];
  await run(posting("/me waves"), "me", state);
  await run(posting("/me waves"), "me", state);
  await run(posting("/me waves"), "me", state);

  expect(asked.map((one) => one.client_id)).toEqual(["id1", "id1", "id2"]);
});

test("one that was refused for good has a new name the next time", async () => {
  answers = [new Fault("forbidden", "")];
  await run(posting("/topic tea"), "topic", state);
  await run(posting("/topic tea"), "topic", state);

  expect(asked.map((one) => one.client_id)).toEqual(["id1", "id2"]);
});

test("while one is under way there is no second one", async () => {
  const first = run(posting("/who"), "who", state);
  await run(posting("/who"), "who", state);
  await first;

  expect(asked).toHaveLength(1);
});
