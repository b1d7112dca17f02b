/** Counts of unread messages and mentions never lie: whatever happens, on this device or another, in whatever order told. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Fact } from "../../src/protocol/frames";
import { Cell } from "../../src/state/cell";
import { start } from "../../src/state/slices";
import { CHANNEL, ME, ModelServer } from "./model_server";

const context = { me: ME, now: 0 };
const seq = fc.integer({ min: 1, max: 30 });
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("post" as const),
      author: fc.integer({ min: 1, max: 3 }),
      isCall: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("answer" as const), seq, isShared: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("delete" as const), seq }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("edit" as const), seq, isCall: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("mark" as const), seq: fc.integer({ min: 0, max: 30 }) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("hear" as const), count: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("told" as const) }) },
);

test("unread + mentions == a recount, by facts of two logs that overtake each other, or the page knows that it must ask", () => {
  let certain = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 15 }), fc.array(step, { maxLength: 60, size: "max" }), (before, steps) => {
      const server = new ModelServer();
      const personal: Fact[] = [];
      const cell = new Cell(CHANNEL);
      const run = (one: (typeof steps)[number], isOpen: boolean) => {
        if (one.do === "post") {
          server.post(one.author, "text", undefined, one.isCall ? { mentions: [ME] } : {});
        } else if (one.do === "answer") server.answer(2, one.seq, one.isShared ? { to_channel: true } : {});
        else if (one.do === "delete") server.delete(one.seq);
        else if (one.do === "edit") server.edit(one.seq, `text ${server.head}`, one.isCall ? [ME] : undefined);
        else if (one.do === "mark") {
          server.mark(one.seq);
          if (isOpen) personal.push(server.readFact());
        } else if (isOpen && one.do === "hear") {
          cell.hear(server.facts.slice(cell.cursor, cell.cursor + one.count), context);
        } else if (isOpen && one.do === "told") cell.hear(personal.splice(0, 1), context);
      };
      for (const one of before) run(one, false);
      cell.begin(server.channel());
      for (const one of steps) run(one, true);
      cell.hear(personal, context);
      cell.hear(server.facts.slice(cell.cursor), context);

      const { info } = cell.state!.slices;
      if (info.counts.isUncertain) cell.change((state) => start(server.channel(), state));
      else certain += 1;
      expect(cell.state!.slices.info.channel.membership).toEqual(server.channel().membership);
    }),
    { numRuns: 2_000 },
  );
  // Asking is the exception: most of the time facts are enough.
  expect(certain).toBeGreaterThan(800);
});

describe("without asking", () => {
  function opened(): { server: ModelServer; cell: Cell; hear: () => void } {
    const server = new ModelServer();
    const cell = new Cell(CHANNEL);
    cell.begin(server.channel());
    return { server, cell, hear: () => void cell.hear(server.facts.slice(cell.cursor), context) };
  }

  test("a message that comes and is deleted, or is edited to call and not to call, counts as it is", () => {
    const { server, cell, hear } = opened();
    server.post(2, "one");
    server.post(3, "two");
    hear();
    server.edit(3, "two, @me", [ME]);
    server.delete(2);
    hear();

    const { info } = cell.state!.slices;
    expect(info.counts.isUncertain).toBe(false);
    expect(info.channel.membership).toMatchObject({ unread: 1, mentions: 1 });
  });

  test("what is read elsewhere while more arrives leaves what arrived", () => {
    const { server, cell, hear } = opened();
    server.post(2, "one");
    server.mark(2);
    const told = server.readFact();
    server.post(2, "two");
    hear();
    cell.hear([told], context);

    expect(cell.state!.slices.info.counts.isUncertain).toBe(false);
    expect(cell.state!.slices.info.channel.membership).toMatchObject({ last_read_seq: 2, unread: 1 });
  });

  test("marked as unread elsewhere, it is unread here", () => {
    const { server, cell, hear } = opened();
    server.post(2, "one");
    server.post(2, "two", undefined, { mentions: [ME] });
    server.mark(3);
    hear();
    cell.hear([server.readFact()], context);
    expect(cell.state!.slices.info.channel.membership.unread).toBe(0);
    server.mark(1);
    cell.hear([server.readFact()], context);

    expect(cell.state!.slices.info.channel.membership).toMatchObject({ last_read_seq: 1, unread: 2, mentions: 1 });
  });
});
