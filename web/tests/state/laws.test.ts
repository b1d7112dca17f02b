/** The law of the reducers: snapshot + facts == fresh snapshot, whatever comes late, twice, early or not at all. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Message } from "../../src/protocol/wire";
import { Cell } from "../../src/state/cell";
import { merge, NEWEST, type Span, type Spans, spanAt, trim } from "../../src/state/messages";
import { type ChannelState, reduce, start } from "../../src/state/slices";
import { ME, ModelServer } from "./model_server";

const context = { me: ME, now: 0 };

const change = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("post" as const), author: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("edit" as const), seq: fc.integer({ min: 1, max: 40 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("call" as const),
      author: fc.integer({ min: 1, max: 3 }),
      mentions: fc.subarray([1, 2, 3]),
      isForAll: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("answer" as const),
      author: fc.integer({ min: 1, max: 3 }),
      thread: fc.integer({ min: 1, max: 40 }),
      isShared: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("react" as const),
      user: fc.integer({ min: 1, max: 3 }),
      seq: fc.integer({ min: 1, max: 40 }),
      emoji: fc.constantFrom("👍", "🎉"),
      isOn: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("pin" as const),
      seq: fc.integer({ min: 1, max: 40 }),
      isOn: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("delete" as const), seq: fc.integer({ min: 1, max: 40 }) }) },
  fc.record({ do: fc.constant("toggle" as const), user: fc.integer({ min: 2, max: 5 }) }),
  fc.record({ do: fc.constant("promote" as const), user: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ do: fc.constant("rename" as const), name: fc.string({ maxLength: 5 }) }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function make(server: ModelServer, one: Change): void {
  if (one.do === "post") server.post(one.author, `text ${server.head + 1}`);
  else if (one.do === "edit") server.edit(one.seq, `edited ${server.head + 1}`);
  else if (one.do === "call") {
    const broadcast = one.isForAll ? { broadcast: "channel" as const } : {};
    server.post(one.author, `text ${server.head + 1}`, undefined, { mentions: one.mentions, ...broadcast });
  } else if (one.do === "answer") {
    server.answer(one.author, one.thread, one.isShared ? { to_channel: true } : { mentions: [ME] });
  } else if (one.do === "react") server.react(one.user, one.seq, one.emoji, one.isOn);
  else if (one.do === "pin") server.pin(2, one.seq, one.isOn);
  else if (one.do === "delete") server.delete(one.seq);
  else if (one.do === "toggle") server.toggle(one.user);
  else if (one.do === "promote") server.promote(one.user);
  else server.rename(one.name);
}

/** What the client believes of its messages is what the server has, span by span. */
function holds(spans: Spans, server: ModelServer): void {
  for (const { from, to, messages } of spans) {
    const there = server.messages().filter(({ seq }) => seq >= from && seq <= to);
    expect(messages.map(unordered)).toEqual(there.map(unordered));
  }
  for (const [index, { from }] of spans.entries()) {
    if (index) expect(from).toBeGreaterThan((spans[index - 1] as Span).to + 1);
  }
}

/** The order of reactions, and of who gave them, is no promise. */
function unordered(message: Message): unknown {
  const reactions = message.reactions.map((one) => [one.emoji, one.count, [...one.user_ids].sort()]).sort();
  return { ...message, reactions };
}

const load = fc.record({
  do: fc.constant("load" as const),
  what: fc.constantFrom("newest", "before", "after", "around", "members", "channel"),
  at: fc.integer({ min: 1, max: 40 }),
});
const step = fc.oneof(
  { weight: 6, arbitrary: change },
  { weight: 3, arbitrary: load },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("read" as const), which: fc.nat(3) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("arrive" as const), which: fc.nat(5) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("hear" as const),
      from: fc.integer({ min: -5, max: 5 }),
      count: fc.integer({ min: 1, max: 10 }),
      isTurned: fc.boolean(),
    }),
  },
  fc.record({
    do: fc.constant("trim" as const),
    around: fc.integer({ min: 1, max: 40 }),
    most: fc.integer({ min: 1, max: 20 }),
  }),
);

test("snapshot + facts == fresh snapshot: with duplicates, holes, reordering, and answers that come late", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { maxLength: 20, size: "max" }),
      fc.array(step, { maxLength: 80, size: "max" }),
      async (before, steps) => {
        const server = new ModelServer();
        for (const one of before) make(server, one);
        const cell = new Cell(7);
        cell.begin(server.channel());
        /** Requests under way: each is read by the server at some time, and its answer arrives at some later one. */
        const onTheirWay: { read(): void; arrive(): Promise<void> }[] = [];

        const ask = <T>(
          answer: () => T,
          put: (state: NonNullable<Cell["state"]>, got: T) => NonNullable<Cell["state"]>,
        ) => {
          let arrive: (got: T) => void = () => {};
          const answered = new Promise<T>((resolve) => {
            arrive = resolve;
          });
          const done = cell.load(
            () => answered,
            put,
            () => context,
          );
          let got: { readonly answer: T } | undefined;
          const read = () => {
            got ??= { answer: answer() };
          };
          onTheirWay.push({
            read,
            async arrive() {
              read();
              arrive((got as { readonly answer: T }).answer);
              await done;
            },
          });
        };
        const page = (span: () => Span) =>
          ask(span, (state, got) => ({
            ...state,
            slices: { ...state.slices, messages: merge(state.slices.messages, got) },
          }));

        for (const one of steps) {
          if (one.do === "load") {
            const { what, at } = one;
            if (what === "members")
              ask(
                () => server.members(),
                (state, members) => ({ ...state, slices: { ...state.slices, members } }),
              );
            else if (what === "channel")
              ask(
                () => server.channel(),
                (state, channel) => start(channel, state),
              );
            else if (what === "newest") page(() => spanOf(server.page({ limit: 5 }), 1, NEWEST));
            else if (what === "before") page(() => spanOf(server.page({ before: at, limit: 5 }), 1, at - 1));
            else if (what === "after") {
              page(() => {
                const { items, next_cursor } = server.page({ after: at, limit: 5 });
                return {
                  from: at + 1,
                  to: next_cursor === null ? NEWEST : (items.at(-1)?.seq ?? NEWEST),
                  messages: items,
                };
              });
            } else {
              page(() => {
                const { items } = server.page({ around: at, limit: 5 });
                return {
                  from: Math.min(at, items[0]?.seq ?? at),
                  to: Math.max(at, items.at(-1)?.seq ?? at),
                  messages: items,
                };
              });
            }
          } else if (one.do === "arrive")
            await onTheirWay.splice(one.which % Math.max(1, onTheirWay.length), 1)[0]?.arrive();
          else if (one.do === "read") onTheirWay[one.which]?.read();
          else if (one.do === "hear") {
            const first = Math.max(0, cell.cursor + one.from);
            const facts = server.facts.slice(first, first + one.count);
            cell.hear(one.isTurned ? facts.reverse() : facts, context);
          } else if (one.do === "trim") {
            cell.change((state) => {
              const messages = trim(state.slices.messages, one.around, one.most, 4);
              return { ...state, slices: { ...state.slices, messages } };
            });
          } else make(server, one);
        }
        for (const one of onTheirWay) await one.arrive();
        cell.hear(server.facts, context);

        const { info, messages, members } = cell.state?.slices ?? {};
        expect(cell.cursor).toBe(server.head);
        expect(cell.hasHole).toBe(false);
        // What facts can't say of the counts is asked for, and is right then.
        if (info?.counts.isUncertain) cell.change((state) => start(server.channel(), state));
        expect(cell.state?.slices.info.channel).toEqual(server.channel());
        holds(messages ?? [], server);
        if (members) {
          const roles = (of: ReadonlyMap<number, { role: string }>) =>
            [...of].map(([id, { role }]) => [id, role]).sort();
          expect(roles(members)).toEqual(roles(server.members()));
        }
      },
    ),
    { numRuns: 500 },
  );
});

function spanOf({ items, next_cursor }: ReturnType<ModelServer["page"]>, least: number, to: number): Span {
  return { from: next_cursor === null ? least : (items[0]?.seq ?? least), to, messages: items };
}

describe("reducers", () => {
  test("a fact that comes a second time changes nothing", () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 40, size: "max" }), (changes) => {
        const server = new ModelServer();
        const state = start(server.channel());
        const live = { ...state, slices: { ...state.slices, messages: [{ from: 1, to: NEWEST, messages: [] }] } };
        for (const one of changes) make(server, one);
        const told = (so: ChannelState) => {
          let next = so;
          for (const fact of server.facts.slice(1)) next = reduce(next, fact, context);
          return next;
        };
        const all = told(live);

        const again = told(all);

        expect(again.slices.info).toEqual(all.slices.info);
        expect(again.slices.members).toEqual(all.slices.members);
        expect(again.slices.messages).toEqual(all.slices.messages);
      }),
    );
  });

  test("an unknown fact is let through: the cursor goes on", () => {
    const server = new ModelServer();
    const cell = new Cell(7);
    cell.begin(server.channel());

    cell.hear([{ type: "sketch.created", channel_id: 7, seq: 2 }], context);

    expect(cell.cursor).toBe(2);
  });

  test("one who leaves is out, and one who is deleted with the channel too", () => {
    for (const type of ["member.left", "channel.deleted"]) {
      const cell = new Cell(7);
      cell.begin(new ModelServer().channel());

      cell.hear([{ type, channel_id: 7, seq: 2, user_id: ME }], context);

      expect(cell.state?.slices.info.isGone).toBe(true);
    }
  });
});

describe("spans", () => {
  const message = (seq: number): Message => {
    const server = new ModelServer();
    server.post(2, "");
    return { ...(server.messages()[0] as Message), seq };
  };

  test("bounded, whatever one looks at, and what one looks at stays", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 100 }),
        fc.integer({ min: 2, max: 50 }),
        fc.nat(99),
        (seqs, most, which) => {
          const messages = seqs.sort((a, b) => a - b).map(message);
          const at = messages[which % messages.length] as { seq: number };

          const trimmed = trim([{ from: 1, to: NEWEST, messages }], at.seq, most, 5);

          const shown = spanAt(trimmed, at.seq);
          expect(shown?.messages.map(({ seq }) => seq)).toContain(at.seq);
          expect(trimmed.reduce((sum, span) => sum + span.messages.length, 0)).toBeLessThanOrEqual(most + 5);
        },
      ),
    );
  });
});
