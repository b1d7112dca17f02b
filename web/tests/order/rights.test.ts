/** Who is offered to keep order, and over whom. */

import { expect, test } from "vitest";
import { keepsOrder, mayModerate, mayRestrain } from "../../src/order/rights";
import type { ChannelRole } from "../../src/protocol/wire";
import type { JoinedChannel, State } from "../../src/state";
import { ASSISTANT } from "../../src/words";

const ME = 1;
const OTHER = 2;
const ROLES: ChannelRole[] = ["member", "moderator", "owner"];

const as = (role: "admin" | "member"): State =>
  ({ session: { me: { peek: () => ({ id: ME, role }) } } }) as unknown as State;
const where = (role: ChannelRole, kind: JoinedChannel["kind"] = "channel"): JoinedChannel =>
  ({ kind, membership: { role } }) as unknown as JoinedChannel;

test("moderators, owners and admins of the server keep order in channels, and nobody does among two", () => {
  expect(ROLES.map((role) => mayModerate(where(role), as("member")))).toEqual([false, true, true]);
  expect(mayModerate(where("member"), as("admin"))).toBe(true);
  expect(mayModerate(where("owner", "direct"), as("admin"))).toBe(false);
  expect(keepsOrder(where("owner", "ai"), as("admin"))).toBe(false);
});

test("one restrains those of a lower role, an owner everybody, and nobody oneself", () => {
  const over = (own: ChannelRole) => ROLES.map((role) => mayRestrain(where(own), OTHER, role, as("member")));

  expect(over("member")).toEqual([false, false, false]);
  expect(over("moderator")).toEqual([true, false, false]);
  expect(over("owner")).toEqual([true, true, true]);
  expect(mayRestrain(where("owner"), ME, "member", as("member"))).toBe(false);
  expect(mayRestrain(where("moderator"), OTHER, undefined, as("member"))).toBe(true);
});

test("nobody restrains a program", () => {
  expect(mayRestrain(where("owner"), ASSISTANT, undefined, as("admin"))).toBe(false);
});
