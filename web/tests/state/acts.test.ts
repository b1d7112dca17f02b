/** What one does to a message shows at once, waits for a connection, and is taken back when the server refuses. */

import { expect, test } from "vitest";
import { Fault, OFFLINE } from "../../src/protocol/faults";
import type { AskFrame, OkFrame } from "../../src/protocol/frames";
import { Acts, withActs } from "../../src/state/acts";
import { edited, reacted } from "../../src/state/deeds";
import { ModelServer } from "./model_server";

class Line {
  readonly asked: AskFrame[] = [];
  cursor = 1;
  isCut = false;
  refusal: Fault | null = null;
  readonly acts = new Acts({
    ask: async (frame): Promise<OkFrame> => {
      this.asked.push(frame);
      if (this.isCut) throw new Fault(OFFLINE, "");
      if (this.refusal) throw this.refusal;
      return { type: "ok", seq: 9 };
    },
    cursor: () => this.cursor,
  });
}

function message() {
  const server = new ModelServer();
  server.post(1, "eihgt");
  return server.messages()[0]!;
}

const edit = (line: Line) =>
  line.acts.run(7, 2, { type: "message.edit", text: "eight" }, (one) => edited(one, "eight", "now"));

test("it is shown before the server has answered, and until its fact is here", async () => {
  const line = new Line();
  const done = edit(line);
  expect(withActs([message()], line.acts.of(7).value)[0]?.text).toBe("eight");

  await done;
  expect(withActs([message()], line.acts.of(7).value)[0]?.text).toBe("eight");
  line.acts.told(7, 8);
  expect(line.acts.of(7).value).toHaveLength(1);
  line.acts.told(7, 9);
  expect(line.acts.of(7).value).toHaveLength(0);
});

test("a fact that came before its answer leaves nothing over the messages", async () => {
  const line = new Line();
  line.cursor = 9;
  await edit(line);

  expect(line.acts.of(7).value).toHaveLength(0);
});

test("without a connection it waits, shown, and is asked again with the next one", async () => {
  const line = new Line();
  line.isCut = true;
  const done = edit(line);
  await Promise.resolve();
  await Promise.resolve();
  expect(line.acts.of(7).value).toHaveLength(1);

  line.isCut = false;
  line.acts.connected();
  await done;

  expect(line.asked.map(({ type, text, seq }) => ({ type, text, seq }))).toEqual([
    { type: "message.edit", text: "eight", seq: 2 },
    { type: "message.edit", text: "eight", seq: 2 },
  ]);
});

test("what the server refuses is taken back, and whoever asked is told", async () => {
  const line = new Line();
  line.refusal = new Fault("conflict", "This channel is archived.");

  await expect(edit(line)).rejects.toMatchObject({ code: "conflict" });
  expect(withActs([message()], line.acts.of(7).value)[0]?.text).toBe("eihgt");
});

test("a signed-out user's acts are asked no more", async () => {
  const line = new Line();
  line.isCut = true;
  const done = edit(line);
  await Promise.resolve();
  await Promise.resolve();
  line.acts.clear();

  await expect(done).rejects.toBeInstanceOf(Fault);
  expect(line.asked).toHaveLength(1);
});

test("who reacted is a set, and an emoji that nobody gives is gone", () => {
  const once = reacted(message(), 3, "🎉", true);
  expect(reacted(once, 3, "🎉", true)).toBe(once);
  expect(once.reactions).toEqual([{ emoji: "🎉", count: 1, user_ids: [3] }]);
  expect(reacted(once, 3, "🎉", false).reactions).toEqual([]);
});
